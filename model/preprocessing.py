"""From a radiograph to the network's input: one function, used by serving and by training."""

import cv2
import numpy as np
from numpy.typing import NDArray

from model.orientation import AS_IT_IS, Turn
from model.placement import Placement
from model.radiograph import Radiograph

#: Below this spread (of 0..1) a radiograph is flat: dividing by it would only amplify noise.
_SMALLEST_SPREAD = 0.01


def resize(pixels: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Stretch ``pixels`` (rows, columns) to (size, size): the mean over areas where it shrinks, else bilinear.

    The aspect ratio is given up on purpose, as in the public data that the network learns from.
    """
    rows, columns = pixels.shape
    pixels = _row_means(pixels, size) if rows >= size else _stretched(pixels, size, columns, cv2.INTER_LINEAR)
    return _stretched(pixels, size, size, cv2.INTER_AREA if columns >= size else cv2.INTER_LINEAR)


def _stretched(pixels: NDArray[np.float32], rows: int, columns: int, interpolation: int) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(pixels, (columns, rows), interpolation=interpolation), dtype=np.float32)


def _row_means(pixels: NDArray[np.float32], strips: int) -> NDArray[np.float32]:
    """The mean of each of so many equal strips of rows; a row on a border counts in both strips, by its parts.

    What cv2.INTER_AREA computes, five times as fast: it reads the large radiograph once, row by row. Not ``np.dot``,
    which as fast would wake a thread for every core.
    """
    rows, columns = pixels.shape
    height = rows / strips
    means = np.empty((strips, columns), dtype=np.float32)
    for strip in range(strips):
        # In integers, so that no border is missed by rounding.
        first, last = strip * rows // strips, -(-(strip + 1) * rows // strips)
        weights = np.full(last - first, 1 / height, dtype=np.float32)
        weights[0] -= strip - first / height
        weights[-1] -= last / height - (strip + 1)
        np.einsum("r,rc->c", weights, pixels[first:last], out=means[strip])
    return means


def standardise(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Shift and scale to mean 0 and standard deviation 1, so that exposure and window matter less."""
    mean, spread = cv2.meanStdDev(pixels)
    return (pixels - np.float32(mean[0, 0])) * np.float32(1 / max(spread[0, 0], _SMALLEST_SPREAD))


def prepare(radiograph: Radiograph, size: int, turn: Turn = AS_IT_IS) -> tuple[NDArray[np.float32], Placement]:
    """The network's input and the value that undoes it.

    Returns:
        float32 (1, 1, size, size), standardised, and the placement of that square on the radiograph.
    """
    rows, columns = radiograph.pixels.shape
    placement = Placement(
        rows=rows, columns=columns, size=size, quarter_turns=turn.quarter_turns, mirrored=turn.mirrored
    )
    # Turned after it was shrunk: the square is the same, and there is less of it to turn.
    square = placement.forward(resize(radiograph.pixels, size))
    if turn.inverted:
        square = 1 - square
    return standardise(square)[None, None], placement
