"""What can be wrong with a chest: each function takes a chest and gives it back with one finding put in."""

import numpy as np

from data_samples import shapes
from data_samples.space import Array, vec
from data_samples.thorax import SOFT, Chest

Point = tuple[float, float, float]


def effusion(chest: Chest, *, side: int, level: float, climb: float = 60.0) -> Chest:
    """Fluid in one pleural space (``side`` -1 right, 1 left) up to the height ``level``, drawn up along the wall."""
    z = chest.grid.axes()[2]
    surface = level + climb * np.exp(np.minimum(chest.parts.wall, 0) / 13)
    fluid = shapes.common(_lung(chest, side), (z - surface).astype(np.float32), 5)
    return chest.with_finding("Effusion", shapes.filled(fluid, chest.grid.voxel), SOFT * 1.02)


def pneumothorax(chest: Chest, *, side: int, apex: float, base: float) -> Chest:
    """Air around one lung, ``apex`` mm wide above and ``base`` mm below, and the thin line of the lung's own pleura."""
    lung = _lung(chest, side)
    width = shapes.profile(chest.grid.axes()[2], [(110, apex), (40, apex * 0.75), (-60, base), (-170, base)])
    edge = chest.parts.wall + width
    air = shapes.filled(shapes.common(lung, -edge), chest.grid.voxel)
    chest = chest.with_finding("Pneumothorax", air, 0.0)
    pleura = np.clip(1.4 - np.abs(edge), 0, 1) * shapes.filled(lung, chest.grid.voxel)
    denser = chest.aerated * (chest.parts.lungs < 0) * _side(chest, side)
    total = chest.attenuation * (1 + 0.18 * denser) * (1 - pleura) + SOFT * pleura
    return chest.with_attenuation(total)


def nodule(chest: Chest, *, centre: Point, radius: float) -> Chest:
    """A round lump of soft tissue with a slightly uneven surface."""
    lump = shapes.ellipsoid(chest.grid, vec(*centre), vec(radius, radius * 0.9, radius * 1.05))
    lump = lump + np.float32(0.09 * radius) * shapes.mottle(chest.grid, radius, chest.build.seed + 9)
    return chest.with_finding("Nodule", shapes.filled(lump, chest.grid.voxel) * chest.aerated, SOFT)


def consolidation(chest: Chest, *, centre: Point, radii: Point, hilum: Point) -> Chest:
    """Lung whose air is replaced by fluid, patchy at its edge, with bronchi that stay black."""
    grid = chest.grid
    patchy = shapes.ellipsoid(grid, vec(*centre), vec(*radii)) + 6 * shapes.mottle(grid, 14, chest.build.seed + 11)
    patchy += 3 * shapes.mottle(grid, 6, chest.build.seed + 12)
    share = np.clip(0.5 - patchy / 14, 0, 0.92) * chest.aerated
    for knots, bore in _bronchi(centre, radii, hilum):
        share = share * (1 - shapes.filled(shapes.tube(grid, knots, bore), grid.voxel))
    return chest.with_finding("Consolidation", share.astype(np.float32), SOFT)


def _bronchi(centre: Point, radii: Point, hilum: Point) -> list[tuple[list[Point], list[float]]]:
    """Branches from the hilum that fan out through an ellipsoid."""
    start, middle = np.array(hilum), np.array(centre)
    fork = start + 0.55 * (middle - start)
    branches = []
    for x, z in ((-0.5, -0.6), (0.4, -0.7), (0.75, 0.0), (0.35, 0.6)):
        end = middle + np.array([x * radii[0], 0.1 * radii[1], z * radii[2]])
        bend = (fork + end) / 2 + np.array([z, 0, -x]) * 5
        branches.append(([_point(start), _point(fork), _point(bend), _point(end)], [3.2, 2.8, 2.2, 1.4]))
    return branches


def tuberculosis(chest: Chest, *, side: int, seed: int) -> Chest:
    """An upper lobe with patches of all sizes around a cavity with a thick wall."""
    grid = chest.grid
    random = np.random.default_rng(seed)
    hole = vec(side * 62, 30, 58)
    wall = shapes.ellipsoid(grid, hole, vec(19, 18, 17)) + 1.4 * shapes.mottle(grid, 9, seed + 1)
    inside = shapes.ellipsoid(grid, hole + vec(2, 0, 2), vec(12.5, 12, 11)) + 0.9 * shapes.mottle(grid, 7, seed + 2)
    share = 0.85 * np.clip(0.5 - wall / 4, 0, 1)
    for _ in range(26):
        at = hole + random.normal(0, 1, 3) * vec(26, 24, 26) - vec(0, 0, 8)
        size = random.uniform(3, 9)
        patch = shapes.ellipsoid(grid, at.astype(np.float32), vec(size, size * 1.2, size))
        share = np.maximum(share, 0.6 * np.clip(0.5 - patch / 6, 0, 1))
    share *= np.clip(1 + 0.35 * shapes.mottle(grid, 5, seed + 3), 0.2, 1.2)
    haze = shapes.ellipsoid(grid, hole - vec(0, 0, 8), vec(44, 44, 46))
    share = np.maximum(share, 0.14 * np.clip(0.5 - haze / 30, 0, 1))
    share = np.clip(share, 0, 1) * (1 - shapes.filled(inside, grid.voxel)) * chest.aerated * _side(chest, side)
    return chest.with_finding("Tuberculosis", share.astype(np.float32), SOFT)


def cardiomegaly(chest: Chest) -> Chest:
    """Names the heart of a chest that was built with a large one; changes nothing."""
    return chest.with_truth("Cardiomegaly", shapes.filled(chest.parts.heart, chest.grid.voxel))


def _side(chest: Chest, side: int) -> Array:
    return np.asarray((chest.grid.axes()[0] * side > 0), np.float32)


def _lung(chest: Chest, side: int) -> Array:
    """Distance of one lung."""
    return np.asarray(np.where(chest.grid.axes()[0] * side > 0, chest.parts.lungs, np.float32(30)), np.float32)


def _point(values: Array) -> Point:
    x, y, z = (float(value) for value in values)
    return x, y, z
