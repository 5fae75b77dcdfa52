"""The soft parts of a chest: where each organ is."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from functools import partial, reduce

import numpy as np

from data_samples import shapes
from data_samples.cage import Cage
from data_samples.skeleton import ARM, shoulder
from data_samples.space import Array, Grid, vec

#: The box that holds a chest.
GRID = Grid(low=(-240.0, -175.0, -275.0), high=(240.0, 160.0, 190.0), voxel=1.7)

Knot = tuple[float, float, float]
Ellipsoid = tuple[Knot, Knot]
#: Points on a tube's line, and its radii at even distances.
Tube = tuple[list[Knot], list[float]]


@dataclass(frozen=True, kw_only=True)
class Build:
    """One body. Lengths in mm; the numbers of a grown man unless changed."""

    cage: Cage = field(default_factory=Cage)
    #: How steeply the ribs fall; 1 in grown people, less in small children.
    rib_slope: float = 1.0
    #: The heart's size; 1 gives a cardiothoracic ratio of about 0.45.
    heart: float = 1.0
    #: How much higher than at these domes the heart lies, mm.
    lift: float = 0.0
    #: Thickness of muscle and fat outside the ribs.
    flesh: float = 1.0
    breasts: bool = False
    arms: str = "down"
    #: Tops of the right and left dome of the diaphragm.
    domes: tuple[float, float] = (-108.0, -121.0)
    #: Size of the whole body: 1 for grown people.
    scale: float = 1.0
    seed: int = 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Organs:
    """Each organ as its distance (z, y, x) in mm, negative inside."""

    body: Array
    lungs: Array
    #: The pleura of the chest wall and over the apices, without mediastinum and diaphragm.
    wall: Array
    heart: Array
    #: The heart without its outflow: what the outline of a heart on a radiograph is drawn around.
    chambers: Array
    #: Heart, great vessels, spine, gullet and the fat between the lungs.
    mediastinum: Array
    #: What lies under the diaphragm, as far as the ribs reach down.
    abdomen: Array
    airways: Array
    stomach: Array


def organs(build: Build, grid: Grid = GRID) -> Organs:
    """Every organ, made slab by slab, which keeps the work in the processor's cache."""
    slabs = [_organs(build, slab) for slab in grid.slabs(12)]
    names = [each.name for each in fields(Organs)]
    return Organs(**{name: np.concatenate([getattr(slab, name) for slab in slabs]) for name in names})


def _organs(build: Build, grid: Grid) -> Organs:
    heart = _heart(grid, build)
    diaphragm = _above_diaphragm(grid, build)
    middle = shapes.united(heart, _tubes(grid, _great_vessels(build), 4), 12)
    middle = shapes.united(middle, _column(grid, build), 10)
    middle = shapes.united(middle, shapes.ellipsoid(grid, vec(3, 12, 36), vec(31, 46, 62)), 12)
    wall = _wall(grid, build)
    lungs = shapes.common(shapes.common(wall, diaphragm, 2), -middle, 6)
    return Organs(
        body=_body(grid, build),
        lungs=lungs,
        wall=wall,
        heart=heart,
        chambers=_heart(grid, build, _CHAMBERS[:-1]),
        mediastinum=middle,
        abdomen=shapes.common(wall, -diaphragm, 2),
        airways=_tubes(grid, _AIRWAYS, 0),
        stomach=_stomach(grid, build),
    )


def _union(parts: Iterable[Array], softness: float) -> Array:
    return reduce(partial(shapes.united, softness=softness), parts)


def _tubes(grid: Grid, tubes: list[Tube], softness: float) -> Array:
    return _union((shapes.tube(grid, knots, radii) for knots, radii in tubes), softness)


#: Centres and radii: right atrium, right and left ventricle, the left one's tip, left atrium, outflow.
_CHAMBERS: list[Ellipsoid] = [
    ((-13, -26, -74), (31, 46, 40)),
    ((14, -44, -88), (46, 46, 44)),
    ((38, -24, -94), (42, 48, 46)),
    ((57, -34, -120), (27, 32, 27)),
    ((10, 6, -50), (38, 34, 30)),
    ((20, -34, -28), (28, 32, 38)),
]


