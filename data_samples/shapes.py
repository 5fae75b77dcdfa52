"""Solid shapes as distances: negative inside, millimetres from the surface, so that edges can be cut softly."""

import cv2
import numpy as np

from data_samples.space import Array, Grid, vec


def ellipsoid(grid: Grid, centre: Array, radii: Array) -> Array:
    x, y, z = grid.axes()
    (cx, cy, cz), (rx, ry, rz) = centre, radii
    level = np.sqrt(((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 + ((z - cz) / rz) ** 2)
    return np.asarray(((level - 1) * radii.min()), np.float32)


def capsule(grid: Grid, start: Array, end: Array, radius_start: float, radius_end: float) -> Array:
    """A round stick whose radius goes evenly from one end to the other."""
    x, y, z = grid.axes()
    axis = end - start
    along = ((x - start[0]) * axis[0] + (y - start[1]) * axis[1] + (z - start[2]) * axis[2]) / np.dot(axis, axis)
    along = np.clip(along, 0, 1)
    squared = sum((a - s - along * d) ** 2 for a, s, d in zip((x, y, z), start, axis, strict=True))
    return np.asarray((np.sqrt(squared) - radius_start - along * (radius_end - radius_start)), np.float32)


def tube(grid: Grid, knots: list[tuple[float, float, float]], radii: list[float]) -> Array:
    """A round tube on a smooth line through ``knots``, its ``radii`` given at even distances; 30 mm away it ends."""
    path = curve(knots, 6.0)
    along = np.interp(np.linspace(0, 1, len(path)), np.linspace(0, 1, len(radii)), radii)
    distance = np.full(grid.shape, 30, np.float32)
    for start, end, radius_start, radius_end in zip(path, path[1:], along, along[1:], strict=False):
        part, where = _around(grid, start, end, max(radius_start, radius_end) + 30)
        if 0 not in part.shape:
            near = capsule(part, start, end, radius_start, radius_end)
            np.minimum(distance[where], near, out=distance[where])
    return distance


def _around(grid: Grid, start: Array, end: Array, margin: float) -> tuple[Grid, tuple[slice, slice, slice]]:
    """The part of the grid near a segment, and where it lies in (z, y, x)."""
    count = np.array(grid.shape[::-1])
    low = np.floor((np.minimum(start, end) - margin - vec(*grid.low)) / grid.voxel).astype(int).clip(0, count)
    high = np.ceil((np.maximum(start, end) + margin - vec(*grid.low)) / grid.voxel).astype(int).clip(0, count)
    corner = np.array(grid.low) + low * grid.voxel
    far = np.array(grid.low) + high * grid.voxel
    part = Grid(low=tuple(corner.tolist()), high=tuple(far.tolist()), voxel=grid.voxel)
    return part, tuple(slice(a, b) for a, b in zip(low[::-1], high[::-1], strict=True))  # type: ignore[return-value]


def united(first: Array, second: Array, softness: float = 0.0) -> Array:
    """The union; ``softness`` is the radius in mm of the fillet between the two."""
    if softness == 0:
        return np.minimum(first, second)
    blend = np.maximum(softness - np.abs(first - second), 0) / softness
    return np.asarray((np.minimum(first, second) - blend * blend * (softness / 4)), np.float32)


def common(first: Array, second: Array, softness: float = 0.0) -> Array:
    """The intersection, filleted in the same way."""
    return np.negative(united(-first, -second, softness))


def filled(distance: Array, voxel: float) -> Array:
    """Share of each voxel (0..1) that lies inside."""
    return np.asarray(np.clip(0.5 - distance / np.float32(voxel), 0, 1), np.float32)


def profile(at: Array, knots: list[tuple[float, float]], smoothing: float = 10.0) -> Array:
    """A smooth curve near ``knots`` (place, value), read at the places ``at``."""
    places, values = np.array(sorted(knots)).T
    fine = np.arange(places[0] - 100, places[-1] + 101, dtype=np.float64)
    steps = np.interp(fine, places, values).astype(np.float32)[None, :]
    smooth = cv2.GaussianBlur(steps, (0, 0), smoothing, borderType=cv2.BORDER_REPLICATE)[0]
    return np.asarray(np.interp(at, fine, smooth), np.float32)


def curve(knots: list[tuple[float, float, float]], step: float) -> Array:
    """Points (n, 3) every ``step`` mm on a smooth line through ``knots`` (Catmull-Rom)."""
    nodes = np.array([knots[0], *knots, knots[-1]], np.float64)
    t = np.linspace(0, 1, 50, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(nodes, nodes[1:], nodes[2:], nodes[3:], strict=False):
        pieces.append(b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))))
    return resampled(np.concatenate([*pieces, nodes[-1:]]).astype(np.float32), step)


def resampled(path: Array, step: float) -> Array:
    """The same line with points ``step`` mm apart."""
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    at = np.linspace(0, lengths[-1], max(2, round(lengths[-1] / step)))
    return np.asarray(np.stack([np.interp(at, lengths, path[:, i]) for i in range(3)], axis=1), np.float32)


def mottle(grid: Grid, size: float, seed: int) -> Array:
    """Smooth noise on the grid, mean 0 and deviation 1, with lumps of about ``size`` mm."""
    coarse = tuple(int(np.ceil(n * grid.voxel / size)) + 2 for n in grid.shape)
    lumps = np.random.default_rng(seed).standard_normal(coarse).astype(np.float32)
    nz, ny, nx = grid.shape
    planes = np.stack([cv2.resize(each, (nx, ny), interpolation=cv2.INTER_CUBIC) for each in lumps])
    noise = _stretched(planes, nz)
    return np.asarray((noise / noise.std()), np.float32)


def _stretched(planes: Array, count: int) -> Array:
    """Linear interpolation along the first axis to ``count`` planes."""
    at = np.linspace(0, len(planes) - 1, count, dtype=np.float32)
    low = np.minimum(at.astype(int), len(planes) - 2)
    share = (at - low)[:, None, None]
    return np.asarray((planes[low] * (1 - share) + planes[low + 1] * share), np.float32)
