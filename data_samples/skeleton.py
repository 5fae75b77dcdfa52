"""The bones that a chest radiograph shows."""

from itertools import pairwise

import numpy as np

from data_samples.bones import COMPACT, STEP, ball, mirrored, plate, swept
from data_samples.cage import VERTEBRAE, Cage
from data_samples.shapes import curve
from data_samples.space import Array, Cloud, vec

#: Rib's number to (how far it falls from back to front in mm, the angle in degrees at which its bone ends).
_RIBS = {
    1: (34, 138), 2: (54, 140), 3: (68, 143), 4: (79, 144), 5: (88, 144), 6: (95, 142),
    7: (101, 139), 8: (101, 131), 9: (94, 121), 10: (80, 110), 11: (52, 78), 12: (24, 50),
}  # fmt: skip


#: Which way the left upper arm points.
ARM = {"down": vec(0.22, -0.05, -0.97), "raised": vec(0.25, -0.42, 0.87)}


def skeleton(cage: Cage, *, slope: float = 1.0, arms: str = "down", seed: int = 0) -> Cloud:
    """Every bone of the chest. ``slope`` scales how far the ribs fall; ``arms`` are "down" or "raised".

    No two sides are alike: each rib falls and lies a little differently.
    """
    random = np.random.default_rng(seed)
    sides = []
    for _ in range(2):
        side = [rib(cage, n, slope * random.normal(1, 0.05), random.normal(0, 1.2)) for n in _RIBS]
        side += [clavicle(cage, random.normal(0, 3)), scapula(cage, arms), humerus(cage, arms)]
        sides.append(Cloud.joined(side))
    middle = [vertebra(cage, name) for name in VERTEBRAE]
    return Cloud.joined([sides[0], mirrored(sides[1]), *middle, sternum(cage)])


def rib_path(cage: Cage, number: int, slope: float) -> Array:
    """From the vertebra round the side to where the cartilage begins."""
    fall, end = _RIBS[number]
    share = np.linspace(0, 1, 80)
    angle = np.deg2rad(14 + share * (end - 14))
    height = VERTEBRAE[f"T{number}"] + 5 + 5 * np.sin(np.pi * np.minimum(share * 3, 1))
    path = cage.surface(angle, height - slope * fall * share**1.3, outward=3.5)
    head = np.array([17.0, cage.spine_at(VERTEBRAE[f"T{number}"]) + 13, VERTEBRAE[f"T{number}"] + 6])
    neck = np.linspace(head, path[0], 8, endpoint=False)
    return np.asarray(np.concatenate([neck, path]), np.float32)


def rib(cage: Cage, number: int, slope: float, raised: float) -> Cloud:
    path = rib_path(cage, number, slope) + vec(0, 0, raised)
    if number == 1:
        return swept(path, 3.0, np.array([4, 6, 8, 8.5, 8.5, 8]), cortex=np.array([0.9, 0.8, 0.6, 0.5]), seed=number)
    height = np.array([3.5, 4.5, 5.4, 5.8, 6.0, 6.2, 6.4, 6.4, 6.0]) * (0.75 if number > 10 else 1.0)
    thickness = np.array([3.2, 3.6, 3.6, 3.2, 3.0, 3.0, 2.8])
    cortex = np.array([0.75, 0.8, 0.8, 0.8, 0.6, 0.45, 0.4, 0.3])
    return swept(path, height, thickness, cortex=cortex, core=0.009, seed=number)


def clavicle(cage: Cage, raised: float) -> Cloud:
    front = cage.front(55)
    path = curve(
        [
            (14, front - 8, 58),
            (40, front - 14, 64),
            (75, front - 4, 75),
            (110, front + 22, 86 + raised),
            (146, front + 34, 90 + 1.6 * raised),
        ],
        1.0,
    )
    return swept(
        path * vec(cage.width, 1, 1), np.array([9, 6.5, 5.5, 5.2, 5.2, 5.5, 4.5]),
        np.array([8, 6, 5.5, 5, 5.5, 7, 7]), cortex=1.5, seed=21,
    )  # fmt: skip


def scapula(cage: Cage, arms: str) -> Cloud:
    """Blade, its thick outer border, spine with acromion, and coracoid. Turned outwards where arms are raised."""
    socket = shoulder(cage, arms) + vec(-26, 3, 2)
    wall = cage.surface(np.deg2rad(vec(36, 50)), vec(66, -66), outward=14.0)
    upper, lower = wall + vec(8 if arms == "down" else 16, 0, 0)
    neck = socket + vec(-9, 4, -6)
    blade = plate(np.stack([upper, neck, lower]), 3.6, vec(2, 6, 0), seed=31)
    outer = curve([tuple(neck), tuple((neck + lower) / 2 + vec(-7, 5, -4)), tuple(lower)], 1.0)
    border = swept(outer, np.array([8, 5, 4, 3.2, 3.5]), np.array([6, 4, 3, 2.5, 3]), up=(0, 1, 0), cortex=1.8, seed=32)
    inner = curve([tuple(upper), tuple((upper + lower) / 2 + vec(-8, 4, 0)), tuple(lower)], 1.0)
    edge = swept(inner, 1.6, 1.6, up=(0, 1, 0), cortex=0.8, seed=33)
    acromion = socket + vec(16, 14, 27)
    spine = curve([tuple(upper + vec(3, 8, -18)), tuple(neck + vec(-14, 16, 20)), tuple(acromion)], 1.0)
    ridge = swept(spine, np.array([2, 3, 4, 5, 6]), np.array([3, 6, 7, 9, 10]), cortex=0.8, seed=34)
    hook = curve([tuple(neck + vec(-6, -6, 14)), tuple(neck + vec(-8, -22, 24)),
                  tuple(neck + vec(4, -36, 18))], 1.0)  # fmt: skip
    coracoid = swept(hook, np.array([6, 5, 5, 4]), np.array([6, 5, 5, 4]), up=(1, 0, 0), cortex=1.0, seed=35)
    rim = swept(socket + _circle(17, 12, 60), 1.8, 1.8, up=(1, 0, 0), cortex=1.2, seed=36)
    return Cloud.joined([blade, border, edge, ridge, coracoid, rim])


