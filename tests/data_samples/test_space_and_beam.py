"""The arithmetic under the samples, on bodies whose answer is known."""

import numpy as np
import pytest

from data_samples import shapes
from data_samples.bones import COMPACT, swept
from data_samples.projection import Exposure, cloud_projected, voxels_projected
from data_samples.space import Cloud, Grid, Phantom, vec

GRID = Grid(low=(-30.0, -30.0, -30.0), high=(30.0, 30.0, 30.0), voxel=1.0)
BEAM = Exposure(view="PA", source_to_detector=1000, gap=100, pitch=0.5, rows=200, columns=200, z=0)


def test_a_slab_attenuates_by_its_thickness() -> None:
    slab = np.full(GRID.shape, 0.02, np.float32)
    # 60 mm x 0.02 / mm = 1.2
    assert voxels_projected(GRID, slab, BEAM)[100, 100] == pytest.approx(1.2, rel=1e-4)


def test_a_ball_of_voxels_keeps_its_volume() -> None:
    ball = shapes.filled(shapes.ellipsoid(GRID, vec(0, 0, 0), vec(20, 20, 20)), GRID.voxel)
    assert ball.sum() == pytest.approx(4 / 3 * np.pi * 20**3, rel=0.01)


@pytest.mark.parametrize(
    ("view", "y", "magnification"),
    [
        ("PA", 0.0, 1000 / 900),  # the origin is 100 mm from the detector
        ("PA", 50.0, 1000 / 850),  # the back is nearer to the tube
        ("AP", 50.0, 1000 / 950),  # and further from it when the patient faces the tube
    ],
)
def test_a_point_is_enlarged_by_its_distance(view: str, y: float, magnification: float) -> None:
    exposure = Exposure(view=view, source_to_detector=1000, gap=100, pitch=0.5, rows=200, columns=200, z=0)  # type: ignore[arg-type]
    column, row, size = exposure.pixels(np.array([[10.0, y, 5.0]], np.float32))
    assert size[0] == pytest.approx(magnification)
    assert column[0] == pytest.approx(99.5 + 10 * magnification / 0.5, rel=1e-5)
    assert row[0] == pytest.approx(99.5 - 5 * magnification / 0.5, rel=1e-5)


def test_a_cloud_keeps_its_matter() -> None:
    cloud = Cloud(points=vec(3, 0, 4)[None, :], weights=vec(7.0), radii=vec(2.0))
    # On the detector the matter of a point covers an area enlarged by the square of 1000 / 900.
    total = cloud_projected(cloud, BEAM).sum() * BEAM.pitch**2
    assert total == pytest.approx(7.0 * (1000 / 900) ** 2, rel=1e-4)


def test_a_bone_is_a_shell_of_the_thickness_asked_for() -> None:
    bone = swept(
        np.array([[0, 0, 0], [0, 0, 100]], np.float32), 5.0, 5.0, up=(1, 0, 0), cortex=1.0, core=0.0, rounded=0
    )
    # A tube of radius 5, length 100 and wall 1: its matter is 2 pi 5 x 100 x 1.
    assert bone.weights.sum() == pytest.approx(COMPACT * 2 * np.pi * 5 * 100, rel=0.01)


def test_a_smaller_body_has_less_matter() -> None:
    cloud = Cloud(points=vec(10, 0, 0)[None, :], weights=vec(8.0), radii=vec(2.0))
    half = Phantom(grid=GRID, attenuation=np.zeros(GRID.shape, np.float32), cloud=cloud).scaled(0.5)
    assert half.cloud.weights.tolist() == [1.0]  # 8 x 0.5^3
    assert half.cloud.points.tolist() == [[5.0, 0.0, 0.0]]
    assert half.grid.voxel == 0.5
