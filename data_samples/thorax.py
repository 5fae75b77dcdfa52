"""A thorax: the soft organs as voxels, and the clouds of bone and vessels laid over them."""

from dataclasses import dataclass, field

import numpy as np

from data_samples import shapes
from data_samples.cage import Cage
from data_samples.skeleton import shoulder, skeleton
from data_samples.space import Array, Cloud, Grid, Phantom
from data_samples.vessels import BLOOD, tree

#: Linear attenuation per mm at the mean energy of a chest beam.
SOFT, FAT, LUNG, AIR = 0.0195, 0.0172, 0.0050, 0.0

GRID = Grid(low=(-240, -175, -275), high=(240, 160, 190), voxel=1.5)


@dataclass(frozen=True, kw_only=True)
class Build:
    """One body. Lengths in mm; the numbers of a grown man unless changed."""

    cage: Cage = field(default_factory=Cage)
    rib_slope: float = 1.0
    #: The heart's size; 1 gives a cardiothoracic ratio of about 0.46.
    heart: float = 1.0
    #: Muscle and fat outside the ribs.
    flesh: float = 1.0
    breasts: bool = False
    arms: str = "down"
    #: Tops of the right and left dome of the diaphragm.
    domes: tuple[float, float] = (-108.0, -121.0)
    seed: int = 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Organs:
    """The soft organs as distances (z, y, x) in mm, negative inside."""

    body: Array
    lungs: Array
    heart: Array
    vessels: Array
    airways: Array
    stomach: Array


def organs(build: Build, grid: Grid = GRID) -> Organs:
    heart = _heart(grid, build)
    vessels = _great_vessels(grid, build)
    airways = _airways(grid, build)
    middle = shapes.united(shapes.united(heart, vessels, 12), _column(grid, build), 10)
    lungs = shapes.common(_hemithoraces(grid, build), -middle, 6)
    return Organs(
        body=_body(grid, build), lungs=lungs, heart=heart, vessels=vessels, airways=airways, stomach=_stomach(grid, build)
    )


def attenuation(organs: Organs, build: Build, grid: Grid = GRID) -> Array:
    """Attenuation per mm of the soft organs."""
    voxel = grid.voxel
    inside = shapes.filled(organs.body, voxel)
    depth = np.clip(-organs.body / 14, 0, 1)
    total = inside * (FAT + (SOFT - FAT) * depth)
    lungs = shapes.filled(organs.lungs, voxel)
    total += lungs * (lung_density(grid, build) - SOFT)
    air = np.maximum(shapes.filled(organs.airways, voxel), shapes.filled(organs.stomach, voxel))
    return (total * (1 - air)).astype(np.float32)


def lung_density(grid: Grid, build: Build) -> Array:
    """Denser towards the back and the bases, where blood sinks, and a little uneven everywhere."""
    _, y, z = grid.axes()
    sunk = 1 + 0.0012 * y - 0.0010 * (z + 20)
    return (LUNG * sunk * (1 + 0.10 * shapes.mottle(grid, 7, build.seed))).astype(np.float32)


def thorax(build: Build, grid: Grid = GRID) -> Phantom:
    parts = organs(build, grid)
    volume = attenuation(parts, build, grid)
    bone = skeleton(build.cage, slope=build.rib_slope, arms=build.arms)
    return Phantom(grid=grid, attenuation=volume, cloud=Cloud.joined([bone, lung_vessels(parts.lungs, grid, build)]))


def lung_vessels(lungs: Array, grid: Grid, build: Build) -> Cloud:
    """Arteries and veins of both lungs; nothing of them where ``lungs`` is not."""
    clouds = []
    for side in (-1, 1):
        hilum = np.float32([side * 30, 14, -8 if side < 0 else 2])
        trunk = np.linspace(hilum, hilum + np.float32([side * 14, 6, -14]), 5)
        clouds.append(tree(trunk, _targets(lungs, grid, side, 1500, build.seed + side), tip=0.42, largest=7.5))
        root = np.float32([side * 24, 18, -38])
        trunk = np.linspace(root, root + np.float32([side * 12, 2, 0]), 4)
        clouds.append(tree(trunk, _targets(lungs, grid, side, 800, build.seed + 5 + side), tip=0.42, largest=5.5))
    cloud = Cloud.joined(clouds)
    share = grid.sample(shapes.filled(lungs, grid.voxel), cloud.points)
    return Cloud(points=cloud.points, weights=cloud.weights * share, radii=cloud.radii)


