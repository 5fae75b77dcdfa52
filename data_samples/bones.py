"""Bone as clouds of points: a dense shell around a spongy core."""

import cv2
import numpy as np

from data_samples.shapes import resampled
from data_samples.space import Array, Cloud, vec

#: Attenuation per mm beyond soft tissue, at the mean energy of a chest beam.
COMPACT = 0.019
SPONGY = 0.0045
#: Distance between points, mm: below the detector's pixel pitch, so that no pattern of points shows.
STEP = 0.42


def swept(
    path: Array,
    height: Array | float,
    thickness: Array | float,
    *,
    up: Array | tuple[float, float, float] = (0.0, 0.0, 1.0),
    cortex: Array | float = 1.0,
    core: float = SPONGY,
    rounded: float = 5.0,
    seed: int = 0,
) -> Cloud:
    """A bone of oval section along ``path`` (n, 3).

    ``height`` (along ``up``) and ``thickness`` (across) are half axes in mm;
    ``cortex`` is the thickness in mm of the
    compact bone. All of them for the whole bone, or a list of values along it. Its ends are round over
    ``rounded`` mm.
    """
    along = resampled(path, STEP)
    tall, thick, wall = (_spread(values, len(along)) for values in (height, thickness, cortex))
    ends = _rounding(len(along), rounded)
    tall, thick = tall * ends, thick * ends
    size = np.sqrt((tall**2 + thick**2) / 2)
    around = max(8, round(2 * np.pi * float(size.max()) / STEP))
    random = np.random.default_rng(seed)
    surface = np.ones((len(along), around))
    inside = np.sqrt((np.arange(around) + random.random((len(along), around))) / around)
    compact = COMPACT * wall * 2 * np.pi * size * STEP
    spongy = core * np.pi * tall * thick * STEP
    frames = _frames(along, np.asarray(up, np.float64))
    return Cloud.joined(
        _rings(along, frames, tall, thick, share, weight, random)
        for share, weight in ((surface, compact), (random.permuted(inside, axis=1), spongy))
    )


def _rounding(count: int, reach: float) -> Array:
    """1 along the bone, falling like a quarter circle within ``reach`` mm of its ends."""
    from_end = np.minimum(np.arange(count), np.arange(count)[::-1]) * STEP
    inward = np.clip(from_end / max(reach, STEP), 0, 1)
    return np.asarray(np.sqrt(1 - (1 - inward) ** 2).clip(0.05, 1), np.float32)


def _spread(values: Array | float, count: int) -> Array:
    """``values``, given at even distances, drawn out smoothly to ``count`` places."""
    knots = np.atleast_1d(values)
    line = np.interp(np.linspace(0, 1, count), np.linspace(0, 1, len(knots)), knots)
    if len(knots) > 2:
        line = cv2.GaussianBlur(line[None, :], (0, 0), 0.35 * count / len(knots), borderType=cv2.BORDER_REPLICATE)[0]
    return np.asarray(line, np.float32)


def _frames(along: Array, up: Array) -> tuple[Array, Array]:
    """Two unit vectors across the path at each of its points."""
    tangent = np.gradient(along.astype(np.float64), axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    across = np.cross(tangent, np.broadcast_to(up, tangent.shape))
    across /= np.linalg.norm(across, axis=1, keepdims=True) + 1e-9
    return np.cross(across, tangent), across


def _rings(
    along: Array,
    frames: tuple[Array, Array],
    tall: Array,
    thick: Array,
    share: Array,
    weight: Array,
    random: np.random.Generator,
) -> Cloud:
    """Points about each point of the path, at ``share`` (points of the path, around) of the way to the surface."""
    vertical, across = frames
    count = share.shape[1]
    angle = (np.arange(count) + random.random((len(along), 1))) * (2 * np.pi / count)
    points = (
        along[:, None, :]
        + (share * tall[:, None] * np.cos(angle))[..., None] * vertical[:, None, :]
        + (share * thick[:, None] * np.sin(angle))[..., None] * across[:, None, :]
    )
    return Cloud(
        points=points.reshape(-1, 3).astype(np.float32),
        weights=np.repeat(weight / count, count).astype(np.float32),
        radii=np.full(angle.size, 0.6, np.float32),
    )


def ball(
    centre: Array, radii: tuple[float, float, float], *, cortex: float, core: float = SPONGY, seed: int = 0
) -> Cloud:
    """An egg of spongy bone in a thin shell: the head of a long bone."""
    random = np.random.default_rng(seed)
    surface = 4 * np.pi * float(np.prod(radii)) ** (2 / 3)
    volume = 4 / 3 * np.pi * float(np.prod(radii))
    count = round(surface / STEP**2)
    directions = random.standard_normal((2 * count, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    reach = np.concatenate([np.ones(count), ((np.arange(count) + 0.5) / count) ** (1 / 3)])
    weights = np.repeat([COMPACT * cortex * surface / count, core * volume / count], count)
    return Cloud(
        points=(centre + reach[:, None] * directions * radii).astype(np.float32),
        weights=weights.astype(np.float32),
        radii=np.full(2 * count, 2.5, np.float32),
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
    return Cloud(points=cloud.points * vec(-1, 1, 1), weights=cloud.weights, radii=cloud.radii)
