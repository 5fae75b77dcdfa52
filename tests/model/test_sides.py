"""Where a finding was seen, on the chest of tests/chests.py."""

import numpy as np
import pytest

from model.sides import Place, place
from tests.chests import masks

#: Row and column of a cell of 10 x 10 (four pixels each) to what it says. Lungs: rows 4 to 34, thirds end at 14 and 24.
SEEN = [
    ([(1, 2)], Place("right", "upper")),
    ([(4, 7)], Place("left", "middle")),
    ([(6, 8)], Place("left", "lower")),
    ([(4, 2), (4, 7)], Place("both", "middle")),
    ([(2, 2), (5, 2)], Place("right", None)),  # half above, half below
    ([(9, 0)], Place()),  # in the corner: outside the lung fields
]


def heatmap(cells: list[tuple[int, int]], peak: float = 0.8) -> np.ndarray:
    drawn = np.full((10, 10), 0.01, np.float32)
    for row, column in cells:
        drawn[row, column] = peak
    return drawn


@pytest.mark.parametrize(("cells", "wanted"), SEEN)
def test_side_and_zone(cells: list[tuple[int, int]], wanted: Place) -> None:
    assert place("Mass", heatmap(cells), 0.3, masks()) == wanted


@pytest.mark.parametrize(("peak", "side"), [(0.31, "right"), (0.29, None)])
def test_a_map_below_the_threshold_says_no_place(peak: float, side: str | None) -> None:
    assert place("Mass", heatmap([(3, 2)], peak), 0.3, masks()).side == side


def test_what_lies_in_the_middle_has_no_side() -> None:
    assert place("Cardiomegaly", heatmap([(3, 2)]), 0.3, masks()) == Place()
