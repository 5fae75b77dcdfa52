"""Chests without end, with lungs and heart known to the pixel: what a network learns outlines from.

``python -m data_samples.anatomy OUT BODIES`` writes three radiographs of each body as ``NNNNa.png`` and so on, each
with ``NNNNa__right_lung.png``, ``NNNNa__left_lung.png`` and ``NNNNa__heart.png``. Every body and its findings, every
pose and exposure is drawn anew; a seed gives the same ones again.

The outlines are those that people draw. A lung field is where the beam meets lung and neither the heart, the thick of
the mediastinum nor what lies under the diaphragm; what a finding hides is still lung.
"""

import argparse
import functools
import multiprocessing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from data_samples import findings, shapes
from data_samples.body import GRID, Build
from data_samples.cage import Cage
from data_samples.detector import Detector
from data_samples.picture import Framing, Mask, collimated, taken
from data_samples.projection import Exposure, voxels_projected
from data_samples.space import Array, Grid
from data_samples.thorax import Chest, healthy

Random = np.random.Generator

#: Coarser than the samples': an outline needs no more, and a body takes two seconds instead of fifteen.
COARSE = Grid(low=GRID.low, high=GRID.high, voxel=3.0)
SIDE = 320
#: Radiographs of each body: another pose costs a third of another body.
SHOTS = 3
#: Millimetres of the beam in something from which on it shows.
LUNG, HEART, MEDIASTINUM, ABDOMEN = 12.0, 14.0, 40.0, 18.0

#: Of the heart's height, what people leave out above and below.
CLOSED = (0.05, 0.11)


@dataclass(frozen=True, kw_only=True)
class Pose(Exposure):
    """An exposure of a patient who stands a little turned and bent: mm aside and up for each mm of depth."""

    turned: float = 0.0
    bent: float = 0.0

    def across(self, points: Array) -> tuple[Array, Array, Array]:
        right, up, depth = super().across(points)
        return right + self.turned * depth, up + self.bent * depth, depth


def build(random: Random) -> Build:
    right = random.uniform(-126, -68)
    left = right - random.uniform(-4, 22)
    usual = Build().domes
    return Build(
        cage=Cage(width=random.uniform(0.84, 1.1), depth=random.uniform(0.84, 1.12)),
        rib_slope=random.uniform(0.75, 1.15),
        heart=random.triangular(0.8, 0.95, 1.4),
        lift=0.85 * (right + left - sum(usual)) / 2 + random.normal(0, 5),
        flesh=random.uniform(0.7, 1.6),
        breasts=bool(random.random() < 0.4),
        arms="raised" if random.random() < 0.15 else "down",
        domes=(right, left),
        seed=int(random.integers(1 << 20)),
    )


def pose(random: Random) -> Pose:
    bedside = random.random() < 0.3
    wide = random.uniform(320, 440)
    rows = round(SIDE * random.uniform(0.85, 1.2))
    return Pose(
        view="AP" if bedside else "PA",
        source_to_detector=random.uniform(1000, 1300) if bedside else random.uniform(1500, 1900),
        gap=random.uniform(120, 170),
        pitch=wide / SIDE,
        rows=rows,
        columns=SIDE,
        z=random.uniform(-70, -25),
        turned=random.normal(0, 0.05),
        bent=random.normal(0, 0.07),
    )


def detector(random: Random) -> Detector:
    return Detector(
        quanta=float(np.exp(random.uniform(np.log(4e4), np.log(1e6)))),
        scatter=random.uniform(0.1, 0.8),
        blur=random.uniform(0.1, 1.0),
        details=(random.uniform(0, 0.9), random.uniform(0, 0.9), random.uniform(0, 0.9)),
        flattening=random.uniform(0, 0.75),
        contrast=random.uniform(0.6, 1.2),
        middle=random.uniform(0.25, 0.6),
    )


def framing(random: Random) -> Framing:
    edges = random.uniform(0, 25, 4) * (random.random(4) < 0.25)
    place = (random.choice([0.04, 0.9]), random.uniform(0.07, 0.2))
    top, right, bottom, left = (float(edge) for edge in edges)
    return Framing(top=top, right=right, bottom=bottom, left=left, letter=random.choice(["L", "R", " "]), place=place)


