"""What the status of a C-STORE, or the Failure Reason of a STOW-RS, means for what was sent."""

from enum import Enum, auto

#: C-STORE statuses (PS3.4, table B.2-1; PS3.7, annex C). Duplicate: it is there, and it is the same, byte for byte.
_SUCCESS, _DUPLICATE = 0x0000, 0x0111
_WARNING = 0xB000
#: Final: data set does not match, cannot understand, SOP class not supported, not authorized, invalid attributes.
_FINAL_RANGES = (range(0xA900, 0xAA00), range(0xC000, 0xD000))
_FINAL = {0x0105, 0x0106, 0x0117, 0x0122, 0x0124}


class Verdict(Enum):
    STORED = auto()
    #: Time may cure it.
    LATER = auto()
    NEVER = auto()


def verdict(status: int) -> Verdict:
    """Of a status of PS3.7, annex C, and PS3.4, table B.2-1; Failure Reason (0008,1197) has the same."""
    if status in {_SUCCESS, _DUPLICATE} or status & 0xF000 == _WARNING:
        return Verdict.STORED
    final = status in _FINAL or any(status in some for some in _FINAL_RANGES)
    return Verdict.NEVER if final else Verdict.LATER
