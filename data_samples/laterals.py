"""Chests without end, seen from the side: what a reader learns from what it is not to read.

``python -m data_samples.laterals OUT BODIES`` writes two lateral radiographs of each body, and a frontal one so that
being made up is no sign of being lateral: ``NNNN_lateral1.png``, ``NNNN_lateral2.png``, ``NNNN_frontal.png``. Every
body and its findings, every pose and exposure is drawn anew; a seed gives the same ones again.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from data_samples.anatomy import COARSE, build, command, detector, framing, pose, with_something
from data_samples.picture import taken
from data_samples.thorax import healthy

#: Patients raise their arms for a lateral radiograph, if they can.
RAISED = 0.8
SHOTS = ("frontal", "lateral1", "lateral2")


def drawn(seed: int, number: int) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Of body ``number`` of a ``seed``: each of SHOTS, and uint8 (rows, columns). Half of the laterals face right."""
    random = np.random.default_rng((seed, number))
    body = build(random)
    body = replace(body, arms="raised" if random.random() < RAISED else body.arms)
    phantom = replace(with_something(healthy(body, COARSE), random), findings={}).phantom()
    for shot in SHOTS:
        exposure = pose(random)
        is_lateral = shot.startswith("lateral")
        exposure = replace(exposure, view="lateral") if is_lateral else exposure
        picture = taken(phantom, exposure, detector(random), framing(random), int(random.integers(1 << 20)))
        pixels = np.round(picture.pixels * 255).astype(np.uint8)
        yield shot, pixels[:, ::-1] if is_lateral and random.random() < 0.5 else pixels


def write(folder: Path, seed: int, number: int) -> None:
    cv2.setNumThreads(1)
    for shot, pixels in drawn(seed, number):
        cv2.imwrite(str(folder / f"{number:04}_{shot}.png"), pixels)


if __name__ == "__main__":
    command("data_samples.laterals", __doc__, write, f"_{SHOTS[-1]}.png", seed=77)
