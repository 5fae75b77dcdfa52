"""From the network's local logits to a heatmap, and from a heatmap to places on the radiograph."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from model.placement import Placement
from model.reading import Heatmap

#: From here on a place is outlined, and a region of its own.
MORE_LIKELY_THAN_NOT = 0.5


def heatmaps(names: Sequence[str], probabilities: NDArray[np.float32], placement: Placement) -> dict[str, Heatmap]:
    """One heatmap a finding.

    Args:
        names: of the findings, in the order of ``probabilities``.
        probabilities: float32 (findings, h, w), 0..1, calibrated, of each cell taken alone.
        placement: of the network's input on the radiograph.
    """
    return {
        name: Heatmap(finding=name, cells=cells, placement=placement)
        for name, cells in zip(names, probabilities, strict=True)
    }


def held_back(
    cells: NDArray[np.float32], probabilities: NDArray[np.float32], thresholds: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Where a finding is not present, no place of it is more likely than not.

    The heatmap of a finding below its threshold is scaled so that its highest place is at most MORE_LIKELY_THAN_NOT at
    the threshold, and less by as much as the finding's probability is less. What is present stays as it is.

    Args:
        cells: float32 (findings, h, w), 0..1.
        probabilities: float32 (findings,), 0..1, of the findings.
        thresholds: float32 (findings,), 0..1.
    """
    most = MORE_LIKELY_THAN_NOT * probabilities / thresholds
    scale = most / np.maximum(np.maximum(cells.max(axis=(1, 2)), most), np.finfo(np.float32).tiny)
    held: NDArray[np.float32] = cells * np.where(probabilities < thresholds, scale, np.float32(1))[:, None, None]
    return held


def on_radiograph(heatmap: Heatmap) -> NDArray[np.float32]:
    """The heatmap on the radiograph's own grid: float32 (rows, columns), 0..1, bilinear between cells.

    A radiograph of 2500 x 3000 takes 30 MB here, which is why a reading holds the coarse cells.
    """
    return heatmap.placement.back(heatmap.cells)


def contours(heatmap: Heatmap, level: float) -> list[NDArray[np.int32]]:
    """Closed lines around the places where the heatmap reaches ``level`` (0..1).

    Returns:
        One int32 (points, 2) array a region, each point (column, row) on the radiograph's grid.
    """
    reached = (on_radiograph(heatmap) >= level).astype(np.uint8)
    found, _ = cv2.findContours(reached, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [np.asarray(line[:, 0], dtype=np.int32) for line in found]