def _circle(tall: float, deep: float, count: int) -> Array:
    angle = np.linspace(0, 2 * np.pi, count)
    return np.asarray(np.stack([np.zeros(count), deep * np.cos(angle), tall * np.sin(angle)], axis=1), np.float32)


def shoulder(cage: Cage, arms: str) -> Array:
    """Middle of the head of the left humerus."""
    out = 163.0 if arms == "down" else 168.0
    return vec(out * cage.width, 16, 68 if arms == "down" else 84)


def humerus(cage: Cage, arms: str) -> Cloud:
    head = shoulder(cage, arms)
    away = ARM[arms]
    width = np.array([21, 20, 16, 13, 11.5, 11, 11, 11, 11, 12])
    shaft = swept(
        np.linspace(head, head + 260 * away, 80),
        width,
        width,
        up=(0, 1, 0),
        cortex=np.array([0.0, 0.3, 0.9, 1.6, 2.2, 2.6, 2.6]),
        core=0.0008,
        rounded=0,
        seed=42,
    )
    return Cloud.joined([ball(head + vec(-4, 0, 2), (23, 23, 24), cortex=0.7, seed=41), shaft])


def sternum(cage: Cage) -> Cloud:
    heights = vec(48, 20, 0, -30, -60, -90, -112)
    front = cage.middle(heights) - cage.half_depth(heights) - 4
    path = np.stack([np.zeros(7, np.float32), front, heights], axis=1)
    width = np.array([30, 22, 15, 17, 19, 18, 8]) * 0.9
    return swept(path, width, np.array([7, 6, 5, 5, 5, 5, 3]), up=(1, 0, 0), cortex=0.8, seed=51)


#: The spongy bone of vertebrae is looser than that of ribs.
_PORES = 0.0022


def vertebra(cage: Cage, name: str) -> Cloud:
    """Body with end plates, pedicles, processes to the sides and to the back, and the joints between."""
    z = VERTEBRAE[name]
    y = cage.spine_at(z)
    order = list(VERTEBRAE)
    pitch = next((VERTEBRAE[a] - VERTEBRAE[b] for a, b in pairwise(order) if a == name), 34.0)
    tall = pitch * 0.5 - (2.2 if name[0] == "T" else 3.2)
    wide = float(np.interp(z, [-262, -160, 18, 107, 130, 179], [23, 20, 14.5, 14.5, 13, 12]))
    deep = float(np.interp(z, [-262, -160, 18, 107, 179], [17, 16, 13, 9.5, 8.5]))
    middle = vec(0, y, z)
    up, back, side = vec(0, 0, 1), vec(0, 1, 0), vec(1, 0, 0)
    waist = np.array([1.0, 0.93, 0.9, 0.93, 1.0])
    body = swept(np.linspace(middle - tall * up, middle + tall * up, 20), wide * waist, deep * waist, up=(1, 0, 0),
                 cortex=0.35, core=_PORES, rounded=1.5, seed=61)  # fmt: skip
    parts = [body, *(_disc(middle + sign * tall * up, wide, deep, 62) for sign in (-1, 1))]
    for sign in (-1, 1):
        root = middle + sign * (wide * 0.62) * side + deep * 0.9 * back + tall * 0.3 * up
        parts.append(swept(np.linspace(root, root + 10 * back, 12), tall * 0.45, 3.6, cortex=0.7, core=_PORES, seed=63))
        reach = 22 if name[0] == "T" else 26 if name[0] == "L" else 15
        arm = root + 10 * back
        end = arm + sign * reach * side + (8 if name[0] == "T" else 2) * back + 2 * up
        parts.append(
            swept(
                np.linspace(arm, end, 16),
                np.array([5, 4, 4.5]),
                np.array([4, 3.5, 4]),
                cortex=0.6,
                core=_PORES,
                seed=64,
            )
        )
        lamina = np.linspace(arm, middle + (deep + 20) * back - 4 * up, 12)
        parts.append(swept(lamina, tall * 0.7, 2.4, cortex=0.4, core=_PORES, seed=65))
    tip = middle + (deep + 40) * back - (22 if name[0] == "T" else 6) * up
    parts.append(
        swept(
            np.linspace(middle + (deep + 18) * back - 3 * up, tip, 20),
            np.array([6, 6, 5]),
            2.6,
            cortex=0.4,
            core=_PORES,
            seed=66,
        )
    )
    return Cloud.joined(parts)


def _disc(centre: Array, wide: float, deep: float, seed: int) -> Cloud:
    """An end plate."""
    count = round(np.pi * wide * deep / STEP**2)
    random = np.random.default_rng(seed)
    radius, angle = np.sqrt(random.random(count)), 2 * np.pi * random.random(count)
    offset = np.stack([wide * radius * np.cos(angle), deep * radius * np.sin(angle), 0.5 * radius], axis=1)
    return Cloud(
        points=(centre + offset).astype(np.float32),
        weights=np.full(count, COMPACT * 0.5 * np.pi * wide * deep / count, np.float32),
        radii=np.full(count, 0.6, np.float32),
    )
