"""From cells to places on the radiograph."""

import numpy as np
import pytest
from numpy.typing import NDArray

from model.heatmaps import contours, heatmaps, held_back, on_radiograph
from model.placement import Placement
from model.reading import Heatmap

F = np.float32


def heatmap(cells: NDArray[np.float32], rows: int, columns: int, turns: int = 0) -> Heatmap:
    placement = Placement(rows=rows, columns=columns, size=64, quarter_turns=turns)
    return Heatmap(finding="Nodule", cells=cells, placement=placement)


def test_one_heatmap_a_finding_in_order() -> None:
    placement = Placement(rows=8, columns=8, size=64)
    cells = np.arange(8, dtype=F).reshape(2, 2, 2) / 8
    found = heatmaps(["Nodule", "Mass"], cells, placement)
    assert [(name, value.finding) for name, value in found.items()] == [("Nodule", "Nodule"), ("Mass", "Mass")]
    np.testing.assert_array_equal(found["Mass"].cells, cells[1])


def test_names_and_maps_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="argument"):
        heatmaps(["Nodule"], np.zeros((2, 2, 2), F), Placement(rows=8, columns=8, size=64))


def test_on_the_radiographs_own_grid() -> None:
    found = on_radiograph(heatmap(np.array([[0, 0], [0, 1]], F), 20, 12))
    assert (found.dtype, found.shape) == (F, (20, 12))
    # Centre of the cell: rows 10 to 19, columns 6 to 11.
    assert found[14:16, 8:10].min() > 0.8
    assert (found.min(), found.max()) == (0, 1)


def test_a_contour_encloses_the_region_in_columns_and_rows() -> None:
    cells = np.zeros((4, 4), F)
    cells[0, 3] = 1  # top right: rows 0 to 9, columns 30 to 39
    (line,) = contours(heatmap(cells, 40, 40), 0.5)
    assert line.dtype == np.int32
    # Half way to the centre of the next cell is the cell's border.
    assert (line[:, 0].min(), line[:, 0].max()) == (30, 39)
    assert (line[:, 1].min(), line[:, 1].max()) == (0, 9)


def test_a_contour_of_a_turned_radiograph() -> None:
    cells = np.zeros((4, 4), F)
    cells[0, 0] = 1
    # Turned counter-clockwise by 90 degrees to be upright, so its stored top right corner came to the top left.
    (line,) = contours(heatmap(cells, 20, 40, turns=1), 0.5)
    assert (line[:, 0].min(), line[:, 0].max()) == (30, 39)
    assert (line[:, 1].min(), line[:, 1].max()) == (0, 4)


@pytest.mark.parametrize(("level", "regions"), [(0.4, 2), (0.6, 1), (0.9, 0)])
def test_as_many_contours_as_regions(level: float, regions: int) -> None:
    cells = np.zeros((8, 8), F)
    cells[1, 1], cells[6, 6] = 0.5, 0.8
    # 640 pixels: the peaks are reached within 1 %.
    assert len(contours(heatmap(cells, 640, 640), level)) == regions


def test_what_is_not_present_is_nowhere_more_likely_than_not() -> None:
    cells = np.full((4, 2, 2), 0.1, F)
    cells[:, 0, 1] = (0.9, 0.9, 0.2, 0.9)
    probabilities, thresholds = np.array([0.03, 0.02, 0.02, 0.05], F), np.full(4, 0.04, F)
    held = held_back(cells, probabilities, thresholds)
    # At three quarters and at half of the threshold: at most 0.375 and 0.25. What is lower, or present, stays.
    np.testing.assert_allclose(held[:, 0, 1], [0.375, 0.25, 0.2, 0.9], rtol=1e-6)
    np.testing.assert_allclose(held[:, 0, 0], [0.1 * 0.375 / 0.9, 0.1 * 0.25 / 0.9, 0.1, 0.1], rtol=1e-6)
    assert held.dtype == F
