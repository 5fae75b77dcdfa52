"""The shipped reader over every synthetic sample: outcome, corrections, and heatmaps on the stored grid."""

import json
from pathlib import Path
from typing import Any

import pytest

import data_samples
from model import NotReadable, Radiograph, Reader
from model.heatmaps import on_radiograph

FOLDER = Path(data_samples.__file__).parent
EXPECTED: list[dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
READ = [expected for expected in EXPECTED if expected["outcome"] == "read"]
REFUSED = [expected for expected in EXPECTED if expected["outcome"] == "refused"]


def named(expected: dict[str, Any]) -> str:
    return str(expected["file"])


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


def radiograph(expected: dict[str, Any]) -> Radiograph:
    return Radiograph.from_dicom((FOLDER / expected["file"]).read_bytes())


@pytest.mark.parametrize("expected", READ, ids=named)
def test_read(reader: Reader, expected: dict[str, Any]) -> None:
    reading = reader.read(radiograph(expected))
    stored = expected["stored"]
    said = " ".join(reading.gate.corrections)
    assert ("turned by" in said) == (stored["quarter_turns"] != 0)
    assert ("mirrored" in said) == stored["mirrored"]
    assert ("inverted" in said) == stored["wrongly_inverted"]
    for heatmap in reading.heatmaps.values():
        assert on_radiograph(heatmap).shape == (expected["rows"], expected["columns"])


@pytest.mark.parametrize("expected", REFUSED, ids=named)
def test_refused(reader: Reader, expected: dict[str, Any]) -> None:
    with pytest.raises(NotReadable) as refused:
        reader.read(radiograph(expected))
    assert refused.value.code == expected["refusal"]
