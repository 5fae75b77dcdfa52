"""The space that everything is built in, and the two ways to say what is in it.

Axes are the patient's, in millimetres: x to the patient's left, y to the back, z to the head. The origin lies in the
middle of the chest, at the height of the carina. Big smooth organs are voxels; bones and vessels, which need finer
detail than voxels give, are clouds of weighted points.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Real numbers; float32 wherever there are many.
Array = NDArray[np.floating[Any]]


def vec(*values: float) -> Array:
    return np.array(values, np.float32)


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A box of cubic voxels. Volumes on it are float32 (z, y, x)."""

    #: Millimetres.
    low: tuple[float, float, float]
    high: tuple[float, float, float]
    voxel: float

    def axis(self, which: int) -> Array:
        """Centres of the voxels along x (0), y (1) or z (2), in millimetres."""
        count = round((self.high[which] - self.low[which]) / self.voxel)
        return (self.low[which] + (np.arange(count, dtype=np.float32) + 0.5) * np.float32(self.voxel)).astype(
            np.float32
        )

    def axes(self) -> tuple[Array, Array, Array]:
        """x, y and z shaped so that they broadcast to (z, y, x)."""
        return self.axis(0)[None, None, :], self.axis(1)[None, :, None], self.axis(2)[:, None, None]

    @property
    def shape(self) -> tuple[int, int, int]:
        """(z, y, x)."""
        return len(self.axis(2)), len(self.axis(1)), len(self.axis(0))

    def slabs(self, thickness: int) -> Iterator["Grid"]:
        """The box cut across z into pieces of ``thickness`` voxels."""
        count = self.shape[0]
        for first in range(0, count, thickness):
            low = self.low[2] + first * self.voxel
            high = self.low[2] + min(first + thickness, count) * self.voxel
            yield Grid(low=(*self.low[:2], low), high=(*self.high[:2], high), voxel=self.voxel)

    def sample(self, volume: Array, points: Array) -> Array:
        """The voxel of ``volume`` that each of ``points`` (n, 3) lies in; 0 outside the box."""
        cells = np.floor((points - vec(*self.low)) / np.float32(self.voxel)).astype(np.int64)
        inside = np.all((cells >= 0) & (cells < np.array(self.shape[::-1])), axis=1)
        x, y, z = np.where(inside[:, None], cells, 0).T
        return np.asarray(np.where(inside, volume[z, y, x], 0), np.float32)


@dataclass(frozen=True, kw_only=True, eq=False)
class Cloud:
    """Fine matter as points (n, 3) in millimetres.

    ``weights`` (n,) is attenuation beyond what the voxels there already hold, times volume: mm^-1 x mm^3 = mm^2.
    ``radii`` (n,) is how far the matter of each point reaches, in millimetres.
    """

    points: Array
    weights: Array
    radii: Array

    @classmethod
    def joined(cls, clouds: Iterable["Cloud"]) -> "Cloud":
        parts = list(clouds)
        return cls(
            points=np.concatenate([part.points for part in parts]),
            weights=np.concatenate([part.weights for part in parts]),
            radii=np.concatenate([part.radii for part in parts]),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Phantom:
    """What the beam goes through."""

    grid: Grid
    #: Linear attenuation per mm, on the grid.
    attenuation: Array
    cloud: Cloud
    #: Finding's name to its share of each voxel (0..1): the truth that the masks and boxes are projected from.
    findings: dict[str, Array] = field(default_factory=dict)

    def scaled(self, size: float) -> "Phantom":
        """The same body made ``size`` times as large, of the same matter."""
        if size == 1:
            return self
        (x0, y0, z0), (x1, y1, z1) = self.grid.low, self.grid.high
        grid = Grid(
            low=(x0 * size, y0 * size, z0 * size), high=(x1 * size, y1 * size, z1 * size), voxel=self.grid.voxel * size
        )
        cloud = Cloud(
            points=self.cloud.points * size, weights=self.cloud.weights * size**3, radii=self.cloud.radii * size
        )
        return Phantom(grid=grid, attenuation=self.attenuation, cloud=cloud, findings=self.findings)
