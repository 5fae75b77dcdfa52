"""Every file of the packages ``pydicom`` and ``pydicom-data``, and of a folder of real files where it is there, gives
the outcome that ``outcomes.csv`` says. Column ``decoded``: ``read`` for a decoded radiograph, or the code of its
refusal; column ``reading``: the same after the reader that ships has looked at it.

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
from model.reader import Reader

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


def decoded(path: Path) -> str:
    try:
        Radiograph.from_bytes(path.read_bytes())
    except NotReadable as refused:
        return refused.code.value
    return "read"


def reading(path: Path, reader: Reader) -> str:
    try:
        reader.read(Radiograph.from_bytes(path.read_bytes()))
    except NotReadable as refused:
        return refused.code.value
    return "read"


def present(row: dict[str, str]) -> Path:
    name, _, rest = row["file"].partition("/")
    path = FOLDERS[name] / rest
    if not path.exists():
        pytest.skip(f"{row['file']} is not on this machine")
    return path


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_decoded(row: dict[str, str]) -> None:
    assert decoded(present(row)) == row["decoded"]


DECODED = [row for row in ROWS if row["decoded"] == "read"]


@pytest.mark.parametrize("row", DECODED, ids=[row["file"] for row in DECODED])
def test_reading(row: dict[str, str], reader: Reader) -> None:
    assert reading(present(row), reader) == row["reading"]


def test_what_is_not_decoded_is_not_read() -> None:
    assert all(row["reading"] == row["decoded"] for row in ROWS if row["decoded"] != "read")


@pytest.mark.skipif(pydicom.__version__ != "3.0.2", reason="the table lists the files that pydicom 3.0.2 brings")
def test_every_file_has_a_row() -> None:
    assert {name for name, _ in files()} <= {row["file"] for row in ROWS}


def test_the_table_says_something() -> None:
    assert {row["decoded"] for row in ROWS} >= {"read", "not-radiograph", "not-chest", "not-dicom", "corrupt"}


if __name__ == "__main__":
    shipped = Reader.load()
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["file", "decoded", "reading"])
    table.writerows([name, decoded(path), reading(path, shipped)] for name, path in files())