def _heart(grid: Grid, build: Build, chambers: list[Ellipsoid] = _CHAMBERS) -> Array:
    """The chambers, grown from where the heart rests on the diaphragm."""
    foot = vec(5, -30, -122)
    lifted = foot + vec(0, 0, build.lift)
    grown = ((lifted + (vec(*centre) - foot) * build.heart, vec(*radii) * build.heart) for centre, radii in chambers)
    return _union((shapes.ellipsoid(grid, centre, radii) for centre, radii in grown), 14)


def _great_vessels(build: Build) -> list[Tube]:
    """Aorta with its arch, superior vena cava, pulmonary trunk, the arteries and veins of the hila and of the neck."""
    spine = build.cage.spine(vec(20, -60, -120, -200))
    aorta: Tube = (
        [
            *((2, -28, -40), (-12, -36, -10), (-14, -30, 20), (-4, -8, 42), (15, 18, 46), (29, 34, 34)),
            *((28, spine[0] - 8, 10), (22, spine[1] - 10, -60), (15, spine[2] - 14, -120), (6, spine[3] - 26, -200)),
        ],
        [15, 15.5, 15.5, 15, 14, 13.5, 12.5, 12, 11.5, 11],
    )
    return [
        aorta,
        ([(-24, -20, -50), (-26, -18, 0), (-26, -14, 40), (-20, -12, 70)], [11, 10, 9.5, 8]),
        ([(24, -40, -40), (27, -26, -12), (24, -8, 8)], [14, 13.5, 12]),
        ([(24, -8, 8), (34, 10, 6), (46, 18, -4), (52, 22, -30), (58, 26, -58)], [12.5, 11.5, 10, 8, 4.5]),
        ([(20, -8, -2), (-14, 0, -4), (-38, 8, -8), (-48, 14, -28), (-55, 20, -62)], [11, 11.5, 10.5, 8.5, 4.5]),
        ([(-38, 8, -4), (-48, 6, 14), (-56, 6, 30)], [7.5, 5.5, 3]),
        ([(40, 12, 6), (50, 8, 20), (58, 8, 34)], [7.5, 5.5, 3]),
        ([(-10, 10, -46), (-36, 12, -46), (-56, 14, -52)], [9, 7.5, 4]),
        ([(26, 10, -46), (46, 14, -48), (62, 16, -56)], [9, 7, 4]),
        ([(-20, -12, 66), (-22, -6, 95), (-30, 0, 130), (-32, 4, 185)], [11, 11, 10, 9]),
        ([(10, 4, 52), (18, 4, 90), (30, 4, 130), (32, 6, 185)], [11, 10, 10, 9]),
    ]


#: Windpipe, right and left bronchi.
_AIRWAYS: list[Tube] = [
    ([(0, -4, 190), (0, 2, 140), (0, 14, 90), (2, 20, 50), (3, 24, 12)], [8.6, 9.2, 9.4, 9.4, 9.6]),
    ([(3, 24, 14), (-14, 24, -8), (-30, 24, -26), (-40, 26, -48)], [8, 7, 5.5, 4]),
    ([(3, 24, 14), (22, 24, -8), (42, 24, -24), (50, 28, -44)], [7.5, 6.5, 5, 3.6]),
]


def _column(grid: Grid, build: Build) -> Array:
    """Spine, gullet and fat between the lungs: broad at the neck, thin in front of the heart and behind it."""
    x, y, z = grid.axes()
    spine = build.cage.spine(z)
    around_spine = (np.abs(x / 30) ** 1.5 + np.abs((y - spine - 14) / 36) ** 1.5) ** (1 / 1.5)
    broad = shapes.profile(z, [(140, 32), (110, 24), (80, 19), (50, 12), (20, 4), (-160, 3)])
    thin = 6 + broad * np.exp(-(((y - 8) / 34) ** 2))
    return np.asarray(np.minimum((around_spine - 1) * 28, np.abs(x) - thin), np.float32)


