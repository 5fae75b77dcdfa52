"""From stored values to 0..1, bright = dense: the grayscale pipeline of PS3.4, N.2.

Stored values have 16 bits at most, so the whole pipeline (unused bits, sign, Modality LUT, VOI LUT or window,
Presentation LUT, polarity, padding) is computed once for each value that there can be, in float64, and the
pixels then go through one table.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.elements import Elements, named
from model.errors import NotReadable, RefusalCode
from model.stored import Stored

#: Of the pixels that are not padding: what lies outside is collimator, markers and noise.
_PERCENTILES = (0.5, 99.5)
#: No number of a real pipeline is as large; beyond it, arithmetic would overflow.
_LARGEST = 1e12

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Window:
    """A window that is asked for instead of the file's own (PS3.3, C.11.2.1.2), in values behind the Modality LUT."""

    center: float
    width: float
    #: LINEAR, LINEAR_EXACT or SIGMOID.
    function: str = "LINEAR"

    def is_valid(self) -> bool:
        least = 1 if self.function == "LINEAR" else 1e-6
        return self.function in _VOI_FUNCTIONS and _usable(self.center) and least <= self.width < _LARGEST


def to_grayscale(
    stored: Stored, elements: Elements, window: Window | None = None
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """The pixels float32 (rows, columns), 0..1, bright = dense, padding 0; and the steps taken, in words.

    ``window`` is valid; without it, the file's own VOI LUT or window counts.

    Raises:
        NotReadable: unsupported-syntax, corrupt.
    """
    steps = list(stored.steps)
    codes = stored.values()
    padding = _padding(codes, stored.signed, elements, steps)
    values = _modality(codes, elements, steps)
    for_processing = elements.text("PresentationIntentType") == "FOR PROCESSING"
    shown = _asked(values, window, steps) if window else _voi(values, elements, steps)
    if shown is None:
        if for_processing:
            values = _intensity(values, elements, steps)
        counts = np.where(padding, 0, stored.counts())
        shown = _automatic(values, counts, for_processing=for_processing, bits=stored.bits, steps=steps)
    shown = _presentation(shown, elements, steps)
    if _inverted(elements, steps, for_processing=for_processing):
        shown = 1 - shown
    table = np.where(padding, 0, shown).astype(np.float32)
    return stored.through(table), tuple(steps)


def plain(stored: Stored) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """The pixels of an image that has no pipeline: float32 (rows, columns), 0..1; and the steps taken, in words."""
    steps = list(stored.steps)
    values = stored.values().astype(np.float64)
    shown = _automatic(values, stored.counts(), for_processing=False, bits=stored.bits, steps=steps)
    return stored.through(shown.astype(np.float32)), tuple(steps)


def _padding(codes: NDArray[np.int64], signed: bool, elements: Elements, steps: list[str]) -> NDArray[np.bool_]:
    """Which stored values are padding (PS3.3, C.7.5.1.1.2)."""
    value = elements.numbers("PixelPaddingValue", "SS" if signed else "US")
    if not value:
        return np.zeros(codes.shape, dtype=np.bool_)
    limit = elements.numbers("PixelPaddingRangeLimit", "SS" if signed else "US") or value
    low, high = sorted(_as_stored(number, signed=signed) for number in (value[0], limit[0]))
    padding: NDArray[np.bool_] = (codes >= low) & (codes <= high)
    name = f"padding {low}" if low == high else f"padding {low}..{high}"
    steps.append(f"{name} set to 0" if padding.any() else f"{name} does not fit into the stored bits, left out")
    return padding


def _as_stored(number: float, *, signed: bool) -> int:
    """A 16-bit number with the sign that the pixels have: some writers use the wrong one of US and SS."""
    word = int(number) & 0xFFFF
    return word - 0x10000 if signed and word >= 0x8000 else word


def _modality(codes: NDArray[np.int64], elements: Elements, steps: list[str]) -> Values:
    """Modality LUT Sequence or Rescale Slope and Intercept (PS3.3, C.11.1)."""
    lut = _first_lut(elements, "ModalityLUTSequence", signed=bool(codes.min() < 0))
    if lut is not None:
        steps.append(f"Modality LUT of {lut.entries.size} entries")
        return lut(codes.astype(np.float64))
    slope = next(iter(elements.decimals("RescaleSlope")), 1.0)
    intercept = next(iter(elements.decimals("RescaleIntercept")), 0.0)
    if slope == 0 or not _usable(slope) or not _usable(intercept):
        words = f"{named('RescaleSlope')} must be a usable number other than 0. Send the original image."
        raise NotReadable(RefusalCode.CORRUPT, words)
    if (slope, intercept) != (1.0, 0.0):
        steps.append(f"rescaled with slope {slope:g} and intercept {intercept:g}")
    return codes.astype(np.float64) * slope + intercept


def _usable(number: float) -> bool:
    """Also not infinite and not NaN."""
    return abs(number) < _LARGEST


def _intensity(values: Values, elements: Elements, steps: list[str]) -> Values:
    """The logarithm of values that are proportional to X-ray intensity (PS3.3, C.8.11.3.1.2), as film has it."""
    if elements.text("PixelIntensityRelationship") != "LIN":
        return values
    steps.append("logarithm taken, Pixel Intensity Relationship is LIN")
    return np.asarray(np.log(np.maximum(values - min(values.min(), 0) + 1, 1)), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Lut:
    """A look-up table (PS3.3, C.11.1.1): ``entries`` stand for the inputs from ``first`` on."""

    entries: Values
    first: int
    bits: int

    def __call__(self, values: Values) -> Values:
        """Beyond its ends, the first and the last entry hold."""
        index = np.rint(values).astype(np.int64) - self.first
        return np.asarray(self.entries[np.clip(index, 0, self.entries.size - 1)], dtype=np.float64)

    def unit(self, values: Values) -> Values:
        """The output as a share of the table's range."""
        return self(values) / ((1 << self.bits) - 1)


def _first_lut(elements: Elements, keyword: str, *, signed: bool) -> _Lut | None:
    """The first table of a LUT sequence, or None; ``signed``: its input may be negative."""
    for item in elements.sequence(keyword):
        if item.raw("LUTDescriptor"):
            return _lut(item, signed=signed)
    return None


def _lut(item: Elements, *, signed: bool) -> _Lut:
    descriptor = item.numbers("LUTDescriptor")
    if len(descriptor) != 3 or not 1 <= descriptor[2] <= 16:
        words = f"{named('LUTDescriptor')} must hold entries, first value and 1 to 16 bits. Send the original image."
        raise NotReadable(RefusalCode.CORRUPT, words)
    count = (descriptor[0] & 0xFFFF) or 65536
    raw = item.raw("LUTData")
    if len(raw) < count:
        words = f"{named('LUTData')} must hold {count} entries, not {len(raw)} bytes. Send the original image."
        raise NotReadable(RefusalCode.CORRUPT, words)
    # Entries of 8 bits may be packed two to a word (OW), or stand one in a word.
    wide = len(raw) >= 2 * count
    entries = np.frombuffer(raw, item.encoding.order + "u2" if wide else "u1", count).astype(np.float64)
    # Some writers say fewer bits than their entries have.
    bits = max(descriptor[2], int(entries.max()).bit_length())
    return _Lut(entries, _as_stored(descriptor[1], signed=signed), bits)


def _asked(values: Values, window: Window, steps: list[str]) -> Values:
    steps.append(f"window {window.function} with center {window.center:g} and width {window.width:g}, as asked for")
    return _VOI_FUNCTIONS[window.function](values, window.center, window.width)


def _voi(values: Values, elements: Elements, steps: list[str]) -> Values | None:
    """The first VOI LUT or the first window (PS3.3, C.11.2), to 0..1; None when the file has none that is valid."""
    lut = _first_lut(elements, "VOILUTSequence", signed=bool(values.min() < 0))
    if lut is not None:
        steps.append(f"VOI LUT of {lut.entries.size} entries")
        return lut.unit(values)
    center, width = elements.decimals("WindowCenter"), elements.decimals("WindowWidth")
    if not center or not width:
        return None
    name = elements.text("VOILUTFunction") or "LINEAR"
    function = _VOI_FUNCTIONS.get(name)
    if function is None:
        words = f"{named('VOILUTFunction')} must be LINEAR, LINEAR_EXACT or SIGMOID, not '{name[:16]}'."
        raise NotReadable(RefusalCode.UNSUPPORTED_SYNTAX, words)
    words = f"window {name} with center {center[0]:g} and width {width[0]:g}"
    if not Window(center[0], width[0], name).is_valid():
        steps.append(f"{words} left out, it is not valid")
        return None
    steps.append(words)
    return function(values, center[0], width[0])


def _linear(values: Values, center: float, width: float) -> Values:
    """C.11.2.1.2.1. A width of 1 is a threshold."""
    if width == 1:
        return (values > center - 0.5).astype(np.float64)
    return np.clip((values - (center - 0.5)) / (width - 1) + 0.5, 0, 1)


def _linear_exact(values: Values, center: float, width: float) -> Values:
    """C.11.2.1.3.2."""
    return np.clip((values - center) / width + 0.5, 0, 1)


def _sigmoid(values: Values, center: float, width: float) -> Values:
    """C.11.2.1.3.1. The exponent is bounded: far outside of the window the result is 0 or 1."""
    return 1 / (1 + np.exp(np.clip(-4 * (values - center) / width, -700, 700)))


_VOI_FUNCTIONS: dict[str, Callable[[Values, float, float], Values]] = {
    "LINEAR": _linear,
    "LINEAR_EXACT": _linear_exact,
    "SIGMOID": _sigmoid,
}


def _automatic(values: Values, counts: Values, *, for_processing: bool, bits: int, steps: list[str]) -> Values:
    """A window for an image that brings none, from its pixels that are not padding.

    For presentation: all of them; up to 8 bits: the whole range, as every viewer shows it. For processing: robust
    percentiles, since such an image still has the open field and the collimator in it.
    """
    present = counts > 0
    if not present.any():
        return np.zeros_like(values)
    if for_processing:
        low, high = _percentiles(values[present], counts[present])
        steps.append(f"no window: percentiles {_PERCENTILES[0]:g} to {_PERCENTILES[1]:g}, image is FOR PROCESSING")
    elif bits <= 8:
        low, high = values.min(), values.max()
        steps.append("no window: the whole range of the stored bits")
    else:
        low, high = values[present].min(), values[present].max()
        steps.append(f"no window: smallest to largest value, {low:g} to {high:g}")
    return np.clip((values - low) / max(high - low, 1e-9), 0, 1)


def _percentiles(values: Values, counts: Values) -> tuple[float, float]:
    order = np.argsort(values, kind="stable")
    shares = np.cumsum(counts[order]) / counts.sum() * 100
    low, high = np.searchsorted(shares, _PERCENTILES)
    return float(values[order][low]), float(values[order][min(high, values.size - 1)])


def _presentation(shown: Values, elements: Elements, steps: list[str]) -> Values:
    """Presentation LUT Sequence (PS3.3, C.11.4): its input is the whole range of its entries."""
    lut = _first_lut(elements, "PresentationLUTSequence", signed=False)
    if lut is None:
        return shown
    steps.append(f"Presentation LUT of {lut.entries.size} entries")
    return lut.unit(shown * (lut.entries.size - 1) + lut.first)


def _inverted(elements: Elements, steps: list[str], *, for_processing: bool) -> bool:
    """Whether large values are to be dark.

    MONOCHROME1 and Presentation LUT Shape INVERSE say the same thing (PS3.3, C.8.11.3.1.2), so both together invert
    once; where only one of them says it, it is believed. An image for processing is not yet meant for eyes: there
    Pixel Intensity Relationship Sign 1 (more X-rays, larger values) decides if it is present.
    """
    sign = elements.numbers("PixelIntensityRelationshipSign", "SS")
    if for_processing and sign:
        inverted = sign[0] > 0
        reason = f"Pixel Intensity Relationship Sign is {int(sign[0])}"
    else:
        polarity = (elements.text("PhotometricInterpretation"), elements.text("PresentationLUTShape"))
        said = [word for word in polarity if word in {"MONOCHROME1", "INVERSE"}]
        inverted, reason = bool(said), " and ".join(said)
    if inverted:
        steps.append(f"inverted, {reason}")
    return inverted
