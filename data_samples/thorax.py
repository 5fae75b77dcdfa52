"""A thorax: the soft organs as voxels, and the clouds of bone and vessels laid over them."""

from dataclasses import dataclass, field, replace

import numpy as np

from data_samples import shapes
from data_samples.body import GRID, Build, Organs, organs
from data_samples.skeleton import skeleton
from data_samples.space import Array, Cloud, Grid, Phantom, vec
from data_samples.vessels import tree

#: Linear attenuation per mm at the mean energy of a chest beam; that of air is 0.
SOFT, FAT, LUNG = 0.0195, 0.0172, 0.0050


@dataclass(frozen=True, kw_only=True, eq=False)
class Chest:
    """A chest that findings can still be put into."""

    build: Build
    grid: Grid
    parts: Organs
    #: Attenuation per mm of the soft organs.
    attenuation: Array
    #: Share of each voxel that is lung with air in it, which vessels can be seen in.
    aerated: Array
    #: As in Phantom.
    findings: dict[str, Array] = field(default_factory=dict)

    def with_finding(self, name: str, share: Array, attenuation: Array | float) -> "Chest":
        """The same chest where ``share`` (0..1) of each voxel is matter of this ``attenuation`` per mm."""
        return replace(
            self,
            attenuation=(self.attenuation * (1 - share) + share * attenuation).astype(np.float32),
            aerated=self.aerated * (1 - share),
            findings=self.findings | {name: share},
        )

    def with_attenuation(self, attenuation: Array) -> "Chest":
        return replace(self, attenuation=attenuation.astype(np.float32))

    def with_truth(self, name: str, share: Array) -> "Chest":
        """The same chest, where what is in ``share`` bears a name."""
        return replace(self, findings=self.findings | {name: share})

    def phantom(self) -> Phantom:
        build = self.build
        bone = skeleton(build.cage, slope=build.rib_slope, arms=build.arms, seed=build.seed)
        cloud = Cloud.joined([bone, lung_vessels(self)])
        whole = Phantom(grid=self.grid, attenuation=self.attenuation, cloud=cloud, findings=self.findings)
        return whole.scaled(build.scale)


def healthy(build: Build, grid: Grid = GRID) -> Chest:
    parts = organs(build, grid)
    return Chest(
        build=build,
        grid=grid,
        parts=parts,
        attenuation=attenuation(parts, build, grid),
        aerated=shapes.filled(parts.lungs, grid.voxel),
    )


def attenuation(parts: Organs, build: Build, grid: Grid) -> Array:
    """Attenuation per mm of the soft organs."""
    fatty = np.clip(1 + parts.body / 14, 0, 1)
    total = shapes.filled(parts.body, grid.voxel) * (SOFT + (FAT - SOFT) * fatty)
    total += shapes.filled(parts.lungs, grid.voxel) * (lung_density(grid, build) - SOFT)
    air = np.minimum(parts.airways, parts.stomach)
    return np.asarray((total * (1 - shapes.filled(air, grid.voxel))), np.float32)


def lung_density(grid: Grid, build: Build) -> Array:
    """Denser towards the back and the bases, where blood sinks, and a little uneven everywhere."""
    _, y, z = grid.axes()
    sunk = 1 + 0.0012 * y - 0.0010 * (z + 20)
    return np.asarray((LUNG * sunk * (1 + 0.12 * shapes.mottle(grid, 7, build.seed))), np.float32)


def lung_vessels(chest: Chest) -> Cloud:
    """Arteries and veins of both lungs, as far as air surrounds them."""
    clouds = []
    seed = chest.build.seed
    for side in (-1, 1):
        artery = vec(side * 32, 14, -8 if side < 0 else 2)
        trunk = np.linspace(artery, artery + vec(side * 16, 6, -16), 6)
        clouds.append(tree(trunk, _targets(chest, side, 1500, seed + side), largest=8))
        vein = vec(side * 26, 18, -40)
        trunk = np.linspace(vein, vein + vec(side * 14, 2, 0), 5)
        clouds.append(tree(trunk, _targets(chest, side, 800, seed + side + 5), largest=6))
    cloud = Cloud.joined(clouds)
    share = chest.grid.sample(chest.aerated, cloud.points)
    return Cloud(points=cloud.points, weights=cloud.weights * share, radii=cloud.radii)


def _targets(chest: Chest, side: int, count: int, seed: int) -> Array:
    """Places where vessels end: all over one lung, thicker towards its base."""
    random = np.random.default_rng(seed + 100)
    low, high = np.array(chest.grid.low), np.array(chest.grid.high)
    points = (low + random.random((count * 40, 3)) * (high - low)).astype(np.float32)
    wanted = random.random(len(points)) < np.interp(points[:, 2], [-180, 110], [1.0, 0.45])
    inner = chest.grid.sample((chest.parts.lungs < -1.5).astype(np.float32), points) > 0
    return np.asarray(points[wanted & inner & (points[:, 0] * side > 0)][:count], np.float32)
