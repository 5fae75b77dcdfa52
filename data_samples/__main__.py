"""``python -m data_samples`` makes every sample again; ``--check`` compares with the files that are there."""

import argparse
import sys
import tempfile
from pathlib import Path

from data_samples.catalogue import SAMPLES
from data_samples.writing import CONTACT_SHEET, write_all

HERE = Path(__file__).parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m data_samples", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="samples to make; all of them if none is named")
    parser.add_argument("--into", type=Path, default=HERE, help="the folder to write to (default: data_samples)")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a file would change")
    arguments = parser.parse_args()
    chosen = [sample for sample in SAMPLES if not arguments.names or sample.name in arguments.names]
    if not arguments.check:
        write_all(chosen, arguments.into)
        if arguments.into == HERE and not arguments.names:
            (HERE / CONTACT_SHEET).replace(HERE.parent / "docs" / "images" / "data_samples.jpg")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        write_all(chosen, Path(folder))
        changed = [made.name for made in sorted(Path(folder).glob("*.dcm")) if not _same(made, HERE / made.name)]
    for name in changed:
        print(f"{name} would change")
    return 1 if changed else 0


def _same(made: Path, kept: Path) -> bool:
    return kept.exists() and made.read_bytes() == kept.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
