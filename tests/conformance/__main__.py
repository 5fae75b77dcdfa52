"""`python -m tests.conformance URL [--json]`: what a DICOMweb server at URL does of PS3.18, check by check.

It stores a few synthetic studies there. URL is the base, such as http://127.0.0.1:8000/dicom-web.
"""

import argparse
import json
import sys

from tests.conformance.suite import look_at, summary, table


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("url", help="base URL of the DICOMweb service")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    chosen = parser.parse_args()
    found = look_at(chosen.url)
    print(json.dumps(summary(found)) if chosen.json else table(found))
    return 1 if any(one.failure for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
