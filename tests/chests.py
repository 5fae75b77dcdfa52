"""A chest drawn with rectangles, in whose outlines every number can be seen."""

import numpy as np
from numpy.typing import NDArray

from model.reading import STRUCTURES

#: Structure to (first row, last row, first column, last column) of a square of 40 x 40, the last ones not included.
RECTANGLES = {"right_lung": (4, 34, 4, 16), "left_lung": (4, 34, 22, 36), "heart": (18, 34, 14, 28)}
SQUARE = 40


def masks(**changes: tuple[int, int, int, int]) -> NDArray[np.bool_]:
    """bool (STRUCTURES, SQUARE, SQUARE)."""
    drawn = np.zeros((len(STRUCTURES), SQUARE, SQUARE), bool)
    for plane, name in zip(drawn, STRUCTURES, strict=True):
        top, bottom, left, right = (RECTANGLES | changes)[name]
        plane[top:bottom, left:right] = True
    return drawn


def logits(**changes: tuple[int, int, int, int]) -> NDArray[np.float32]:
    """float32 (STRUCTURES, SQUARE, SQUARE): 4 inside, -4 outside."""
    return np.where(masks(**changes), np.float32(4), np.float32(-4))
