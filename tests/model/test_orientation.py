"""Patient Orientation to the turn that sets a radiograph upright."""

import numpy as np
import pytest

from model.orientation import AS_IT_IS, Turn, is_frontal, turn_to_upright
from model.placement import Placement

#: Upright: rows run to the patient's left, columns to the feet. All four corners differ, and so do the sides.
U = np.array([[1, 2, 3], [4, 5, 6]], np.float32)

#: Directions of rows and columns to the pixels as they are stored, e.g. ("F", "L"): going along a row leads to the
#: feet, which is down in U; going down a column leads to the left, which is along a row of U.
STORED = {
    ("L", "F"): U,
    ("R", "F"): np.fliplr(U),
    ("L", "H"): np.flipud(U),
    ("R", "H"): np.flipud(np.fliplr(U)),
    ("F", "L"): U.T,
    ("H", "L"): np.fliplr(U.T),
    ("F", "R"): np.flipud(U.T),
    ("H", "R"): np.flipud(np.fliplr(U.T)),
}


@pytest.mark.parametrize("orientation", STORED)
def test_every_frontal_orientation_is_set_upright(orientation: tuple[str, str]) -> None:
    stored, turn = STORED[orientation], turn_to_upright(orientation)
    rows, columns = stored.shape
    placement = Placement(rows=rows, columns=columns, size=3, quarter_turns=turn.quarter_turns, mirrored=turn.mirrored)
    np.testing.assert_array_equal(placement.forward(stored), U)


@pytest.mark.parametrize(
    ("orientation", "frontal"),
    [
        (("L", "F"), True),
        (("LF", "FR"), True),  # a little oblique: the first letter leads
        (("A", "F"), False),
        (("PL", "FA"), False),
        (("F", "P"), False),
        (None, None),
        (("X", "F"), None),
        (("", ""), None),
    ],
)
def test_is_frontal(orientation: tuple[str, str] | None, frontal: bool | None) -> None:
    assert is_frontal(orientation) is frontal


@pytest.mark.parametrize("orientation", [None, ("A", "F"), ("L", "R"), ("F", "F"), ("", ""), ("X", "F")])
def test_nothing_is_turned_where_the_file_does_not_say_how(orientation: tuple[str, str] | None) -> None:
    assert turn_to_upright(orientation) == AS_IT_IS


@pytest.mark.parametrize(
    ("first", "later", "both"),
    [
        (Turn(quarter_turns=3), Turn(quarter_turns=2), Turn(quarter_turns=1)),  # 270 + 180 = 90 degrees
        (Turn(mirrored=True), Turn(quarter_turns=1), Turn(quarter_turns=1, mirrored=True)),
        (Turn(inverted=True), Turn(inverted=True), Turn()),
        (Turn(), Turn(inverted=True), Turn(inverted=True)),
    ],
)
def test_one_turn_then_another(first: Turn, later: Turn, both: Turn) -> None:
    assert first.then(later) == both


def test_words_in_the_order_of_what_was_done() -> None:
    turn = Turn(quarter_turns=3, mirrored=True, inverted=True)
    assert turn.words() == ("mirrored", "turned by 270 degrees counter-clockwise", "grey levels inverted")
    assert AS_IT_IS.words() == ()
