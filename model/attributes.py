"""What a file says about the radiograph beside its pixels: geometry, view, orientation, age."""

from datetime import date
from math import isfinite
from typing import Literal

from model.elements import Elements
from model.errors import NotReadable

#: "lateral" stands for every view that is known not to be frontal: obliques too.
View = Literal["PA", "AP", "lateral", "unknown"]
SpacingAt = Literal["patient", "detector"]

#: View Position (0018,5101), without spaces and underscores; PS3.3, C.8.1.2 and C.8.11.5, and words in use.
_VIEWS: dict[str, View] = {
    "PA": "PA",
    "AP": "AP",
    **dict.fromkeys(("LL", "RL", "LAT", "LATERAL", "LLAT", "RLAT", "LEFTLATERAL", "RIGHTLATERAL"), "lateral"),
    **dict.fromkeys(("LLD", "LLO", "RLD", "RLO", "LAO", "RAO", "LPO", "RPO", "OBLIQUE", "OBL"), "lateral"),
}
#: Days in one unit of an Age String (PS3.5, 6.2).
_DAYS = {"D": 1.0, "W": 7.0, "M": 365.25 / 12, "Y": 365.25}


def view(elements: Elements) -> View:
    """By View Position; by Patient Orientation where that shows that it is a lateral; descriptions are not trusted."""
    position = "".join(filter(str.isalpha, elements.text("ViewPosition").upper()))
    known = _VIEWS.get(position)
    if known is not None:
        return known
    orientation = patient_orientation(elements)
    # The rows of a frontal image run between left and right; of a lateral one, between anterior and posterior.
    return "lateral" if orientation is not None and orientation[0] in {"A", "P"} else "unknown"


def patient_orientation(elements: Elements) -> tuple[str, str] | None:
    """Directions of the rows and of the columns, e.g. ("L", "F"); None when the file does not say both."""
    values = elements.texts("PatientOrientation")
    valid = len(values) == 2 and all(value and not value.strip("APRLHF") for value in values)
    return (values[0], values[1]) if valid else None


def pixel_spacing(elements: Elements) -> tuple[tuple[float, float] | None, SpacingAt | None]:
    """Millimetres (row spacing, column spacing), and the plane in which they are true (PS3.3, 10.7.1).

    Pixel Spacing is at the patient unless it only repeats the detector's. The detector's, divided by the magnification
    where the file says it, is at the patient too.
    """
    patient = _pair(elements, "PixelSpacing")
    detector = _pair(elements, "ImagerPixelSpacing") or _pair(elements, "NominalScannedPixelSpacing")
    if patient is not None and patient != detector:
        return patient, "patient"
    if detector is None:
        return None, None
    factor = _positive(elements, "EstimatedRadiographicMagnificationFactor", 1)
    if factor is None:
        return detector, "detector"
    return (detector[0] / factor[0], detector[1] / factor[0]), "patient"


def pixel_aspect_ratio(elements: Elements) -> float:
    """Height of a pixel by its width: of the spacing, or of Pixel Aspect Ratio (0028,0034); else 1."""
    spacing, _ = pixel_spacing(elements)
    ratio = spacing or _pair(elements, "PixelAspectRatio")
    return ratio[0] / ratio[1] if ratio else 1.0


def patient_age(elements: Elements) -> float | None:
    """Years: Patient's Age, or from birth to the study."""
    text = elements.text("PatientAge")
    if len(text) >= 2 and text[:-1].isdecimal() and text[-1] in _DAYS:
        return int(text[:-1]) * _DAYS[text[-1]] / 365.25
    born, examined = _date(elements.text("PatientBirthDate")), _date(elements.text("StudyDate"))
    if born is None or examined is None or examined < born:
        return None
    return (examined - born).days / 365.25


def burned_in_annotation(elements: Elements) -> bool | None:
    return {"YES": True, "NO": False}.get(elements.text("BurnedInAnnotation").upper())


def _pair(elements: Elements, keyword: str) -> tuple[float, float] | None:
    values = _positive(elements, keyword, 2)
    return None if values is None else (values[0], values[1])


def _positive(elements: Elements, keyword: str, count: int) -> tuple[float, ...] | None:
    """So many positive numbers, or None: no image is refused for its geometry alone."""
    try:
        values = elements.decimals(keyword)
    except NotReadable:
        return None
    valid = len(values) == count and all(isfinite(value) and value > 0 for value in values)
    return values if valid else None


def _date(text: str) -> date | None:
    """Of a DICOM date (DA), also with the dots of ACR-NEMA."""
    digits = text.replace(".", "")
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])) if len(digits) == 8 else None
    except ValueError:
        return None
