"""What ``hilum doctor`` finds, one thing at a time."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    right: bool
    words: str
    #: What to do when it is not right.
    cure: str = ""
