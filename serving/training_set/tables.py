"""The tables of a training set: `index.csv` is what `hilum train` reads; the others say the same to other tools."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.findings import FINDINGS
from serving.training_set.said import Said

_INDEX = (
    "image", "dataset", "split", "labels", "labels_negative", "patient_id", "age", "width", "height", "use", "boxes",
    "note",
)  # fmt: skip
_PROVENANCE = (
    "image",
    "reader",
    "state",
    "review_number",
    "reviewer_role",
    "burned_in_annotation",
    "findings_in_own_words",
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One radiograph of the set."""

    image: str
    split: str
    patient: str
    age: float | None
    #: Rows and columns.
    shape: tuple[int, int]
    said: Said
    reader: str
    #: read, refused or failed: of the reading that was reviewed.
    state: str
    review_number: int
    reviewer_role: str
    burned_in_annotation: str


def write_tables(folder: Path, rows: Sequence[Row], dataset: str) -> None:
    """index.csv, labels.csv (1, 0, blank: unknown), boxes.csv and provenance.csv."""
    _write(folder / "index.csv", _INDEX, (_index(row, dataset) for row in rows))
    names = list(FINDINGS)
    _write(folder / "labels.csv", ["image", *names], ({"image": row.image} | _labels(row) for row in rows))
    _write(
        folder / "boxes.csv",
        ["image", "finding", "x", "y", "width", "height"],
        (box for row in rows for box in _boxes(row)),
    )
    _write(folder / "provenance.csv", _PROVENANCE, (_provenance(row) for row in rows))


def _index(row: Row, dataset: str) -> dict[str, Any]:
    rows, columns = row.shape
    labels = row.said.labels
    boxes = [{"label": name, "x": x, "y": y, "w": width, "h": height} for name, x, y, width, height in row.said.boxes]
    return {
        "image": row.image,
        "dataset": dataset,
        "split": row.split,
        "labels": "|".join(name for name, present in labels.items() if present),
        "labels_negative": "|".join(name for name, present in labels.items() if not present),
        "patient_id": row.patient,
        "age": "" if row.age is None else int(row.age),
        "width": columns,
        "height": rows,
        # Whether a network that learned from patients may be given away is not for us to say.
        "use": "own",
        "boxes": json.dumps(boxes),
        "note": "",
    }


def _labels(row: Row) -> dict[str, int]:
    return {name: int(present) for name, present in row.said.labels.items()}


def _boxes(row: Row) -> list[dict[str, Any]]:
    return [
        {"image": row.image, "finding": name, "x": x, "y": y, "width": width, "height": height}
        for name, x, y, width, height in row.said.boxes
    ]


def _provenance(row: Row) -> dict[str, Any]:
    return {
        "image": row.image,
        "reader": row.reader,
        "state": row.state,
        "review_number": row.review_number,
        "reviewer_role": row.reviewer_role,
        "burned_in_annotation": row.burned_in_annotation,
        "findings_in_own_words": row.said.own_words,
    }


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
