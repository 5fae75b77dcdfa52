"""What a reading is and how one is made: a radiograph goes in, a reading or a refusal comes out."""

from model.errors import HilumError, Misconfigured, NotReadable, RefusalCode, Unavailable
from model.limits import Limits
from model.radiograph import Radiograph
from model.reader import Reader
from model.reading import CardiothoracicRatio, Finding, Gate, Heatmap, Outlines, Reading, Refusal

__all__ = [
    "CardiothoracicRatio",
    "Finding",
    "Gate",
    "Heatmap",
    "HilumError",
    "Limits",
    "Misconfigured",
    "NotReadable",
    "Outlines",
    "Radiograph",
    "Reader",
    "Reading",
    "Refusal",
    "RefusalCode",
    "Unavailable",
]
