"""A left hand, back of the hand to the tube: a radiograph that is not of a chest."""

from functools import partial

import numpy as np

from data_samples import shapes
from data_samples.bones import ball, swept
from data_samples.space import Array, Cloud, Grid, Phantom, vec
from data_samples.thorax import SOFT

GRID = Grid(low=(-95.0, -32.0, -125.0), high=(75.0, 32.0, 185.0), voxel=0.9)

#: Thumb to little finger: where the ray begins (x, z), its angle in degrees, and the lengths of its bones.
_RAYS = [
    ((-24, 0), 40.0, (44, 31, 23)),
    ((-15, 10), 9.0, (66, 40, 24, 17)),
    ((-3, 12), 1.0, (64, 45, 29, 18)),
    ((8, 10), -6.0, (57, 41, 27, 18)),
    ((17, 6), -15.0, (53, 32, 19, 16)),
]
#: Middles and radii of the small bones of the wrist.
_WRIST = [
    ((-19, 0, -2), (7, 7, 7)), ((-11, 1, 1), (6, 6, 6)), ((-2, 0, 2), (7, 8, 10)), ((8, 0, 0), (7, 7, 8)),
    ((-13, 0, -13), (8, 7, 8)), ((-1, 1, -15), (8, 7, 7)), ((10, 0, -12), (7, 6, 6)), ((13, -5, -9), (5, 5, 5)),
]  # fmt: skip
#: The beam for a hand is softer than for a chest: bone stands out more.
_SOFTER = 2.3
_JOINT = 2.5


def hand() -> Phantom:
    rays = [_ray(*ray) for ray in _RAYS]
    bones = [bone for ray in rays for bone in ray]
    cloud = Cloud.joined([*(_long_bone(*bone) for bone in bones), *_wrist(), *_forearm()])
    cloud = Cloud(points=cloud.points, weights=cloud.weights * _SOFTER, radii=cloud.radii * 0.7)
    attenuation = shapes.filled(_flesh(rays), GRID.voxel) * np.float32(SOFT * 1.2)
    return Phantom(grid=GRID, attenuation=attenuation, cloud=cloud)


Bone = tuple[Array, Array, float]


def _ray(start: tuple[float, float], angle: float, lengths: tuple[float, ...]) -> list[Bone]:
    """Start, end and half width of each bone from the wrist to the finger's tip."""
    at = vec(start[0], 0, start[1])
    tilt = np.deg2rad(angle)
    bones = []
    for number, length in enumerate(lengths):
        along = vec(-np.sin(tilt), 0.10 * (number > 0), np.cos(tilt))
        bones.append((at, (at + length * along).astype(np.float32), 5.4 - 0.75 * number))
        at = (at + (length + _JOINT) * along).astype(np.float32)
        tilt *= 0.85
    return bones


def _long_bone(start: Array, end: Array, width: float) -> Cloud:
    profile = width * np.array([0.3, 1.35, 1.25, 0.95, 0.8, 0.75, 0.78, 0.9, 1.2, 1.35, 0.3])
    cortex = np.array([0.4, 0.5, 0.9, 1.4, 1.6, 1.6, 1.6, 1.3, 0.8, 0.45, 0.4])
    return swept(np.linspace(start, end, 40), profile, profile * 0.85, up=(1, 0, 0), cortex=cortex, core=0.004, seed=7)


def _wrist() -> list[Cloud]:
    return [ball(vec(*at), radii, cortex=0.35, core=0.0045, seed=number) for number, (at, radii) in enumerate(_WRIST)]


def _forearm() -> list[Cloud]:
    radius = np.array([9, 14, 13.5, 11, 9, 8, 7.5, 7, 7, 7])
    ulna = np.array([4, 7.5, 7.5, 6.5, 6, 6, 6, 6, 6, 6])
    cortex = np.array([0.5, 0.7, 1.2, 2.0, 2.4, 2.4, 2.4])
    long_bone = partial(swept, up=(1, 0, 0), cortex=cortex, core=0.003)
    return [
        long_bone(np.linspace(vec(-9, 0, -24), vec(-12, 0, -150), 60), radius, radius * 0.75, seed=71),
        long_bone(np.linspace(vec(16, 0, -25), vec(13, 0, -150), 60), ulna, ulna * 0.9, seed=72),
    ]


def _flesh(rays: list[list[Bone]]) -> Array:
    total = shapes.capsule(GRID, vec(0, 0, -12), vec(2, 0, -150), 27, 31)
    for ray in rays:
        for number, (start, end, width) in enumerate(ray):
            radius = 13.5 if number == 0 else width + 4.6
            tip = end if number < len(ray) - 1 else end + (end - start) * 0.12
            total = shapes.united(total, shapes.capsule(GRID, start, tip, radius, radius * 0.92), 8)
    return total
