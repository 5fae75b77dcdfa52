"""How a radiograph must be turned to stand upright, with the patient's left on the right of the image."""

from dataclasses import dataclass
from itertools import product

_OPPOSITE = {"L": "R", "R": "L", "H": "F", "F": "H", "A": "P", "P": "A"}

#: Directions of rows and of columns in an upright frontal radiograph: to the patient's left, to the feet
#: (Patient Orientation (0020,0020), PS3.3 C.7.6.1.1.1).
_UPRIGHT = ("L", "F")


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What to do to a radiograph, in this order: mirror left to right, quarter turns counter-clockwise, invert."""

    quarter_turns: int = 0
    mirrored: bool = False
    inverted: bool = False

    def then(self, later: "Turn") -> "Turn":
        """Both, one after the other. ``later`` may not mirror."""
        return Turn(
            quarter_turns=(self.quarter_turns + later.quarter_turns) % 4,
            mirrored=self.mirrored,
            inverted=self.inverted != later.inverted,
        )

    def words(self) -> tuple[str, ...]:
        """What was done, as a reading says it; empty if nothing."""
        said = ["mirrored"] if self.mirrored else []
        if self.quarter_turns:
            said.append(f"turned by {90 * self.quarter_turns} degrees counter-clockwise")
        if self.inverted:
            said.append("grey levels inverted")
        return tuple(said)


AS_IT_IS = Turn()


def is_frontal(orientation: tuple[str, str] | None) -> bool | None:
    """Whether Patient Orientation is that of a frontal radiograph; None if it does not say."""
    if orientation is None or not set(_first(orientation)) <= set(_OPPOSITE):
        return None
    return not set(_first(orientation)) & {"A", "P"}


def turn_to_upright(orientation: tuple[str, str] | None) -> Turn:
    """The turn that Patient Orientation asks for; none where it says nothing or is not that of a frontal radiograph."""
    if not is_frontal(orientation) or orientation is None:
        return AS_IT_IS
    for mirrored, quarter_turns in product((False, True), range(4)):
        if _turned(_first(orientation), quarter_turns, mirrored) == _UPRIGHT:
            return Turn(quarter_turns=quarter_turns, mirrored=mirrored)
    return AS_IT_IS  # rows and columns along the same axis: no orientation at all


def _first(orientation: tuple[str, str]) -> tuple[str, str]:
    """The main direction of each axis: "LF" means left, a little towards the feet."""
    rows, columns = orientation
    return rows[:1], columns[:1]


def _turned(orientation: tuple[str, str], quarter_turns: int, mirrored: bool) -> tuple[str, str]:
    rows, columns = orientation
    if mirrored:
        rows = _OPPOSITE[rows]
    for _ in range(quarter_turns):
        # Counter-clockwise, what pointed down points right, and what pointed right points up.
        rows, columns = columns, _OPPOSITE[rows]
    return rows, columns
