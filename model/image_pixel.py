"""The Image Pixel module (PS3.3, C.7.6.3): what the file says of its pixel data, checked before they are touched."""

from dataclasses import dataclass

from model.elements import Elements, named
from model.errors import NotReadable, RefusalCode
from model.limits import Limits

#: Photometric Interpretation to Samples per Pixel.
_SAMPLES = {
    "MONOCHROME1": 1,
    "MONOCHROME2": 1,
    "PALETTE COLOR": 1,
    "RGB": 3,
    "YBR_FULL": 3,
    "YBR_FULL_422": 3,
    "YBR_ICT": 3,
    "YBR_RCT": 3,
}


@dataclass(frozen=True, kw_only=True)
class ImagePixel:
    """``bits_allocated`` is 8 or 16, ``samples`` 1 or 3; a stored value ends at ``high_bit`` of its cell."""

    rows: int
    columns: int
    frames: int
    samples: int
    photometric: str
    planar: bool
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool

    @property
    def frame_bytes(self) -> int:
        """Of one frame, not compressed. In YBR_FULL_422 two pixels share their chrominance."""
        samples = 2 if self.photometric == "YBR_FULL_422" else self.samples
        return self.rows * self.columns * samples * self.bits_allocated // 8


def image_pixel(elements: Elements, limits: Limits) -> ImagePixel:
    """
    Raises:
        NotReadable: corrupt, too-large, unsupported-syntax.
    """
    allocated = _required(elements, "BitsAllocated")
    stored = _optional(elements, "BitsStored", allocated)
    pixels = ImagePixel(
        rows=_required(elements, "Rows"),
        columns=_required(elements, "Columns"),
        frames=int(next(iter(elements.decimals("NumberOfFrames")), 1)),
        samples=_optional(elements, "SamplesPerPixel", 1),
        photometric=elements.text("PhotometricInterpretation"),
        planar=_optional(elements, "PlanarConfiguration", 0) == 1,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=_optional(elements, "HighBit", stored - 1),
        signed=_optional(elements, "PixelRepresentation", 0) == 1,
    )
    limits.check_grid(pixels.rows, pixels.columns, pixels.frames)
    _check_bits(pixels)
    _check_photometric(pixels)
    return pixels


def _check_bits(pixels: ImagePixel) -> None:
    if pixels.bits_allocated not in {8, 16}:
        words = f"{named('BitsAllocated')} must be 8 or 16, not {pixels.bits_allocated}. Send the original image."
        raise NotReadable(RefusalCode.UNSUPPORTED_SYNTAX, words)
    if not 1 <= pixels.bits_stored <= pixels.high_bit + 1 <= pixels.bits_allocated:
        came = f"{pixels.bits_stored} stored and high bit {pixels.high_bit} of {pixels.bits_allocated} allocated"
        words = f"{named('BitsStored')} must fit into the bits allocated, not {came}. Send the original image."
        raise NotReadable(RefusalCode.CORRUPT, words)


def _check_photometric(pixels: ImagePixel) -> None:
    samples = _SAMPLES.get(pixels.photometric)
    if samples is None:
        known = ", ".join(_SAMPLES)
        words = f"{named('PhotometricInterpretation')} must be one of {known}, not '{pixels.photometric[:16]}'."
        raise NotReadable(RefusalCode.UNSUPPORTED_SYNTAX, f"{words} Send the original image.")
    if samples != pixels.samples:
        words = f"{named('SamplesPerPixel')} must be {samples} for {pixels.photometric}, not {pixels.samples}."
        raise NotReadable(RefusalCode.CORRUPT, f"{words} Send the original image.")


def _required(elements: Elements, keyword: str) -> int:
    value = elements.number(keyword)
    if value is None:
        raise NotReadable(RefusalCode.CORRUPT, f"{named(keyword)} must be present. Send the original image.")
    return value


def _optional(elements: Elements, keyword: str, default: int) -> int:
    value = elements.number(keyword)
    return default if value is None else value