def with_something(chest: Chest, random: Random) -> Chest:
    """Half of the chests have a finding, some two."""
    for _ in range(int(random.choice([0, 1, 2], p=[0.5, 0.35, 0.15]))):
        side = int(random.choice([-1, 1]))
        kind = random.integers(5)
        if kind == 0:
            chest = findings.effusion(chest, side=side, level=random.uniform(-125, -60), climb=random.uniform(20, 70))
        elif kind == 1:
            chest = findings.pneumothorax(chest, side=side, apex=random.uniform(8, 40), base=random.uniform(2, 16))
        elif kind == 2:
            at = (side * random.uniform(45, 95), random.uniform(-40, 40), random.uniform(-90, 60))
            chest = findings.nodule(chest, centre=at, radius=random.uniform(5, 25))
        elif kind == 3:
            at = (side * random.uniform(50, 90), random.uniform(-20, 40), random.uniform(-100, 50))
            radii = (random.uniform(15, 55), random.uniform(20, 60), random.uniform(15, 60))
            chest = findings.consolidation(chest, centre=at, radii=radii, hilum=(side * 40, 26, -40))
        else:
            chest = findings.tuberculosis(chest, side=side, seed=int(random.integers(1 << 20)))
    return chest


def truth(chest: Chest, exposure: Exposure) -> dict[str, Mask]:
    """The outlines by name, bool (rows, columns)."""

    def depth(distance: Array) -> Array:
        return voxels_projected(chest.grid, shapes.filled(distance, chest.grid.voxel), exposure)

    parts = chest.parts
    x = chest.grid.axes()[0]
    heart = np.asarray(depth(parts.chambers) > HEART)
    hidden = heart | (depth(parts.mediastinum) > MEDIASTINUM) | (depth(parts.abdomen) > ABDOMEN)
    sides = {"right_lung": x < 0, "left_lung": x > 0}
    lungs = {name: depth(np.where(side, parts.lungs, np.float32(30))) > LUNG for name, side in sides.items()}
    return {name: largest(lung & ~hidden) for name, lung in lungs.items()} | {"heart": closed(heart)}


def closed(heart: Mask) -> Mask:
    """The ``heart`` as people close its outline: where the great vessels begin, and where the diaphragm hides it."""
    rows = np.flatnonzero(heart.any(axis=1))
    first, height = rows[0], len(rows)
    above, below = (round(part * height) for part in CLOSED)
    drawn = np.zeros_like(heart)
    squeezed = np.linspace(first, rows[-1], height - above - below).round().astype(int)
    drawn[first + above : first + height - below] = heart[squeezed]
    return drawn


def largest(mask: Mask) -> Mask:
    """The largest piece of ``mask``, its holes filled, its hairs cut."""
    cut = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    outlines, _ = cv2.findContours(cut, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return np.zeros_like(mask)
    filled = np.zeros(mask.shape, np.uint8)
    cv2.drawContours(filled, [max(outlines, key=cv2.contourArea)], 0, 1, cv2.FILLED)
    return filled > 0


def drawn(seed: int, number: int) -> Iterator[tuple[NDArray[np.uint8], dict[str, Mask]]]:
    """SHOTS radiographs of body ``number`` of a ``seed``: each uint8 (rows, columns), and its outlines."""
    random = np.random.default_rng((seed, number))
    chest = healthy(build(random), COARSE)
    phantom = replace(with_something(chest, random), findings={}).phantom()
    for _ in range(SHOTS):
        exposure, edges = pose(random), framing(random)
        inside = collimated(exposure, edges)
        outlines = {name: mask & inside for name, mask in truth(chest, exposure).items()}
        picture = taken(phantom, exposure, detector(random), edges, int(random.integers(1 << 20)))
        yield np.round(picture.pixels * 255).astype(np.uint8), outlines


def write(folder: Path, seed: int, number: int) -> None:
    cv2.setNumThreads(1)
    for shot, (pixels, outlines) in enumerate(drawn(seed, number)):
        name = f"{number:04}{'abc'[shot]}"
        for structure, mask in outlines.items():
            cv2.imwrite(str(folder / f"{name}__{structure}.png"), mask.astype(np.uint8) * 255)
        cv2.imwrite(str(folder / f"{name}.png"), pixels)


def command(name: str, about: str | None, write: Callable[[Path, int, int], None], last: str, *, seed: int = 0) -> None:
    """The command line of a module that draws bodies, ``name OUT BODIES [--seed SEED]``, on all cores.

    ``write`` draws one body into a folder, by the seed and its number; a body whose file ``NNNN`` + ``last`` is there
    is drawn already.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {name}", description=about)
    parser.add_argument("out", type=Path)
    parser.add_argument("bodies", type=int)
    parser.add_argument("--seed", type=int, default=seed)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    missing = [n for n in range(arguments.bodies) if not (arguments.out / f"{n:04}{last}").exists()]
    with multiprocessing.Pool() as pool:
        for _ in pool.imap_unordered(functools.partial(write, arguments.out, arguments.seed), missing):
            pass


if __name__ == "__main__":
    command("data_samples.anatomy", __doc__, write, "c.png")
