"""Outlines and what is measured on them: see tests/chests.py for the chest."""

import numpy as np
import pytest

from model.anatomy import SIDE, cardiothoracic_ratio, outlines, plausible, polygons, ratio
from model.placement import Placement
from model.reading import STRUCTURES, Outlines
from tests.chests import SQUARE, logits, masks

#: Twice as wide as high: a pixel of the square is 20 columns and 10 rows of the radiograph.
PLACEMENT = Placement(rows=10 * SQUARE, columns=20 * SQUARE, size=SQUARE)


def drawn(placement: Placement = PLACEMENT, **changes: tuple[int, int, int, int]) -> Outlines:
    return Outlines(masks=masks(**changes), placement=placement)


def test_ratio_is_of_the_outermost_borders() -> None:
    # The heart is 28 - 14 = 14 wide, the chest 36 - 4 = 32.
    assert ratio(masks()) == pytest.approx(14 / 32)


@pytest.mark.parametrize(
    ("what", "changes"),
    [
        ("no right lung", {"right_lung": (0, 0, 0, 0)}),
        ("a tiny left lung", {"left_lung": (4, 8, 22, 26)}),
        ("no heart", {"heart": (0, 0, 0, 0)}),
        ("a heart above the lungs", {"heart": (0, 8, 12, 26)}),
        ("a heart beside the lungs", {"heart": (16, 30, 0, 4)}),
        ("lungs that changed places", {"right_lung": (4, 28, 22, 36), "left_lung": (4, 28, 4, 16)}),
        ("one lung five times the other", {"right_lung": (4, 38, 4, 18), "left_lung": (4, 14, 26, 34)}),
        ("a heart as large as the chest", {"heart": (6, 40, 4, 38)}),
    ],
)
def test_what_no_chest_has_is_no_outline(what: str, changes: dict[str, tuple[int, int, int, int]]) -> None:
    assert not plausible(masks(**changes)), what
    assert outlines(logits(**changes), PLACEMENT) is None
    assert plausible(masks())


def test_of_each_structure_one_piece_without_holes() -> None:
    cells = logits()
    cells[0, 10:12, 8:10] = -4  # a hole in the right lung
    cells[2, 2:4, 30:32] = 4  # a crumb of heart at the left apex
    found = outlines(cells, PLACEMENT)
    assert found is not None
    whole = outlines(logits(), PLACEMENT)
    assert whole is not None
    np.testing.assert_array_equal(found.masks, whole.masks)


def test_polygons_lie_on_the_radiograph() -> None:
    found = outlines(logits(), PLACEMENT)
    assert found is not None
    for name, mask in zip(STRUCTURES, masks(), strict=True):
        corners = np.array(polygons(found)[name])
        rows, columns = np.nonzero(mask)
        pixel = 20 * SQUARE / SIDE  # of the square on which outlines are drawn, on the radiograph
        wanted = np.array([[columns.min() * 20, rows.min() * 10], [(columns.max() + 1) * 20, (rows.max() + 1) * 10]])
        np.testing.assert_allclose([corners.min(axis=0), corners.max(axis=0)], wanted, atol=pixel)


@pytest.mark.parametrize(
    ("view", "outlined", "value", "reason"),
    [
        ("PA", True, 14 / 32, ""),
        ("AP", True, None, "the view of this one is AP"),
        ("unknown", True, None, "the view of this one is unknown"),
        ("PA", False, None, "could not be outlined"),
    ],
)
def test_ratio_or_why_there_is_none(view, outlined, value, reason: str) -> None:  # type: ignore[no-untyped-def]
    found = outlines(logits(), PLACEMENT) if outlined else None
    stated = cardiothoracic_ratio(found, view, (-0.05, 0.04))
    assert stated.value == (None if value is None else pytest.approx(value, abs=0.01))
    assert reason in stated.reason
    assert (stated.error, stated.heart is None) == ((-0.05, 0.04) if value else None, value is None)


def test_lines_end_at_the_borders() -> None:
    found = outlines(logits(), PLACEMENT)
    stated = cardiothoracic_ratio(found, "PA", (0, 0))
    assert stated.heart is not None
    assert stated.chest is not None
    assert [x for x, _ in (*stated.heart, *stated.chest)] == pytest.approx([280, 560, 80, 720], abs=5)
    (_, heart_row), (_, other) = stated.heart
    assert heart_row == other == pytest.approx(260, abs=10)  # rows 18 to 34 of 40, ten pixels each


def test_lines_turn_with_the_radiograph() -> None:
    lying = Placement(rows=800, columns=400, size=SQUARE, quarter_turns=1)
    stated = cardiothoracic_ratio(outlines(logits(), lying), "PA", (0, 0))
    assert stated.chest is not None
    (x0, y0), (x1, y1) = stated.chest
    # A quarter turn counter-clockwise sets it upright: what is at the top of the file comes to the left.
    assert (y0, y1) == (pytest.approx(80, abs=5), pytest.approx(720, abs=5))
    assert x0 == x1
