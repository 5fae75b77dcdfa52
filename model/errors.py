"""Every error that is ours.

    HilumError
    ├── NotReadable     the input's fault: stored and shown as a refusal, never retried
    ├── Unavailable     time may cure it: retried
    │   └── OutOfMemory     it may, but most often the same asks for as much again: retried a few times
    └── Misconfigured   we do not start

No other exception leaves ``model``. A message says what must be, what came and what to do; it never holds a
patient's name, ID, birth date or accession number.
"""

from enum import StrEnum


class RefusalCode(StrEnum):
    """Why a radiograph is not read. The closed list: stored, sent and translated by these values."""

    NOT_DICOM = "not-dicom"  # neither DICOM nor an image file that we know
    NOT_RADIOGRAPH = "not-radiograph"  # DICOM, but not a projection radiograph (CT, SR, a colour photograph, ...)
    NOT_CHEST = "not-chest"  # a radiograph of something else
    NOT_FRONTAL = "not-frontal"  # a lateral or oblique chest radiograph
    CHILD = "child"  # below the age that the model card covers
    POOR_QUALITY = "poor-quality"  # cropped, blurred, badly exposed, or its orientation cannot be told
    UNSUPPORTED_SYNTAX = "unsupported-syntax"  # a transfer syntax or a pixel module that we do not decode
    CORRUPT = "corrupt"  # contradicts itself or ends early
    TOO_LARGE = "too-large"  # more rows, columns, frames or bytes than the limits allow


class HilumError(Exception):
    """The root of our errors."""


class NotReadable(HilumError):
    """The input cannot or must not be read, and trying again will not change that."""

    def __init__(self, code: RefusalCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Unavailable(HilumError):
    """Something that we need is not there now; the same call may succeed later."""


class OutOfMemory(Unavailable):
    """There is not enough memory now; the same file may need as much again."""


class Misconfigured(HilumError):
    """A setting, a file of weights or a manifest is wrong; the program does not start."""
