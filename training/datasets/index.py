"""A folder with ``index.csv`` and the images, loose or in ZIP archives: the adapter for "a folder and a CSV".

Columns: ``image, dataset, split, labels, labels_negative, patient_id, age, width, height, use, note`` and, where it is
known, ``boxes``, ``sex`` (F, M) and ``view`` (PA, AP); others are ignored. ``labels`` and ``labels_negative`` are names
joined by ``|``; a finding in neither is unknown. ``split`` is train, val or test, by patient. ``use`` is "open" where a
network trained on the row may be used freely.
"""

import csv
import json
import sys
from pathlib import Path
from typing import cast, get_args
from zipfile import ZipFile

from training.datasets.example import Box, Example, Split

#: Years; the reader is not meant for younger patients.
ADULT_AGE = 15

#: Data sets of children only. Their labels are left out: "child" and "pneumonia" are the same rows, and a network
#: that learned both from them would see pneumonia in every small chest. They teach the gate what a child is.
CHILDREN = frozenset({"Kermany pediatric pneumonia"})

#: Labels that do not make a radiograph abnormal.
NOT_DISEASE = frozenset({"Support Devices"})


def load(folder: Path, *, open_only: bool = True) -> list[Example]:
    """All rows of ``folder / "index.csv"`` whose image is there, in the order of the file.

    Raises:
        FileNotFoundError: if there is no index.
    """
    containers = _containers(folder)
    csv.field_size_limit(sys.maxsize)
    with (folder / "index.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["use"] == "open" or not open_only]
    return [_example(row, containers[row["image"]]) for row in rows if row["image"] in containers]


def _containers(folder: Path) -> dict[str, Path]:
    """Image's name to the archive or the folder that holds it."""
    found = {
        str(path.relative_to(folder)): folder
        for path in folder.rglob("*")
        if path.suffix in {".webp", ".png", ".jpg", ".dcm"}
    }
    for archive in sorted(folder.glob("images*.zip")):
        with ZipFile(archive) as opened:
            found.update(dict.fromkeys(opened.namelist(), archive))
    return found


def _example(row: dict[str, str], container: Path) -> Example:
    if row["split"] not in get_args(Split):
        msg = f"Column split must be one of {', '.join(get_args(Split))}, not '{row['split']}' (image {row['image']})."
        raise ValueError(msg)
    age = _age(row["age"])
    return Example(
        image=row["image"],
        container=container,
        source=row["dataset"],
        split=cast("Split", row["split"]),
        patient=row["patient_id"] or row["image"],
        labels={} if row["dataset"] in CHILDREN else _labels(row),
        child=_child(row, age),
        shape=(int(row["height"]), int(row["width"])),
        disputed="CONFLICT" in row["note"],
        sex=row.get("sex") or "",
        age=age,
        view=row.get("view") or "",
        boxes=_boxes(row.get("boxes") or "[]"),
    )


def _boxes(column: str) -> dict[str, tuple[Box, ...]]:
    """From JSON ``[{"label", "x", "y", "w", "h"}]``."""
    boxes: dict[str, tuple[Box, ...]] = {}
    for entry in json.loads(column):
        box = Box(*(float(entry[side]) for side in ("x", "y", "w", "h")))
        boxes[entry["label"]] = (*boxes.get(entry["label"], ()), box)
    return boxes


def _labels(row: dict[str, str]) -> dict[str, bool]:
    present = set(filter(None, row["labels"].split("|")))
    absent = set(filter(None, row["labels_negative"].split("|"))) - present
    labels = dict.fromkeys(sorted(absent), False) | dict.fromkeys(sorted(present), True)
    no_finding = labels.pop("No Finding", None)
    if no_finding is not None:
        return labels | {"Abnormal": not no_finding}
    seen = present - NOT_DISEASE
    return labels | {"Abnormal": True} if seen else labels


def _age(column: str) -> float | None:
    try:
        return float(column)
    except ValueError:  # empty, or a note that it is not known
        return None


def _child(row: dict[str, str], age: float | None) -> bool | None:
    if row["dataset"] in CHILDREN:
        return True
    return None if age is None else age < ADULT_AGE
