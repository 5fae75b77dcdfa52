"""Lung fields and heart: from the network's cells to outlines, and to the cardiothoracic ratio.

Everything is measured on a square that lies as the network saw the radiograph: upright, the patient's right on its
left. Outlines that no chest has are none at all: nothing is measured on them.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from model.attributes import View
from model.placement import Placement
from model.reading import STRUCTURES, CardiothoracicRatio, Outlines, Point

Mask = NDArray[np.bool_]

#: Side of the square, and the finest detail of a polygon in its pixels.
SIDE, DETAIL = 320, 1.5

#: Of the square: what a lung field and a heart cover at least and at most.
LUNG_AREA, HEART_AREA = (0.025, 0.40), (0.015, 0.30)
#: The larger lung field by the smaller one, at most.
LOPSIDED = 4.0


def outlines(cells: NDArray[np.float32], placement: Placement) -> Outlines | None:
    """Outlines from logits, float32 (STRUCTURES, h, w); None where they are not plausible."""
    masks = np.array([one_piece(cv2.resize(each, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR) > 0) for each in cells])
    return Outlines(masks=masks, placement=placement) if plausible(masks) else None


def one_piece(mask: Mask) -> Mask:
    """The largest piece of ``mask`` without holes."""
    borders, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros(mask.shape, np.uint8)
    if borders:
        cv2.drawContours(filled, [max(borders, key=cv2.contourArea)], 0, 1, cv2.FILLED)
    return filled > 0


def plausible(masks: NDArray[np.bool_]) -> bool:
    """Two lung fields side by side, neither tiny, with a heart between and not above them."""
    areas = masks.mean(axis=(1, 2))
    bounds = (LUNG_AREA, LUNG_AREA, HEART_AREA)
    if not all(low <= area <= high for area, (low, high) in zip(areas, bounds, strict=True)):
        return False
    right, left, heart = (np.argwhere(mask).mean(axis=0) for mask in masks)
    in_order = right[1] < heart[1] < left[1]
    low_enough = heart[0] > min(right[0], left[0])
    return bool(in_order and low_enough and max(areas[:2]) <= LOPSIDED * min(areas[:2]))


def polygons(drawn: Outlines) -> dict[str, list[Point]]:
    """The outline of each structure as the corners of a polygon on the radiograph's own grid."""
    found = {}
    for name, mask in zip(STRUCTURES, drawn.masks, strict=True):
        borders, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        corners = cv2.approxPolyDP(max(borders, key=cv2.contourArea), DETAIL, closed=True)[:, 0]
        found[name] = _on_radiograph(corners + 0.5, drawn)
    return found


def _on_radiograph(places: NDArray[np.float64], drawn: Outlines) -> list[Point]:
    """Places (n, 2), column and row on the square, on the radiograph."""
    return [(round(x, 1), round(y, 1)) for x, y in drawn.placement.points(places / drawn.masks.shape[1]).tolist()]


def ratio(masks: NDArray[np.bool_]) -> float:
    """The cardiothoracic ratio of outlines, bool (STRUCTURES, rows, columns), any size."""
    (_, heart_from, heart_to), (_, chest_from, chest_to) = across_heart(masks), across_chest(masks)
    return (heart_to - heart_from) / (chest_to - chest_from)


def across_heart(masks: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Row, and first and last column (its outer border), of the line between the heart's outermost points."""
    rows, columns = np.nonzero(masks[STRUCTURES.index("heart")])
    first, last = columns.min(), columns.max()
    row = (rows[columns == first].mean() + rows[columns == last].mean()) / 2
    return float(row) + 0.5, float(first), float(last) + 1


def across_chest(masks: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Row, and columns, of the longest level line from the right lung's outer border to the left one's."""
    right, left, _ = masks
    width = masks.shape[2]
    first = np.where(right.any(axis=1), right.argmax(axis=1), width)
    last = np.where(left.any(axis=1), width - left[:, ::-1].argmax(axis=1), 0)
    row = int(np.argmax(last - first))
    return row + 0.5, float(first[row]), float(last[row])


def cardiothoracic_ratio(drawn: Outlines | None, view: View, error: tuple[float, float] | None) -> CardiothoracicRatio:
    """The ratio, or why there is none. ``error``: as measured on held-out radiographs."""
    if view != "PA":
        msg = f"stated on PA radiographs only; the view of this one is {view}"
        return CardiothoracicRatio(value=None, reason=msg)
    if drawn is None:
        return CardiothoracicRatio(value=None, reason="lung fields and heart could not be outlined")
    lines = []
    for row, first, last in (across_heart(drawn.masks), across_chest(drawn.masks)):
        start, end = _on_radiograph(np.array([[first, row], [last, row]]), drawn)
        lines.append((start, end))
    return CardiothoracicRatio(value=ratio(drawn.masks), error=error, heart=lines[0], chest=lines[1])
