"""In which lung, and in which third of it, a finding was seen."""

from itertools import pairwise
from typing import NamedTuple, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading import Side, Zone

#: What lies between the lungs or means all of the chest: it has no side.
MIDLINE = frozenset({"Abnormal", "Cardiomegaly", "Enlarged Cardiomediastinum", "Hernia"})

#: A heatmap's region reaches down to this share of its peak.
OF_PEAK = 0.5
#: Of what is in that region, this much must lie in the lung fields, and this much on one side to be on that side alone.
INSIDE, ONE_SIDED = 0.4, 0.8
#: The zone must hold this much of it.
ONE_ZONE = 0.6


class Place(NamedTuple):
    """None: not determined."""

    side: Side | None = None
    zone: Zone | None = None


def place(finding: str, cells: NDArray[np.float32], threshold: float, masks: NDArray[np.bool_]) -> Place:
    """Where ``finding`` was seen.

    Args:
        finding: its name.
        cells: float32 (h, w), 0..1, its heatmap on the network's grid.
        threshold: of the finding; a heatmap that stays below says no place.
        masks: bool (STRUCTURES, S, S), the outlines on a square of any size.
    """
    if finding in MIDLINE or cells.max() < threshold:
        return Place()
    size = masks.shape[1]
    fine = np.asarray(cv2.resize(cells, (size, size), interpolation=cv2.INTER_LINEAR), np.float32)
    fine = np.where(fine >= OF_PEAK * fine.max(), fine, np.float32(0))
    lungs = [thirds(fine, lung) for lung in masks[:2]]
    right, left = (sum(each) for each in lungs)
    if right + left == 0 or right + left < INSIDE * fine.sum():
        return Place()
    side: Side = "right" if right >= ONE_SIDED * (right + left) else "left"
    if max(right, left) < ONE_SIDED * (right + left):
        side = "both"
    zones = np.sum(lungs, axis=0)
    highest = int(zones.argmax())
    return Place(side, get_args(Zone)[highest] if zones[highest] >= ONE_ZONE * zones.sum() else None)


def thirds(fine: NDArray[np.float32], lung: NDArray[np.bool_]) -> list[float]:
    """How much of a heatmap lies in the upper, middle and lower third of the height of one lung field."""
    rows = np.flatnonzero(lung.any(axis=1))
    borders = np.linspace(rows[0], rows[-1] + 1, 4).round().astype(int).tolist()
    inside = np.where(lung, fine, 0)
    return [float(inside[top:bottom].sum()) for top, bottom in pairwise(borders)]
