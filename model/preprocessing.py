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
    for _ in range(2):  # the rows, then the columns
        pixels = np.asarray(cv2.transpose(_fewer_or_more_rows(pixels, size)), dtype=np.float32)
    return pixels


def _fewer_or_more_rows(pixels: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    rows, columns = pixels.shape
    if rows < size:
        return np.asarray(cv2.resize(pixels, (columns, size), interpolation=cv2.INTER_LINEAR), dtype=np.float32)
    return _means_of_strips(pixels, size)


def _means_of_strips(pixels: NDArray[np.float32], strips: int) -> NDArray[np.float32]:
    """The mean of each of so many equal strips of rows; a row on a border counts in both strips, by its parts.

    What cv2.INTER_AREA computes, four times as fast: it goes through the large radiograph once, row by row. Not by
    ``np.dot``, which is no faster and wakes a thread for every core.
    """
    rows, columns = pixels.shape
    # In units of 1 / strips of a row all borders are integers: nothing is lost by rounding.
    top = np.arange(strips)[:, None] * rows
    window = min(rows // strips + 2, rows)  # no strip touches more rows
    first = np.minimum(top // strips, rows - window)
    row = (first + np.arange(window)) * strips
    shared = np.minimum(row + strips, top + rows) - np.maximum(row, top)
    parts = (np.maximum(shared, 0) / rows).astype(np.float32)
    means = np.empty((strips, columns), dtype=np.float32)
    for part, start, mean in zip(parts, first[:, 0].tolist(), means, strict=True):
        np.einsum("r,rc->c", part, pixels[start : start + window], out=mean)
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
