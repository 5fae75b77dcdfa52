"""The bones that a chest radiograph shows."""

from itertools import pairwise

import numpy as np

from data_samples.bones import COMPACT, SPONGY, STEP, mirrored, plate, swept
from data_samples.cage import VERTEBRAE, Cage
from data_samples.shapes import curve
from data_samples.space import Array, Cloud

#: Rib's number to (how far it falls from back to front in mm, the angle in degrees at which its bone ends).
_RIBS = {
    1: (34, 138), 2: (54, 140), 3: (68, 143), 4: (79, 144), 5: (88, 144), 6: (95, 142),
    7: (101, 139), 8: (101, 131), 9: (94, 121), 10: (80, 110), 11: (52, 78), 12: (24, 50),
}  # fmt: skip


def skeleton(cage: Cage, *, slope: float = 1.0, arms: str = "down") -> Cloud:
    """Every bone of the chest. ``slope`` scales how far the ribs fall; ``arms`` are "down" or "raised"."""
    left = [rib(cage, number, slope) for number in _RIBS]
    left += [clavicle(cage), scapula(cage, arms), humerus(cage, arms)]
    middle = [vertebra(cage, name) for name in VERTEBRAE]
    middle.append(sternum(cage))
    return Cloud.joined([*left, *(mirrored(bone) for bone in left), *middle])


def rib_path(cage: Cage, number: int, slope: float) -> Array:
    """From the vertebra round the side to where the cartilage begins."""
    fall, end = _RIBS[number]
    share = np.linspace(0, 1, 80)
    angle = np.deg2rad(14 + share * (end - 14))
    height = VERTEBRAE[f"T{number}"] + 5 + 5 * np.sin(np.pi * np.minimum(share * 3, 1))
    path = cage.surface(angle, height - slope * fall * share**1.3, outward=3.5)
    head = np.array([17.0, float(cage.spine(np.float32(VERTEBRAE[f"T{number}"]))) + 13, VERTEBRAE[f"T{number}"] + 6])
    neck = np.linspace(head, path[0], 8, endpoint=False)
    return np.concatenate([neck, path]).astype(np.float32)


def rib(cage: Cage, number: int, slope: float) -> Cloud:
    path = rib_path(cage, number, slope)
    outward = np.array([[0, 0, 1.0]])
    height = np.array([3.5, 4.5, 5.4, 5.8, 6.0, 6.2, 6.4, 6.4, 6.0]) * (0.75 if number > 10 else 1.0)
    if number == 1:
        return swept(path, 3.0, np.array([4, 6, 8, 8.5, 8.5, 8]), up=outward[0], shell=0.9, seed=number)
    return swept(path, height, np.array([3.2, 3.6, 3.6, 3.2, 3.0, 3.0, 2.8]), up=outward[0], shell=0.95, seed=number)


def clavicle(cage: Cage) -> Cloud:
    front = float(cage.middle(np.float32(55)) - cage.half_depth(np.float32(55)))
    path = curve(
        [(14, front - 8, 58), (40, front - 14, 64), (75, front - 4, 75), (110, front + 22, 86), (146, front + 34, 90)], 1.0
    )
    return swept(
        path * np.float32([cage.width, 1, 1]), np.array([9, 6.5, 5.5, 5.2, 5.2, 5.5, 5]),
        np.array([8, 6, 5.5, 5, 5.5, 7, 7]), shell=1.5, seed=21,
    )  # fmt: skip


def scapula(cage: Cage, arms: str) -> Cloud:
    """Blade, its thick outer border, spine with acromion, and coracoid. Turned outwards where arms are raised."""
    out = 14.0 if arms == "down" else 30.0
    z = np.float32([78, 74, -58])
    wall = cage.surface(np.deg2rad(np.float32([38, 78, 52])), z, outward=16.0)
    upper, outer, lower = wall + np.float32([out, 0, 0])
    socket = outer + np.float32([14, -4, -6])
    blade = plate(np.stack([upper, socket, lower]), 2.0, np.float32([3, 7, 0]), seed=31)
    border = swept(np.linspace(socket, lower, 60), np.array([7, 4.5, 3.5, 3, 3.5]), 3.0, up=(0, 1, 0), shell=1.2, seed=32)
    inner = swept(np.linspace(upper, lower, 60), 1.6, 1.6, up=(0, 1, 0), shell=0.8, seed=33)
    acromion = socket + np.float32([6, 8, 26])
    ridge = swept(
        np.linspace(upper + np.float32([2, 6, -22]), acromion, 60), np.array([2, 3, 4, 5, 6]), np.array([3, 6, 7, 9, 9]),
        up=(0, 0, 1), shell=0.8, seed=34,
    )  # fmt: skip
    tip = socket + np.float32([-8, -34, 14])
    coracoid = swept(np.linspace(socket + np.float32([-12, -6, 10]), tip, 30), 5.5, 5.5, shell=1.1, seed=35)
    rim = swept(socket + _circle(17, 12, 60), 2.2, 2.2, up=(1, 0, 0), shell=1.2, seed=36)
    return Cloud.joined([blade, border, inner, ridge, coracoid, rim])