def _targets(lungs: Array, grid: Grid, side: int, count: int, seed: int) -> Array:
    """Places where vessels end: all over one lung, thicker towards its base."""
    random = np.random.default_rng(seed + 100)
    low, high = np.float32(grid.low), np.float32(grid.high)
    points = (low + random.random((count * 40, 3)) * (high - low)).astype(np.float32)
    wanted = random.random(len(points)) < np.interp(points[:, 2], [-180, 110], [1.0, 0.45])
    inner = grid.sample((lungs < -1.5).astype(np.float32), points) > 0
    return points[wanted & inner & (points[:, 0] * side > 0)][:count]


def _heart(grid: Grid, build: Build) -> Array:
    """Chambers as ellipsoids, in the order in which they make the border: right atrium, left ventricle, the base."""
    chambers = [
        ((-16, -22, -62), (33, 34, 40)),  # right atrium
        ((14, -40, -72), (44, 36, 42)),  # right ventricle
        ((38, -22, -82), (45, 38, 40)),  # left ventricle
        ((58, -30, -98), (26, 28, 24)),  # its tip
        ((10, 6, -46), (38, 26, 26)),  # left atrium
        ((20, -32, -26), (28, 24, 36)),  # outflow and the pulmonary trunk's root
    ]
    size, foot = build.heart, np.float32([5, -30, -112])
    total: Array | None = None
    for centre, radii in chambers:
        at = foot + (np.float32(centre) - foot) * size
        one = shapes.ellipsoid(grid, tuple(at.tolist()), tuple(radius * size for radius in radii))  # type: ignore[arg-type]
        total = one if total is None else shapes.united(total, one, 14)
    assert total is not None
    return total


def _great_vessels(grid: Grid, build: Build) -> Array:
    """Aorta with its arch, superior vena cava, pulmonary trunk and the roots of its branches, arteries of the neck."""
    spine = build.cage.spine(np.float32([20, -60, -120, -200]))
    tubes = [
        ([(2, -28, -40), (-12, -36, -10), (-14, -30, 20), (-4, -8, 44), (14, 18, 47), (26, 34, 34),
          (26, spine[0] - 8, 10), (20, spine[1] - 10, -60), (14, spine[2] - 14, -120), (6, spine[3] - 26, -200)],
         [15, 15.5, 15, 14, 13.5, 13, 12.5, 12, 11.5, 11]),
        ([(-24, -20, -50), (-26, -18, 0), (-26, -14, 40), (-20, -12, 70)], [11, 10, 9.5, 8]),
        ([(24, -40, -40), (27, -26, -12), (24, -8, 8)], [14, 13.5, 12]),
        ([(24, -8, 8), (34, 10, 6), (44, 18, -4), (48, 24, -30), (54, 28, -52)], [12, 10.5, 9, 7, 4.5]),
        ([(20, -8, -2), (-14, 0, -4), (-36, 8, -8), (-45, 16, -26), (-50, 22, -55)], [11, 11, 9.5, 7.5, 4.5]),
        ([(-36, 8, -4), (-46, 6, 14), (-52, 6, 26)], [7, 5, 3]),
        ([(38, 12, 6), (46, 8, 20), (52, 8, 30)], [7, 5, 3]),
        ([(-20, -12, 66), (-22, -6, 95), (-30, 0, 130), (-32, 4, 185)], [11, 11, 10, 9]),
        ([(10, 4, 52), (18, 4, 90), (30, 4, 130), (32, 6, 185)], [11, 10, 10, 9]),
    ]  # fmt: skip
    total: Array | None = None
    for knots, radii in tubes:
        path = shapes.curve(knots, 6.0)
        along = np.interp(np.linspace(0, 1, len(path)), np.linspace(0, 1, len(radii)), radii)
        one = shapes.tube(grid, path, along)
        total = one if total is None else shapes.united(total, one, 4)
    assert total is not None
    return total


def _airways(grid: Grid, build: Build) -> Array:
    """Windpipe and the first bronchi: air."""
    tubes = [
        ([(0, -4, 190), (0, 2, 140), (0, 14, 90), (2, 20, 50), (3, 24, 12)], [8.5, 8.5, 8.5, 8.8, 9.2]),
        ([(3, 24, 14), (-14, 24, -8), (-30, 24, -26), (-40, 26, -48)], [8, 7, 5.5, 4]),
        ([(3, 24, 14), (22, 24, -8), (42, 24, -24), (50, 28, -44)], [7.5, 6.5, 5, 3.6]),
    ]
    total: Array | None = None
    for knots, radii in tubes:
        path = shapes.curve(knots, 5.0)
        one = shapes.tube(grid, path, np.interp(np.linspace(0, 1, len(path)), np.linspace(0, 1, len(radii)), radii))
        total = one if total is None else shapes.united(total, one)
    assert total is not None
    return total


