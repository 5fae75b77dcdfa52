"""The beam: from a phantom to line integrals of attenuation on the detector's plane."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from data_samples.space import Array, Cloud, Grid, Phantom

View = Literal["PA", "AP", "lateral"]


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """Where the tube stands, and which part of the detector's plane becomes the image. Lengths in mm."""

    view: View
    #: From the tube to the detector: 1800 for an upright chest, about 1000 at the bedside.
    source_to_detector: float = 1800.0
    #: From the origin to the detector.
    gap: float = 150.0
    #: Distance of two pixels on the detector.
    pitch: float
    rows: int
    columns: int
    #: Height of the beam's middle.
    z: float = -52.0

    def across(self, points: Array) -> tuple[Array, Array, Array]:
        """To the right and upwards in the image, and towards the tube. The patient faces left in a lateral view."""
        x, y, z = points.T
        if self.view == "lateral":
            return y, z, -x  # the left side is at the detector
        return x, z, y if self.view == "PA" else -y

    def magnification(self, depth: Array) -> Array:
        return np.asarray((self.source_to_detector / (self.source_to_detector - self.gap - depth)), np.float32)

    def pixels(self, points: Array) -> tuple[Array, Array, Array]:
        """Column, row and magnification of each of ``points`` (n, 3); the first pixel's middle is 0, 0."""
        right, up, depth = self.across(points)
        size = self.magnification(depth)
        column = right * size / self.pitch + (self.columns - 1) / 2
        row = (self.z - up) * size / self.pitch + (self.rows - 1) / 2
        return column, row, size


def projected(phantom: Phantom, exposure: Exposure) -> Array:
    """Line integrals of attenuation, float32 (rows, columns)."""
    return voxels_projected(phantom.grid, phantom.attenuation, exposure) + cloud_projected(phantom.cloud, exposure)


def voxels_projected(grid: Grid, volume: Array, exposure: Exposure) -> Array:
    """The sum over slices parallel to the detector, each enlarged as its distance from the tube says."""
    depth_axis, right_axis = (2, 1) if exposure.view == "lateral" else (1, 2)
    total = np.zeros((exposure.rows, exposure.columns), np.float32)
    depths = grid.axis(2 - depth_axis)
    for index in np.flatnonzero(np.any(volume, axis=tuple({0, 1, 2} - {depth_axis}))):
        layer = np.take(volume, int(index), axis=depth_axis)
        total += _layer_projected(grid, layer, float(depths[int(index)]), 2 - right_axis, exposure)
    return total * np.float32(grid.voxel)


def _layer_projected(grid: Grid, layer: Array, at: float, right: int, exposure: Exposure) -> Array:
    corner = np.zeros((1, 3), np.float32)
    corner[0, 0 if exposure.view == "lateral" else 1] = at
    corner[0, right], corner[0, 2] = grid.axis(right)[0], grid.axis(2)[0]
    column, row, size = (float(value[0]) for value in exposure.pixels(corner))
    scale = grid.voxel * size / exposure.pitch
    placed = np.array([[scale, 0, column], [0, -scale, row]], np.float32)
    size_out = (exposure.columns, exposure.rows)
    return np.asarray(cv2.warpAffine(layer, placed, size_out, flags=cv2.INTER_LINEAR), np.float32)


#: Points of nearly the same size on the detector are drawn together, with one brush.
_BRUSHES = 1.12 ** np.arange(60) * 0.5


def cloud_projected(cloud: Cloud, exposure: Exposure) -> Array:
    """Every point's matter, spread over the disc that a ball of its radius covers."""
    column, row, size = exposure.pixels(cloud.points)
    weight = cloud.weights * size**2 / exposure.pitch**2
    brush = np.searchsorted(_BRUSHES, cloud.radii * size / exposure.pitch).clip(0, len(_BRUSHES) - 1)
    total = np.zeros((exposure.rows, exposure.columns), np.float32)
    for each in np.unique(brush):
        chosen = brush == each
        dots = _dots(column[chosen], row[chosen], weight[chosen], (exposure.rows, exposure.columns))
        total += cv2.filter2D(dots, cv2.CV_32F, _ball(float(_BRUSHES[each])), borderType=cv2.BORDER_CONSTANT)
    return total


def _dots(column: Array, row: Array, weight: Array, shape: tuple[int, int]) -> Array:
    """Weights shared out over the four pixels around each place."""
    rows, columns = shape
    inside = (column > 0) & (column < columns - 1) & (row > 0) & (row < rows - 1)
    column, row, weight = column[inside], row[inside], weight[inside]
    left, top = np.floor(column).astype(np.int64), np.floor(row).astype(np.int64)
    right_share, low_share = column - left, row - top
    total = np.zeros(rows * columns)
    for down, share_down in ((0, 1 - low_share), (1, low_share)):
        for over, share_over in ((0, 1 - right_share), (1, right_share)):
            place = (top + down) * columns + left + over
            total += np.bincount(place, weight * share_down * share_over, rows * columns)
    return np.asarray(total.reshape(shape), np.float32)


def _ball(radius: float) -> Array:
    """Chords through a ball of ``radius`` pixels, averaged over each pixel, summing to 1."""
    reach = int(np.ceil(radius)) + 1
    fine = (np.arange((2 * reach + 1) * 5) + 0.5) / 5 - reach - 0.5
    chord = np.sqrt(np.maximum(radius**2 - fine[:, None] ** 2 - fine[None, :] ** 2, 0))
    pixels = chord.reshape(2 * reach + 1, 5, 2 * reach + 1, 5).mean(axis=(1, 3))
    return np.asarray((pixels / pixels.sum()), np.float32)
