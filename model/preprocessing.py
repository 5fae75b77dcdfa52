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
    for side in ((size, pixels.shape[0]), (size, size)):  # OpenCV: (columns, rows); one axis at a time
        shrinks = side[0] <= pixels.shape[1] and side[1] <= pixels.shape[0]
        interpolation = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        pixels = np.asarray(cv2.resize(pixels, side, interpolation=interpolation), dtype=np.float32)
    return pixels


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
