"""Bone as clouds of points: a dense shell around a spongy core."""

import numpy as np

from data_samples.shapes import resampled
from data_samples.space import Array, Cloud

#: Attenuation per mm beyond soft tissue, at the mean energy of a chest beam.
COMPACT = 0.030
SPONGY = 0.0065
#: Distance between points, mm: below the detector's pixel pitch, so that no pattern of points shows.
STEP = 0.42


def swept(
    path: Array,
    height: Array | float,
    thickness: Array | float,
    *,
    up: Array | tuple[float, float, float] = (0.0, 0.0, 1.0),
    shell: float = 1.0,
    core: float = SPONGY,
    seed: int = 0,
) -> Cloud:
    """A bone of oval section along ``path`` (n, 3).

    ``height`` (along ``up``) and ``thickness`` (across) are half axes in mm, one for the bone or one for each point;
    ``shell`` is the thickness in mm of the compact bone.
    """
    along = resampled(path, STEP)
    where = np.linspace(0, 1, len(along))
    tall = np.interp(where, np.linspace(0, 1, np.size(height)), np.atleast_1d(height))
    thick = np.interp(where, np.linspace(0, 1, np.size(thickness)), np.atleast_1d(thickness))
    vertical, across = _frames(along, np.asarray(up, np.float64))
    pieces = []
    around = max(8, round(2 * np.pi * float(np.sqrt((tall.max() ** 2 + thick.max() ** 2) / 2)) / STEP))
    perimeter = 2 * np.pi * np.sqrt((tall**2 + thick**2) / 2)
    pieces.append(_ring(along, vertical, across, tall, thick, around, COMPACT * shell * perimeter * STEP / around, seed))
    for share in _CORE:
        points = max(4, round(around * share))
        area = np.pi * tall * thick * 2 * share / len(_CORE)
        weight = core * area * STEP / points
        pieces.append(_ring(along, vertical, across, tall * share, thick * share, points, weight, seed + 1))
    return Cloud.joined(pieces)


#: Rings that fill the core, as shares of the radius.
_CORE = (0.125, 0.375, 0.625, 0.875)


def _frames(along: Array, up: Array) -> tuple[Array, Array]:
    """Two unit vectors across the path at each of its points."""
    tangent = np.gradient(along.astype(np.float64), axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    across = np.cross(tangent, np.broadcast_to(up, tangent.shape))
    across /= np.linalg.norm(across, axis=1, keepdims=True) + 1e-9
    return np.cross(across, tangent), across


def _ring(
    along: Array, vertical: Array, across: Array, tall: Array, thick: Array, around: int, weight: Array, seed: int
) -> Cloud:
    """``around`` points about each point of the path."""
    random = np.random.default_rng(seed)
    angle = (np.arange(around) + random.random((len(along), 1))) * (2 * np.pi / around)
    points = (
        along[:, None, :]
        + (tall[:, None] * np.cos(angle))[..., None] * vertical[:, None, :]
        + (thick[:, None] * np.sin(angle))[..., None] * across[:, None, :]
    )
    count = angle.size
    return Cloud(
        points=points.reshape(-1, 3).astype(np.float32),
        weights=np.repeat(weight, around).astype(np.float32),
        radii=np.full(count, 0.6, np.float32),
    )


def plate(corners: Array, thickness: float, bend: Array, *, seed: int = 0) -> Cloud:
    """A thin triangular bone with ``corners`` (3, 3), bulging by the vector ``bend`` in its middle."""
    edges = corners[[1, 2]] - corners[0]
    area = float(np.linalg.norm(np.cross(edges[0], edges[1]))) / 2
    count = round(area / STEP**2)
    random = np.random.default_rng(seed)
    shares = np.sort(random.random((count, 2)), axis=1)
    shares = np.stack([shares[:, 0], shares[:, 1] - shares[:, 0], 1 - shares[:, 1]], axis=1)
    bulge = 27 * shares.prod(axis=1, keepdims=True)
    points = shares @ corners + bulge * bend
    return Cloud(
        points=points.astype(np.float32),
        weights=np.full(count, COMPACT * thickness * area / count, np.float32),
        radii=np.full(count, 1.0, np.float32),
    )


def mirrored(cloud: Cloud) -> Cloud:
    """The same bone on the patient's other side."""
    return Cloud(points=cloud.points * np.float32([-1, 1, 1]), weights=cloud.weights, radii=cloud.radii)
