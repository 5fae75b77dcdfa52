"""From a radiograph to the network's input."""

import cv2
import numpy as np
import pytest

from model.orientation import Turn
from model.placement import Placement
from model.preprocessing import prepare, resize, standardise
from tests.radiographs import radiograph

F = np.float32


@pytest.mark.parametrize(
    ("pixels", "size", "expected"),
    [
        ([[1, 3], [5, 7]], 1, [[4]]),  # 16 / 4
        ([[1, 3], [5, 7]], 2, [[1, 3], [5, 7]]),
        # Areas of 1.5 x 1.5 pixels: one whole, two halves, a quarter.
        (
            [[0, 1, 2], [3, 4, 5], [6, 7, 8]],
            2,
            [
                [(0 + 1 / 2 + 3 / 2 + 4 / 4) / 2.25, (2 + 1 / 2 + 5 / 2 + 4 / 4) / 2.25],
                [(6 + 3 / 2 + 7 / 2 + 4 / 4) / 2.25, (8 + 5 / 2 + 7 / 2 + 4 / 4) / 2.25],
            ],
        ),
        ([[2, 4, 6, 8]], 2, [[3, 7], [3, 7]]),  # one axis shrinks, the other grows
        # Grows: the new centres lie at -1/4, 1/4, 3/4 and 5/4 of the old ones.
        ([[0], [4]], 4, [[0] * 4, [1] * 4, [3] * 4, [4] * 4]),
    ],
)
def test_resize_by_hand(pixels: list[list[float]], size: int, expected: list[list[float]]) -> None:
    np.testing.assert_allclose(resize(np.array(pixels, F), size), expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("rows", "columns", "size"),
    [(64, 64, 64), (64, 128, 32), (100, 77, 33), (301, 257, 256), (65, 64, 64), (7, 500, 5), (3, 3, 1), (97, 31, 16)],
)
def test_resize_is_opencvs_area_filter(rows: int, columns: int, size: int) -> None:
    pixels = np.random.default_rng(rows).random((rows, columns), F)
    expected = cv2.resize(pixels, (size, size), interpolation=cv2.INTER_AREA)
    found = resize(pixels, size)
    assert (found.dtype, found.shape, found.flags.c_contiguous) == (F, (size, size), True)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_resize_keeps_the_mean_and_leaves_its_input_alone() -> None:
    pixels = np.random.default_rng(0).random((211, 173), F)
    before = pixels.copy()
    assert resize(pixels, 64).mean(dtype=np.float64) == pytest.approx(pixels.mean(dtype=np.float64), abs=1e-7)
    np.testing.assert_array_equal(pixels, before)


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        ([[1, 3]], [[-1, 1]]),  # mean 2, standard deviation 1
        ([[0, 0, 0, 1]], [[-1 / 3**0.5] * 3 + [3**0.5]]),  # mean 1/4, variance 3/16
        ([[0.5, 0.5]], [[0, 0]]),
        ([[0.5, 0.502]], [[-0.1, 0.1]]),  # standard deviation 0.001, taken as 0.01: hardly amplified
    ],
)
def test_standardise(pixels: list[list[float]], expected: list[list[float]]) -> None:
    found = standardise(np.array(pixels, F))
    assert found.dtype == F
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_exposure_does_not_matter() -> None:
    bright = radiograph()
    dark = radiograph(bright.pixels * F(0.5) + F(0.1))
    np.testing.assert_allclose(prepare(dark, 32)[0], prepare(bright, 32)[0], atol=1e-5)


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
def test_turning_first_or_shrinking_first_is_the_same(*, turns: int, mirrored: bool) -> None:
    stored = radiograph(np.random.default_rng(0).random((96, 80), F))
    turn = Turn(quarter_turns=turns, mirrored=mirrored)
    tensor, placement = prepare(stored, 32, turn)
    assert placement == Placement(rows=96, columns=80, size=32, quarter_turns=turns, mirrored=mirrored)
    assert (tensor.dtype, tensor.shape) == (F, (1, 1, 32, 32))
    upright = radiograph(placement.forward(stored.pixels))
    np.testing.assert_allclose(tensor, prepare(upright, 32)[0], atol=1e-5)


def test_inverted() -> None:
    stored = radiograph()
    # 1 - x has the same spread about the mirrored mean.
    np.testing.assert_allclose(prepare(stored, 32, Turn(inverted=True))[0], -prepare(stored, 32)[0], atol=1e-5)
