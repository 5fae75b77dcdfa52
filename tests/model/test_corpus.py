"""Every file of the packages ``pydicom`` and ``pydicom-data``, and of a folder of real files where it is there, gives
the outcome that ``outcomes.csv`` says: ``read`` for a decoded radiograph, or the code of its refusal.

``python -m tests.model.test_corpus`` prints the table anew: look at every row that changes.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import data_store
import pydicom
import pytest

from model.errors import NotReadable
from model.radiograph import Radiograph

TABLE = Path(__file__).parent / "outcomes.csv"
FOLDERS = {
    "pydicom": Path(pydicom.__file__).parent / "data",
    "pydicom-data": Path(data_store.__file__).parent / "data",
    "real": Path(__file__).parents[3] / "shared" / "dicom",
}
#: Code, its caches and notes that lie among the files; and what pydicom keeps its downloads by.
NOT_INPUT = {".py", ".pyc", ".md", ".csv"}

ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


def files() -> Iterator[tuple[str, Path]]:
    """Each file's name in the table, and where it lies."""
    for name, folder in FOLDERS.items():
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix not in NOT_INPUT:
                yield f"{name}/{path.relative_to(folder).as_posix()}", path


def outcome(path: Path) -> str:
    try:
        Radiograph.from_bytes(path.read_bytes())
    except NotReadable as refused:
        return refused.code.value
    return "read"


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_outcome(row: dict[str, str]) -> None:
    name, _, rest = row["file"].partition("/")
    path = FOLDERS[name] / rest
    if not path.exists():
        pytest.skip(f"{row['file']} is not on this machine")
    assert outcome(path) == row["decoded"]


@pytest.mark.skipif(pydicom.__version__ != "3.0.2", reason="the table lists the files that pydicom 3.0.2 brings")
def test_every_file_has_a_row() -> None:
    assert {name for name, _ in files()} <= {row["file"] for row in ROWS}


def test_the_table_says_something() -> None:
    assert {row["decoded"] for row in ROWS} >= {"read", "not-radiograph", "not-chest", "not-dicom", "corrupt"}


if __name__ == "__main__":
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["file", "decoded"])
    table.writerows([name, outcome(path)] for name, path in files())