def _wall(grid: Grid, build: Build) -> Array:
    """Where lungs can be: inside the cage and below the apices."""
    x, y, z = grid.axes()
    wall = build.cage.distance(x, y, z) + 4.5
    aside = np.abs(x) - 42 * build.cage.width
    above = np.maximum(z - 36, 0)
    away = np.sqrt((aside / np.where(aside > 0, 72, 36)) ** 2 + ((y - 24) / 75) ** 2 + (above / 78) ** 2)
    apex = ((away - 1) * 44 - np.clip(50 - z, 0, 40)).astype(np.float32)
    return shapes.common(wall, apex, 10)


def _above_diaphragm(grid: Grid, build: Build) -> Array:
    """Negative above the muscle: two domes that fall far to the back and the sides, little to the front."""
    x, y, z = grid.axes()
    edge = build.cage.half_width(vec(-150))[0] - 5
    depth = build.cage.half_depth(vec(-150))[0] - 4
    centre = 62 * build.cage.width
    ripple = 1.6 * np.sin(x / 17 + build.seed) * np.sin(y / 23 + 2 * build.seed)
    sides = []
    for side, top in zip((-1, 1), build.domes, strict=True):
        outward = side * x - centre
        across = (outward / np.where(outward > 0, edge - centre, centre + 18)) ** 2
        along = ((y + 16) / np.where(y > -16, depth + 16, depth - 16)) ** 2
        fall = np.where(outward > 0, 62, 26) * across + np.where(y > -16, 92, 30) * along
        fall = fall / np.maximum(across + along, 1e-6)
        surface = top + ripple - fall * (1 - np.sqrt(1 - 0.985 * np.minimum(across + along, 1)))
        sides.append(np.where(side * x > 0, (surface - z) * 0.8, 60).astype(np.float32))
    return np.minimum(*sides)


def _stomach(grid: Grid, build: Build) -> Array:
    """The bubble under the left dome, level below."""
    bubble = shapes.ellipsoid(grid, vec(58, -4, build.domes[1] - 30), vec(30, 26, 20))
    level = np.broadcast_to(build.domes[1] - 38 - grid.axes()[2], grid.shape).astype(np.float32)
    return shapes.common(bubble, level, 4)


def _body(grid: Grid, build: Build) -> Array:
    total = shapes.united(_trunk(grid, build), _neck(grid, build), 40)
    for side in (-1, 1):
        mirror = vec(side, 1, 1)
        joint = shoulder(build.cage, build.arms) * mirror
        yoke = shapes.capsule(grid, vec(side * 40, 30, 92), joint, 32 * build.flesh, 44 * build.flesh)
        arm = shapes.capsule(grid, joint, joint + 260 * ARM[build.arms] * mirror, 44 * build.flesh, 38 * build.flesh)
        total = shapes.united(shapes.united(total, yoke, 30), arm, 20)
        if build.breasts:
            breast = shapes.ellipsoid(grid, vec(side * 76 * build.cage.width, -96, -100), vec(54, 30, 42))
            total = shapes.united(total, breast, 36)
    return total


def _trunk(grid: Grid, build: Build) -> Array:
    x, y, z = grid.axes()
    low = np.minimum(z, 92)
    behind = (np.tanh((y - build.cage.middle(low)) / 40) + 1) / 2
    aside = np.clip(np.abs(x) / build.cage.half_width(low), 0, 1.2) ** 4
    muscle = shapes.profile(low, [(92, 1.2), (50, 1.3), (0, 1.1), (-60, 0.9), (-250, 0.95)])
    layer = (17 + 12 * behind + 10 * aside) * muscle * build.flesh
    trunk = (build.cage.distance(x, y, low) - layer).astype(np.float32)
    top = np.broadcast_to(z - 92 - 6 * build.flesh, grid.shape).astype(np.float32)
    return shapes.common(trunk, top, 30)


def _neck(grid: Grid, build: Build) -> Array:
    x, y, z = grid.axes()
    back = y - build.cage.spine(np.maximum(z, 107)) + 18
    neck = np.sqrt(x * x + back**2) - 56 * np.sqrt(build.flesh) - np.maximum(125 - z, 0) * 0.45
    return np.asarray(np.maximum(neck, 60 - z), np.float32)
