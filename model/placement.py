"""Where the network's input lies on the radiograph: the value that undoes ``prepare``."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Placement:
    """How a radiograph of ``rows`` x ``columns`` was laid into the network's square input.

    The radiograph is mirrored left to right if ``mirrored``, then turned by ``quarter_turns`` x 90 degrees
    counter-clockwise (as ``numpy.rot90``), then stretched to ``size`` x ``size``.
    """

    rows: int
    columns: int
    size: int
    quarter_turns: int = 0
    mirrored: bool = False

    def forward(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Turn ``pixels`` (rows, columns) the way that the network wants to see them; the size stays."""
        if self.mirrored:
            pixels = pixels[:, ::-1]
        return np.ascontiguousarray(np.rot90(pixels, self.quarter_turns))

    def back(self, cells: NDArray[np.float32]) -> NDArray[np.float32]:
        """A map in the network's orientation, any size, to float32 (rows, columns) on the radiograph's grid."""
        turned = np.rot90(cells, -self.quarter_turns)
        if self.mirrored:
            turned = turned[:, ::-1]
        resized = cv2.resize(np.ascontiguousarray(turned), (self.columns, self.rows), interpolation=cv2.INTER_LINEAR)
        return np.asarray(resized, dtype=np.float32)

    def points(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Places (n, 2), x and y in parts of the network's square, to columns and rows on the radiograph.

        (0, 0) is the outer corner of the first pixel on either side.
        """
        x, y = places.T
        for _ in range(self.quarter_turns):
            x, y = 1 - y, x
        if self.mirrored:
            x = 1 - x
        return np.stack([x * self.columns, y * self.rows], axis=1)
