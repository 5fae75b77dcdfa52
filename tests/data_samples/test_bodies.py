import numpy as np
import pytest

from data_samples import body, findings
from data_samples.body import GRID, Build
from data_samples.cage import VERTEBRAE, Cage
from data_samples.catalogue import BIG_HEART, MAN
from data_samples.skeleton import rib_path
from data_samples.space import Grid, vec
from data_samples.thorax import Chest, healthy

COARSE = Grid(low=GRID.low, high=GRID.high, voxel=6.0)


@pytest.fixture(scope="module")
def chest() -> Chest:
    return healthy(MAN, COARSE)


@pytest.mark.parametrize(("build", "low", "high"), [(MAN, 0.40, 0.50), (BIG_HEART, 0.55, 0.75)])
def test_cardiothoracic_ratio(build: Build, low: float, high: float) -> None:
    inside = body.organs(build, COARSE).heart < 0
    columns = np.flatnonzero(inside.any(axis=(0, 1)))
    heart = (columns[-1] - columns[0] + 1) * COARSE.voxel
    chest_width = 2 * build.cage.half_width(vec(-110))[0]
    assert low < heart / chest_width < high


@pytest.mark.parametrize("number", [3, 5, 8])
def test_ribs_fall_from_back_to_front(number: int) -> None:
    path = rib_path(Cage(), number, 1.0)
    assert path[0, 2] > VERTEBRAE[f"T{number}"]
    assert path[-1, 2] < VERTEBRAE[f"T{number}"] - 50
    assert path[0, 1] > 0 > path[-1, 1]  # y is positive at the back


@pytest.mark.parametrize(
    ("changed", "side", "denser"),
    [
        (lambda chest: findings.effusion(chest, side=1, level=-90), 1, True),
        (lambda chest: findings.pneumothorax(chest, side=-1, apex=40, base=15), -1, False),
        (lambda chest: findings.nodule(chest, centre=(70, 0, -20), radius=15), 1, True),
        (lambda chest: findings.tuberculosis(chest, side=-1, seed=1), -1, True),
    ],
)  # fmt: skip
def test_a_finding_lies_in_its_lung_and_changes_it(chest: Chest, changed, side: int, denser: bool) -> None:  # type: ignore[no-untyped-def]
    after = changed(chest)
    (share,) = after.findings.values()
    x = COARSE.axes()[0]
    assert share.sum() > 20
    assert (share * (x * side < 0)).sum() == 0
    where = share > 0.5
    before_mean, after_mean = chest.attenuation[where].mean(), after.attenuation[where].mean()
    assert (after_mean > 1.5 * before_mean) if denser else (after_mean < 0.5 * before_mean)
