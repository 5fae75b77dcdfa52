"""From stored values to 0..1, bright = dense: the grayscale pipeline of PS3.4, N.2.

Stored values have 16 bits at most, so the whole pipeline (unused bits, sign, Modality LUT, VOI LUT or window,
Presentation LUT, polarity, padding) is computed once for each value that a cell can hold, in float64, and the
pixels then go through one table.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.elements import Elements
from model.errors import NotReadable, RefusalCode

_PHOTOMETRIC = 0x00280004
_PADDING, _PADDING_LIMIT = 0x00280120, 0x00280121
_INTENSITY, _INTENSITY_SIGN = 0x00281040, 0x00281041
_CENTER, _WIDTH, _VOI_FUNCTION = 0x00281050, 0x00281051, 0x00281056
_INTERCEPT, _SLOPE = 0x00281052, 0x00281053
_MODALITY_LUT, _VOI_LUT = 0x00283000, 0x00283010
_LUT_DESCRIPTOR, _LUT_DATA = 0x00283002, 0x00283006
_PRESENTATION_LUT, _PRESENTATION_SHAPE = 0x20500010, 0x20500020
_INTENT = 0x00080068
#: Of the pixels that are not padding: what lies outside is collimator, markers and noise.
_PERCENTILES = (0.5, 99.5)

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Stored:
    """Decoded cells and how a stored value lies in one (PS3.5, 8.1.1).

    ``cells`` is uint8 or uint16 (rows, columns). A stored value is the ``bits`` bits from ``low_bit`` upwards, in
    two's complement if ``signed``; other bits of the cell mean nothing (overlays, say).
    """

    cells: NDArray[np.uint8] | NDArray[np.uint16]
    bits: int
    low_bit: int = 0
    signed: bool = False
    #: What was done to come here, in words.
    steps: tuple[str, ...] = ()

    def values(self) -> NDArray[np.int64]:
        """The stored value of each content that a cell can have: the table that the pipeline starts from."""
        codes = np.arange(1 << (8 * self.cells.itemsize)) >> self.low_bit & ((1 << self.bits) - 1)
        return codes - ((codes >> (self.bits - 1)) << self.bits) if self.signed else codes


def to_grayscale(stored: Stored, elements: Elements) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """The pixels float32 (rows, columns), 0..1, bright = dense, padding 0; and the steps taken, in words.

    Raises:
        NotReadable: unsupported-syntax, corrupt.
    """
    steps = list(stored.steps)
    codes = stored.values()
    padding = _padding(codes, stored.signed, elements, steps)
    values = _modality(codes, elements, steps)
    for_processing = elements.text(_INTENT) == "FOR PROCESSING"
    if for_processing:
        values = _intensity(values, elements, steps)
    shown = _voi(values, elements, steps)
    if shown is None:
        counts = np.where(padding, 0, _histogram(stored.cells))
        shown = _automatic(values, counts, for_processing=for_processing, bits=stored.bits, steps=steps)
    shown = _presentation(shown, elements, steps)
    if _inverted(elements, steps, for_processing=for_processing):
        shown = 1 - shown
    table = np.where(padding, 0, shown).astype(np.float32)
    return np.asarray(cv2.LUT(stored.cells, table), dtype=np.float32), tuple(steps)


def _histogram(cells: NDArray[np.uint8] | NDArray[np.uint16]) -> Values:
    size = 1 << (8 * cells.itemsize)
    return np.asarray(cv2.calcHist([cells], [0], None, [size], [0, size]), dtype=np.float64).ravel()


def _padding(codes: NDArray[np.int64], signed: bool, elements: Elements, steps: list[str]) -> NDArray[np.bool_]:
    """Which stored values are padding (PS3.3, C.7.5.1.1.2)."""
    value = elements.numbers(_PADDING, "SS" if signed else "US")
    if not value:
        return np.zeros(codes.shape, dtype=np.bool_)
    limit = elements.numbers(_PADDING_LIMIT, "SS" if signed else "US") or value
    low, high = sorted(_as_stored(number, signed=signed) for number in (value[0], limit[0]))
    steps.append(f"padding {low}..{high} set to 0" if low != high else f"padding {low} set to 0")
    return (codes >= low) & (codes <= high)


def _as_stored(number: float, *, signed: bool) -> int:
    """A 16-bit number with the sign that the pixels have: some writers use the wrong one of US and SS."""
    word = int(number) & 0xFFFF
    return word - 0x10000 if signed and word >= 0x8000 else word


def _modality(codes: NDArray[np.int64], elements: Elements, steps: list[str]) -> Values:
    """Modality LUT Sequence or Rescale Slope and Intercept (PS3.3, C.11.1)."""
    luts = elements.sequence(_MODALITY_LUT)
    if luts:
        lut = _lut(luts[0], signed=bool(codes.min() < 0))
        steps.append(f"Modality LUT of {lut.entries.size} entries")
        return lut(codes.astype(np.float64))
    slope = next(iter(elements.decimals(_SLOPE)), 1.0)
    intercept = next(iter(elements.decimals(_INTERCEPT)), 0.0)
    if not np.isfinite(slope) or not np.isfinite(intercept) or slope == 0:
        words = "Rescale Slope (0028,1053) must be a number other than 0. Send the original image."
        raise NotReadable(RefusalCode.CORRUPT, words)
    if (slope, intercept) != (1.0, 0.0):
        steps.append(f"rescaled with slope {slope:g} and intercept {intercept:g}")
    return codes * slope + intercept


def _intensity(values: Values, elements: Elements, steps: list[str]) -> Values:
    """The logarithm of values that are proportional to X-ray intensity (PS3.3, C.8.11.3.1.2), as film has it."""
    if elements.text(_INTENSITY) != "LIN":
        return values
    steps.append("logarithm taken, Pixel Intensity Relationship is LIN")
    return np.log(np.maximum(values - min(values.min(), 0) + 1, 1))


@dataclass(frozen=True, eq=False)
class _Lut:
    """A look-up table (PS3.3, C.11.1.1): ``entries`` stand for the inputs from ``first`` on."""

    entries: Values
    first: int
    bits: int

    def __call__(self, values: Values) -> Values:
        """Beyond its ends, the first and the last entry hold."""
        index = np.rint(values).astype(np.int64) - self.first
        return self.entries[np.clip(index, 0, self.entries.size - 1)]

    def unit(self, values: Values) -> Values:
        """The output as a share of the table's range."""
        return self(values) / ((1 << self.bits) - 1)