def _circle(tall: float, deep: float, count: int) -> Array:
    angle = np.linspace(0, 2 * np.pi, count)
    return np.stack([np.zeros(count), deep * np.cos(angle), tall * np.sin(angle)], axis=1).astype(np.float32)


def shoulder(cage: Cage, arms: str) -> Array:
    """Middle of the head of the left humerus."""
    outer = cage.surface(np.deg2rad(np.float32([78])), np.float32([74]), outward=16.0)[0]
    out = 14.0 if arms == "down" else 30.0
    return (outer + np.float32([out + 36, -4, -6])).astype(np.float32)


def humerus(cage: Cage, arms: str) -> Cloud:
    head = shoulder(cage, arms)
    away = np.float32([0.20, -0.05, -0.98]) if arms == "down" else np.float32([0.45, -0.55, 0.70])
    ball = swept(
        np.linspace(head + 20 * away * np.float32([-0.5, 1, -1]), head - 20 * away * np.float32([-0.5, 1, -1]), 40),
        22 * _round_ends(40), 22 * _round_ends(40), up=(0, 1, 0), shell=0.9, seed=41,
    )  # fmt: skip
    shaft = swept(np.linspace(head, head + 230 * away, 60), np.array([18, 14, 11.5, 11, 11]), np.array([18, 14, 11.5, 11, 11]),
                  up=(0, 1, 0), shell=3.2, core=0.001, seed=42)  # fmt: skip
    return Cloud.joined([ball, shaft])


def _round_ends(count: int) -> Array:
    return np.sqrt(np.clip(1 - np.linspace(-1, 1, count) ** 2, 0.02, 1))


def sternum(cage: Cage) -> Cloud:
    heights = np.float32([48, 20, 0, -30, -60, -90, -112])
    front = cage.middle(heights) - cage.half_depth(heights) - 4
    path = np.stack([np.zeros(7, np.float32), front, heights], axis=1)
    return swept(path, np.array([30, 22, 15, 17, 19, 18, 8]) * 0.9, np.array([7, 6, 5, 5, 5, 5, 3]), up=(1, 0, 0), shell=0.8,
                 seed=51)  # fmt: skip


def vertebra(cage: Cage, name: str) -> Cloud:
    """Body with end plates, pedicles, processes to the sides and to the back, and the joints between."""
    z = VERTEBRAE[name]
    y = float(cage.spine(np.float32(z)))
    order = list(VERTEBRAE)
    pitch = next((VERTEBRAE[a] - VERTEBRAE[b] for a, b in pairwise(order) if a == name), 34.0)
    tall = pitch * 0.5 - (2.2 if name[0] == "T" else 3.2)
    wide = float(np.interp(z, [-262, -160, 18, 107, 130, 179], [23, 20, 14.5, 14.5, 13, 12]))
    deep = float(np.interp(z, [-262, -160, 18, 107, 179], [17, 16, 13, 9.5, 8.5]))
    middle = np.float32([0, y, z])
    up, back, side = np.float32([0, 0, 1]), np.float32([0, 1, 0]), np.float32([1, 0, 0])
    waist = np.array([1.0, 0.93, 0.9, 0.93, 1.0])
    body = swept(np.linspace(middle - tall * up, middle + tall * up, 20), wide * waist, deep * waist, up=(1, 0, 0),
                 shell=0.9, core=SPONGY, seed=61)  # fmt: skip
    parts = [body, *(_disc(middle + sign * tall * up, wide, deep, 62) for sign in (-1, 1))]
    for sign in (-1, 1):
        root = middle + sign * (wide * 0.62) * side + deep * 0.9 * back + tall * 0.3 * up
        parts.append(swept(np.linspace(root, root + 10 * back, 12), tall * 0.45, 3.3, up=(0, 0, 1), shell=1.3, seed=63))
        reach = 22 if name[0] == "T" else 26 if name[0] == "L" else 15
        arm = root + 10 * back
        end = arm + sign * reach * side + (8 if name[0] == "T" else 2) * back + 2 * up
        parts.append(swept(np.linspace(arm, end, 16), np.array([5, 4, 4.5]), np.array([4, 3.5, 4]), up=(0, 0, 1), seed=64))
        lamina = np.linspace(arm, middle + (deep + 20) * back - 4 * up, 12)
        parts.append(swept(lamina, tall * 0.7, 2.4, up=(0, 0, 1), shell=1.0, seed=65))
    tip = middle + (deep + 40) * back - (22 if name[0] == "T" else 6) * up
    parts.append(swept(np.linspace(middle + (deep + 18) * back - 3 * up, tip, 20), np.array([6, 6, 5]), 2.6, shell=1.0, seed=66))
    return Cloud.joined(parts)


def _disc(centre: Array, wide: float, deep: float, seed: int) -> Cloud:
    """An end plate."""
    count = round(np.pi * wide * deep / STEP**2)
    random = np.random.default_rng(seed)
    radius, angle = np.sqrt(random.random(count)), 2 * np.pi * random.random(count)
    offset = np.stack([wide * radius * np.cos(angle), deep * radius * np.sin(angle), 0.5 * radius], axis=1)
    return Cloud(
        points=(centre + offset).astype(np.float32),
        weights=np.full(count, COMPACT * 0.9 * np.pi * wide * deep / count, np.float32),
        radii=np.full(count, 0.6, np.float32),
    )
