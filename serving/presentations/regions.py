"""Where a heatmap says that it is more likely than not, as boxes."""

from typing import NamedTuple

import cv2

from model.heatmaps import MORE_LIKELY_THAN_NOT, contours
from model.reading import Heatmap


class Region(NamedTuple):
    """A box on the grid that is stored in the file; from the upper left corner of its first pixel, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def outline(self) -> list[list[float]]:
        """Its corners as a closed line of (column, row)."""
        left, top, right, bottom = map(float, self)
        return [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]

    def within(self, rows: int, columns: int) -> "Region":
        """The part of it that lies on the radiograph."""
        left, right = (min(max(x, 0), columns) for x in (self.left, self.right))
        top, bottom = (min(max(y, 0), rows) for y in (self.top, self.bottom))
        return Region(left, top, right, bottom)

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)


def regions(heatmap: Heatmap) -> list[Region]:
    """One box for each connected place where the heatmap reaches ``MORE_LIKELY_THAN_NOT``, the largest first."""
    boxes = [cv2.boundingRect(line) for line in contours(heatmap, MORE_LIKELY_THAN_NOT)]
    found = [Region(x, y, x + width, y + height) for x, y, width, height in boxes]
    return sorted(found, key=lambda box: ((box.left - box.right) * (box.bottom - box.top), box))