def _lut(item: Elements, *, signed: bool) -> _Lut:
    """One item of a LUT sequence; ``signed``: its input may be negative."""
    descriptor = item.numbers(_LUT_DESCRIPTOR, "US")
    if len(descriptor) != 3 or not 1 <= int(descriptor[2]) <= 16:
        words = "LUT Descriptor (0028,3002) must hold entries, first value and 1 to 16 bits. Send the original image."
        raise NotReadable(RefusalCode.CORRUPT, words)
    count = (int(descriptor[0]) & 0xFFFF) or 65536
    raw = item.raw(_LUT_DATA)
    if len(raw) < count:
        words = f"LUT Data (0028,3006) must hold {count} entries, not {len(raw)} bytes. Send the original image."
        raise NotReadable(RefusalCode.CORRUPT, words)
    # Entries of 8 bits may be packed two to a word (OW), or stand one in a word.
    wide = len(raw) >= 2 * count
    entries = np.frombuffer(raw, item.encoding.order + "u2" if wide else "u1", count).astype(np.float64)
    # Some writers say fewer bits than their entries have.
    bits = max(int(descriptor[2]), int(entries.max()).bit_length())
    return _Lut(entries, _as_stored(descriptor[1], signed=signed), bits)


def _voi(values: Values, elements: Elements, steps: list[str]) -> Values | None:
    """The first VOI LUT or the first window (PS3.3, C.11.2), to 0..1; None when the file has none that is valid."""
    luts = elements.sequence(_VOI_LUT)
    if luts:
        lut = _lut(luts[0], signed=bool(values.min() < 0))
        steps.append(f"VOI LUT of {lut.entries.size} entries")
        return lut.unit(values)
    center, width = elements.decimals(_CENTER), elements.decimals(_WIDTH)
    if not center or not width:
        return None
    name = elements.text(_VOI_FUNCTION) or "LINEAR"
    function = _VOI_FUNCTIONS.get(name)
    if function is None:
        words = f"VOI LUT Function (0028,1056) must be LINEAR, LINEAR_EXACT or SIGMOID, not '{name[:16]}'."
        raise NotReadable(RefusalCode.UNSUPPORTED_SYNTAX, words)
    window = f"window {name} with center {center[0]:g} and width {width[0]:g}"
    if not np.isfinite(center[0]) or not np.isfinite(width[0]) or width[0] < (1 if name == "LINEAR" else 1e-9):
        steps.append(f"{window} left out, its width is not valid")
        return None
    steps.append(window)
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
    luts = elements.sequence(_PRESENTATION_LUT)
    if not luts:
        return shown
    lut = _lut(luts[0], signed=False)
    steps.append(f"Presentation LUT of {lut.entries.size} entries")
    return lut.unit(shown * (lut.entries.size - 1) + lut.first)


def _inverted(elements: Elements, steps: list[str], *, for_processing: bool) -> bool:
    """Whether large values are to be dark.

    MONOCHROME1 and Presentation LUT Shape INVERSE say the same thing (PS3.3, C.8.11.3.1.2), so both together invert
    once; where only one of them says it, it is believed. An image for processing is not yet meant for eyes: there
    Pixel Intensity Relationship Sign 1 (more X-rays, larger values) decides if it is present.
    """
    sign = elements.numbers(_INTENSITY_SIGN, "SS")
    if for_processing and sign:
        inverted = sign[0] > 0
        reason = f"Pixel Intensity Relationship Sign is {int(sign[0])}"
    else:
        named = {"MONOCHROME1": elements.text(_PHOTOMETRIC), "INVERSE": elements.text(_PRESENTATION_SHAPE)}
        said = [word for word, came in named.items() if came == word]
        inverted, reason = bool(said), " and ".join(said)
    if inverted:
        steps.append(f"inverted, {reason}")
    return inverted
