import csv
import json
from pathlib import Path
from zipfile import ZipFile

import cv2
import numpy as np
import pytest

from training.datasets import index
from training.datasets.example import Box, targets

ROW = {
    "image": "a.png", "dataset": "NIH ChestX-ray14", "split": "train", "labels": "", "labels_negative": "",
    "patient_id": "p1", "age": "50", "width": "8", "height": "8", "use": "open", "note": "",
}  # fmt: skip


def folder_with(tmp_path: Path, *rows: dict[str, str], archive: bool = False) -> Path:
    with (tmp_path / "index.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(ROW))
        writer.writeheader()
        writer.writerows({**ROW, **row} for row in rows)
    png = cv2.imencode(".png", np.full((8, 8), 7, np.uint8))[1].tobytes()
    for name in {{**ROW, **row}["image"] for row in rows}:
        if archive:
            with ZipFile(tmp_path / "images-00.zip", "a") as opened:
                opened.writestr(name, png)
        else:
            (tmp_path / name).write_bytes(png)
    return tmp_path


@pytest.mark.parametrize(
    ("labels", "negative", "expected"),
    [
        ("Mass", "Nodule", {"Mass": True, "Nodule": False, "Abnormal": True}),
        ("No Finding", "Mass", {"Mass": False, "Abnormal": False}),
        ("Tuberculosis", "No Finding", {"Tuberculosis": True, "Abnormal": True}),
        # A finding in neither list stays unknown; a device makes nobody ill.
        ("Support Devices", "", {"Support Devices": True}),
        ("", "Mass", {"Mass": False}),
        # Said both ways: present counts.
        ("Mass", "Mass", {"Mass": True, "Abnormal": True}),
    ],
)
def test_labels(tmp_path: Path, labels: str, negative: str, expected: dict[str, bool]) -> None:
    (example,) = index.load(folder_with(tmp_path, {"labels": labels, "labels_negative": negative}))
    assert example.labels == expected


@pytest.mark.parametrize(
    ("dataset", "age", "child"),
    [
        ("NIH ChestX-ray14", "14", True),
        ("NIH ChestX-ray14", "15", False),
        ("NIH ChestX-ray14", "", None),
        ("NIH ChestX-ray14", "?", None),
        ("Kermany pediatric pneumonia", "", True),
    ],
)
def test_child(tmp_path: Path, dataset: str, age: str, child: bool | None) -> None:
    (example,) = index.load(folder_with(tmp_path, {"dataset": dataset, "age": age}))
    assert example.child is child


def test_labels_of_children_are_left_out(tmp_path: Path) -> None:
    (example,) = index.load(folder_with(tmp_path, {"dataset": "Kermany pediatric pneumonia", "labels": "Pneumonia"}))
    assert example.labels == {}


def test_research_rows_only_when_asked_for(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, {"image": "a.png"}, {"image": "b.png", "use": "research"})
    assert [example.image for example in index.load(folder)] == ["a.png"]
    assert [example.image for example in index.load(folder, open_only=False)] == ["a.png", "b.png"]


def test_unknown_split_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="split must be one of train, val, test, not 'dev'"):
        index.load(folder_with(tmp_path, {"split": "dev"}))


@pytest.mark.parametrize("archive", [False, True])
def test_pixels_from_a_folder_or_an_archive(tmp_path: Path, archive: bool) -> None:
    (example,) = index.load(folder_with(tmp_path, {}, archive=archive))
    assert (example.pixels() == 7).all()


def test_boxes_are_kept_by_what_they_are_around(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, {})
    (without,) = index.load(folder)
    assert without.boxes == {}
    boxes = [{"label": "Mass", "x": 1, "y": 2, "w": 3, "h": 4.5}, {"label": "Mass", "x": 5, "y": 5, "w": 1, "h": 1}]
    text = (folder / "index.csv").read_text().splitlines()
    quoted = json.dumps(boxes).replace('"', '""')
    (folder / "index.csv").write_text(f'{text[0]},boxes\n{text[1]},"{quoted}"\n')
    (example,) = index.load(folder)
    assert example.boxes == {"Mass": (Box(1, 2, 3, 4.5), Box(5, 5, 1, 1))}
    # The upper left corner is inside, the lower right one is not.
    assert example.boxes["Mass"][0].holds(2, 1)
    assert not example.boxes["Mass"][0].holds(6.5, 4)


def test_targets_keep_the_three_states(tmp_path: Path) -> None:
    (example,) = index.load(folder_with(tmp_path, {"labels": "Mass", "labels_negative": "Nodule"}))
    np.testing.assert_array_equal(targets(example, ("Mass", "Nodule", "Hernia")), [1, 0, np.nan])
