"""Where the network's input lies on the radiograph."""

from itertools import product

import numpy as np
import pytest

from model.placement import Placement

#: Every way to turn and mirror.
WAYS = [
    pytest.param(turns, mirrored, id=f"{turns}{'m' * mirrored}") for mirrored, turns in product((False, True), range(4))
]
F = np.float32


def placement(turns: int = 0, *, mirrored: bool = False, rows: int = 2, columns: int = 2) -> Placement:
    return Placement(rows=rows, columns=columns, size=2, quarter_turns=turns, mirrored=mirrored)


@pytest.mark.parametrize(
    ("turns", "mirrored", "expected"),
    [
        (0, False, [[1, 2], [3, 4]]),
        (1, False, [[2, 4], [1, 3]]),  # counter-clockwise: top right comes to top left
        (2, False, [[4, 3], [2, 1]]),
        (3, False, [[3, 1], [4, 2]]),
        (0, True, [[2, 1], [4, 3]]),
        (1, True, [[1, 3], [2, 4]]),  # first mirrored, then turned: a transposition
    ],
)
def test_forward(*, turns: int, mirrored: bool, expected: list[list[int]]) -> None:
    turned = placement(turns, mirrored=mirrored).forward(np.array([[1, 2], [3, 4]], F))
    np.testing.assert_array_equal(turned, expected)
    assert turned.flags.c_contiguous


@pytest.mark.parametrize(("turns", "mirrored"), WAYS)
def test_back_undoes_forward(*, turns: int, mirrored: bool) -> None:
    stored = np.random.default_rng(0).random((4, 6), F)
    there = placement(turns, mirrored=mirrored, rows=4, columns=6)
    np.testing.assert_array_equal(there.back(there.forward(stored)), stored)


@pytest.mark.parametrize(("turns", "mirrored"), WAYS)
def test_a_cell_comes_to_where_its_pixels_are(*, turns: int, mirrored: bool) -> None:
    stored = np.zeros((30, 50), F)
    stored[20:, 40:] = 1  # bottom right corner
    there = placement(turns, mirrored=mirrored, rows=30, columns=50)
    seen = there.forward(stored)
    cells = np.array([[seen[0, 0], seen[0, -1]], [seen[-1, 0], seen[-1, -1]]], F)
    back = there.back(cells)
    assert (back.shape, back.dtype) == ((30, 50), F)
    assert np.unravel_index(back.argmax(), back.shape) >= (22, 37)  # beyond the centre of the last cell
    assert back[29, 49] == 1
    assert back[0].max() == back[:, 0].max() == 0


def test_bilinear_between_the_centres_of_cells() -> None:
    # Centres of the two cells lie at columns 0.5 and 2.5 of 4, where a pixel's centre is at its number:
    # 0 up to there, then 1 / 4 and 3 / 4 between, then 1.
    back = placement(rows=1, columns=4).back(np.array([[0, 1]], F))
    np.testing.assert_allclose(back, [[0, 0.25, 0.75, 1]])


@pytest.mark.parametrize(("turns", "mirrored"), WAYS)
def test_a_point_comes_to_where_its_pixel_is(*, turns: int, mirrored: bool) -> None:
    stored = np.zeros((30, 50), F)
    stored[7, 42] = 1
    there = placement(turns, mirrored=mirrored, rows=30, columns=50)
    seen = there.forward(stored)
    row, column = np.unravel_index(seen.argmax(), seen.shape)
    middle = np.array([[(column + 0.5) / seen.shape[1], (row + 0.5) / seen.shape[0]]])
    np.testing.assert_allclose(there.points(middle), [[42.5, 7.5]])
