"""Boxes in pictures that are all one grey: where a heatmap points is decided by a stub."""

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("sklearn", reason="needs the extra [train]")

from model.placement import Placement
from model.radiograph import Radiograph
from tests import chests, fakes
from training.datasets.example import Box, Example
from training.metrics import Estimate
from training.places import GRID, Pointing, Quality, covered, overlaps, point, record, usual_place
from training.sided import Sides, side, sides, verdict

ROWS, COLUMNS = 40, 80


@dataclass
class StubLook:
    name: str


def flat(_: Example) -> NDArray[np.float32]:
    """A Grad-CAM that is highest in the upper left cell."""
    maps = np.zeros((2, 2, 2), np.float32)
    maps[:, 0, 0] = 1
    return maps


class StubManifest:
    findings = (StubLook("Mass"), StubLook("Nodule"))


@dataclass
class StubSeen:
    maps: NDArray[np.float32]
    placement: Placement
    anatomy: NDArray[np.float32] | None


class StubReader:
    """Its heatmap of Mass is highest in the upper right cell of 4 x 4, that of Nodule in the lower left one."""

    manifest = StubManifest()

    def look(self, radiograph: Radiograph) -> StubSeen:
        maps = np.zeros((2, 4, 4), dtype=np.float32)
        maps[0, 0, 3] = maps[1, 3, 0] = 1
        rows, columns = radiograph.pixels.shape
        return StubSeen(maps, Placement(rows=rows, columns=columns, size=128), chests.logits())


@pytest.fixture
def example(tmp_path: Path) -> Example:
    cv2.imwrite(str(tmp_path / "grey.png"), np.full((ROWS, COLUMNS), 9, np.uint8))
    return Example(
        image="grey.png", container=tmp_path, source="S", split="val", patient="p", labels={}, child=False,
        shape=(ROWS, COLUMNS),
    )  # fmt: skip


UPPER_RIGHT = Box(COLUMNS / 2, 0, COLUMNS / 2, ROWS / 2)
LOWER_LEFT = Box(0, ROWS / 2, COLUMNS / 2, ROWS / 2)


def test_a_hit_is_a_peak_in_a_box(example: Example) -> None:
    # Mass points to the upper right: three of five boxes are there. Those of the training split are all lower left.
    boxes = [UPPER_RIGHT] * 3 + [LOWER_LEFT] * 2
    boxed = [replace(example, patient=str(i), boxes={"Mass": (box,)}) for i, box in enumerate(boxes)]
    known = replace(example, split="train", boxes={"Mass": (LOWER_LEFT,)})
    (found,) = point(StubReader(), flat, [*boxed, known], "val")  # type: ignore[arg-type]
    assert (found.finding, found.boxed, found.images) == ("Mass", "Mass", 5)
    hits = found.heatmap.hits
    assert hits.value == pytest.approx(3 / 5)
    assert hits.low < 3 / 5 < hits.high
    assert found.grad_cam.hits.value == 0
    assert found.lung_centre == pytest.approx(3 / 5)  # of the patient's left lung
    assert found.usual_place == pytest.approx(2 / 5)


def test_the_usual_place_is_what_most_boxes_cover(example: Example) -> None:
    corner = Box(0, ROWS * 0.9, COLUMNS * 0.1, ROWS * 0.1)
    boxed = [replace(example, boxes={"Mass": (box,)}) for box in (UPPER_RIGHT, LOWER_LEFT, corner)]
    row, column = usual_place([covered(each, "Mass") for each in boxed])
    assert row >= 0.9 - 1 / GRID
    assert column < 0.1


def test_the_overlap_is_that_of_the_best_threshold() -> None:
    left = np.zeros((GRID, GRID), bool)
    left[:, : GRID // 2] = True
    # One heatmap says it at 2, the other at 5 with some of the right at 1.5: above 1.6 both are right.
    maps = [np.where(left, np.float32(2), np.float32(0)), np.where(left, np.float32(5), np.float32(1.5))]
    np.testing.assert_allclose(overlaps(maps, [left, left]), 1)
    # Of one whose boxes are on the other side: above 0 all of it is taken, half of which is right.
    np.testing.assert_allclose(overlaps(maps, [left, ~left]), [1, 1 / 2])


NEVER = Estimate(0, 0, 0)


def quality(hits: Estimate) -> Quality:
    return Quality(hits, NEVER)


def test_sides_are_compared_with_boxes_on_one_side_of_the_picture(example: Example) -> None:
    boxed = [
        replace(example, boxes={"Nodule": (LOWER_LEFT,)}),
        replace(example, boxes={"Nodule": (UPPER_RIGHT,)}),
        replace(example, boxes={"Nodule": (UPPER_RIGHT, LOWER_LEFT)}),  # on both: says nothing
        replace(example, boxes={"Edema": (LOWER_LEFT,)}),  # not present
        replace(example, boxes={"Cardiomegaly": (LOWER_LEFT,)}),  # has no side
        example,
    ]
    assert [side(each, "Nodule") for each in boxed] == ["right", "left", None, None, None, None]
    place = (0.45, 0.25)  # in the right lung
    looks = {"Nodule": (0.9, 0.3, False, place), "Edema": (0.1, 0.3, False, place)}
    reader = fakes.StubReader(findings=looks | {"Cardiomegaly": (0.9, 0.3, False, place)})
    said = sides(reader, boxed)  # type: ignore[arg-type]
    assert said == Sides(right=1, both=0, wrong=1, unsaid=0)
    assert "Of 2 findings" in str(said)
    assert [verdict(each, "left") for each in ("left", "both", "right", None)] == ["right", "both", "wrong", "unsaid"]


def test_what_most_images_measured_is_recorded() -> None:
    few, most = (
        Pointing("Mass", "Mass", 5, quality(Estimate(0.2, 0.1, 0.3)), quality(NEVER), 0.4, 0.0),
        Pointing("Mass", "Opacity", 50, quality(Estimate(0.7, 0.6, 0.8)), quality(NEVER), 0.5, 0.0),
    )
    content = {"findings": [{"name": "Mass"}, {"name": "Nodule", "pointing": "of an earlier version"}]}
    record(content, [few, most])
    assert content["findings"] == [
        {"name": "Mass", "pointing": {"images": 50, "hits": 0.7, "hits_interval": [0.6, 0.8], "usual_place": 0.5}},
        {"name": "Nodule"},
    ]