def _column(grid: Grid, build: Build) -> Array:
    """What lies between the lungs apart from heart and vessels: spine, gullet, fat. Thin in front and behind the heart."""
    x, y, z = grid.axes()
    spine = build.cage.spine(z)
    around_spine = np.sqrt((x / 27) ** 2 + ((y - spine - 6) / 26) ** 2)
    thin = 7 + 15 * shapes.profile(z, [(125, 1.3), (70, 1.2), (40, 0.3), (-160, 0.2)])
    return np.minimum((around_spine - 1) * 26, np.abs(x) - thin).astype(np.float32)


def _hemithoraces(grid: Grid, build: Build) -> Array:
    """Where lungs can be: inside the cage, below the apices and above the diaphragm."""
    x, y, z = grid.axes()
    wall = build.cage.distance(x, y, z) + 4.5
    above = np.maximum(z - 40, 0)
    away = np.sqrt(((np.abs(x) - 44 * build.cage.width) / 50) ** 2 + ((y - 24) / 58) ** 2 + (above / 82) ** 2)
    apex = np.where(z > 40, (away - 1) * 48, -30)
    return shapes.common(shapes.common(wall, apex.astype(np.float32), 10), diaphragm(grid, build), 2)


def diaphragm(grid: Grid, build: Build) -> Array:
    """Height of each place above the muscle, turned over: negative where a lung may be."""
    x, y, z = grid.axes()
    total: Array | None = None
    for side, top in zip((-1, 1), build.domes, strict=True):
        edge = build.cage.half_width(np.float32(-150)) - 5
        centre = 62 * build.cage.width
        outward = side * x - centre
        across = outward / np.where(outward > 0, edge - centre, centre + 18)
        depth = build.cage.half_depth(np.float32(-150)) - 4
        along = (y + 16) / np.where(y > -16, depth + 16, depth - 16)
        radius = np.minimum(across**2 + along**2, 1)
        fall = np.where(outward > 0, 62, 26) * across**2 + np.where(y > -16, 92, 30) * along**2
        fall = fall / np.maximum(across**2 + along**2, 1e-6)
        surface = top - fall * (1 - np.sqrt(1 - 0.985 * radius))
        part = np.where(side * x > 0, (surface - z) * 0.8, np.float32(60))
        total = part if total is None else np.minimum(total, part)
    assert total is not None
    return total.astype(np.float32)


def _stomach(grid: Grid, build: Build) -> Array:
    """The bubble under the left dome."""
    bubble = shapes.ellipsoid(grid, (62, -4, build.domes[1] - 34), (36, 28, 22))
    level = (build.domes[1] - 44) - grid.axes()[2]
    return shapes.common(bubble, np.broadcast_to(level, grid.shape).astype(np.float32), 4)


def _body(grid: Grid, build: Build) -> Array:
    x, y, z = grid.axes()
    flesh = build.flesh
    front = np.where(y < build.cage.middle(z), 16.0, 26.0)
    trunk = build.cage.distance(x, y * np.float32(1), np.minimum(z, 30)) - (front + 8 * shapes.profile(z, [(60, 1.4), (0, 1), (-100, 0.5)])) * flesh
    top = 74 + 10 * flesh
    trunk = shapes.common(trunk, np.broadcast_to(z - top, grid.shape).astype(np.float32), 30)
    neck = (np.sqrt((x / 1.05) ** 2 + (y - build.cage.spine(np.maximum(z, 107)) + 14) ** 2) - 56 - np.maximum(110 - z, 0) * 0.3).astype(np.float32)
    neck = np.maximum(neck, 60 - z)
    total = shapes.united(trunk.astype(np.float32), neck.astype(np.float32), 40)
    for side in (-1, 1):
        joint = shoulder(build.cage, build.arms) * np.float32([side, 1, 1])
        base = np.float32([side * 30, 22, 104])
        total = shapes.united(total, shapes.capsule(grid, base, joint, 34 * flesh, 40 * flesh), 22)
        away = np.float32([side * 0.20, -0.05, -0.98]) if build.arms == "down" else np.float32([side * 0.45, -0.55, 0.70])
        total = shapes.united(total, shapes.capsule(grid, joint, joint + 260 * away, 44 * flesh, 38 * flesh), 16)
        if build.breasts:
            total = shapes.united(total, shapes.ellipsoid(grid, (side * 78, -104, -92), (62, 48, 56)), 18)
    return total


__all__ = ["AIR", "BLOOD", "FAT", "GRID", "LUNG", "SOFT", "Build", "Organs", "attenuation", "lung_vessels", "organs", "thorax"]
