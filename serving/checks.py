"""What ``hilum doctor`` finds, one thing at a time."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    #: It works, and will not for long, or should not as it is.
    WARN = "warn"
    WRONG = "wrong"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    right: bool
    words: str
    #: What to do when it is not right.
    cure: str = ""
    #: When it is not right, that is a warning.
    mild: bool = False

    @property
    def level(self) -> Level:
        if self.right:
            return Level.OK
        return Level.WARN if self.mild else Level.WRONG
