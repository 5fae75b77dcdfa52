from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("monai", reason="needs the extra [train]")

from training.dataset import Radiographs
from training.datasets.example import Box, Example

SIZE = 128
FINDINGS = ("Mass", "Nodule")


@pytest.fixture
def boxed(tmp_path: Path) -> Example:
    """A bright square in the dark, with a box around it."""
    pixels = np.zeros((80, 160), np.uint8)
    pixels[20:60, 20:60] = 255
    cv2.imwrite(str(tmp_path / "square.png"), pixels)
    return Example(
        image="square.png", container=tmp_path, source="S", split="train", patient="p", labels={"Nodule": True},
        child=False, shape=(80, 160), boxes={"Nodule": (Box(20, 20, 40, 40),), "Heart": (Box(0, 0, 9, 9),)},
    )  # fmt: skip


def test_places_follow_the_picture_and_are_only_of_findings(boxed: Example) -> None:
    # Cells of 32 pixels: 4 x 4. Wherever the square has been moved and mirrored to, its brightest cell is in the box.
    data = Radiographs([boxed], FINDINGS, SIZE, seed=0)
    taught = 0
    for data.epoch in range(40):
        batch = data[0]
        assert not batch.places[0].any()
        spoilt = bool(batch.turns) or bool(batch.flags[1])
        assert bool(batch.findings.isnan().all()) is spoilt
        if spoilt:
            assert not batch.places.any()
            continue
        cells = cell_means(batch.pixels[0].numpy())
        taught += float(batch.places[1].flatten()[cells.argmax()]) > 0.3
    assert taught >= 30


def cell_means(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    cells: NDArray[np.float32] = pixels.reshape(4, 32, 4, 32).mean((1, 3)).flatten()
    return cells


def test_what_is_read_as_it_is_has_no_places(boxed: Example) -> None:
    assert not Radiographs([boxed], FINDINGS, SIZE)[0].places.any()
