"""Orthanc with its DICOMweb plugin, looked at by the same checks, as a program: it runs in a network namespace of its
own, since Orthanc listens on every address. Prints one JSON object: its version, and the summary.
"""

import json
import sys
import tempfile
from pathlib import Path

from tests.conformance.suite import look_at, summary
from tests.serving.orthanc import Orthanc


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hilum-orthanc-") as folder, Orthanc(Path(folder)) as orthanc:
        found = summary(look_at(orthanc.dicom_web, orthanc.revive))
        print(json.dumps({"version": orthanc.version, "ended_by_itself": orthanc.ended_by_itself, **found}))


if __name__ == "__main__":
    sys.exit(main())
