"""Grey images in a colour's clothes: a radiograph stored as RGB, YBR or palette. Real colour is refused."""

import cv2
import numpy as np

from model.elements import Elements, named
from model.errors import NotReadable, RefusalCode
from model.stored import Cells

#: Of 255: lossy compression leaves this much colour in a grey image.
_TOLERANCE = 8
_PALETTES = ("RedPaletteColor", "GreenPaletteColor", "BluePaletteColor")


def grey(samples: Cells) -> Cells:
    """One sample a pixel, of (rows, columns, 3) that are RGB with equal samples, or YBR without chrominance.

    Both are tried, since what files and codestreams say of their colour space is often wrong.

    Raises:
        NotReadable: not-radiograph, for an image that has colours.
    """
    first, second, third = (np.ascontiguousarray(samples[..., at]) for at in range(3))
    neutral = 1 << (8 * samples.itemsize - 1)
    tolerance = _TOLERANCE << (8 * (samples.itemsize - 1))
    same = _largest_difference(first, second) <= tolerance and _largest_difference(first, third) <= tolerance
    plain = _largest_difference(second, neutral) <= tolerance and _largest_difference(third, neutral) <= tolerance
    if not same and not plain:
        raise _coloured()
    return first


def through_palette(codes: Cells, elements: Elements) -> Cells:
    """The grey that a palette gives to each code (PS3.3, C.7.9).

    Raises:
        NotReadable: not-radiograph, for a palette that has colours; unsupported-syntax, corrupt.
    """
    red, green, blue = (_palette(elements, name) for name in _PALETTES)
    if not (np.array_equal(red[0], green[0]) and np.array_equal(red[0], blue[0])):
        raise _coloured()
    entries, first = red
    index = np.clip(np.arange(1 << (8 * codes.itemsize)) - first, 0, entries.size - 1)
    return np.asarray(cv2.LUT(codes, entries[index]))


def _palette(elements: Elements, name: str) -> tuple[Cells, int]:
    descriptor = elements.numbers(f"{name}LookupTableDescriptor")
    if len(descriptor) != 3 or descriptor[2] not in {8, 16}:
        words = f"{named(name + 'LookupTableDescriptor')} must hold entries, first value and 8 or 16 bits."
        raise NotReadable(RefusalCode.CORRUPT, f"{words} Send the original image.")
    count = descriptor[0] or 65536
    raw = elements.raw(f"{name}LookupTableData")
    if len(raw) < count:
        words = f"{named(name + 'LookupTableData')} must hold {count} entries, not segments. Send a grey image."
        raise NotReadable(RefusalCode.UNSUPPORTED_SYNTAX, words)
    wide = len(raw) >= 2 * count
    entries = np.frombuffer(raw, elements.encoding.order + "u2" if wide else "u1", count)
    return entries.astype(np.uint16 if descriptor[2] == 16 else np.uint8), descriptor[1]


def _largest_difference(first: Cells, other: Cells | int) -> float:
    return float(cv2.norm(first, np.full_like(first, other) if isinstance(other, int) else other, cv2.NORM_INF))


def _coloured() -> NotReadable:
    words = "A radiograph is grey, and this image has colours. Send the radiograph itself, not a picture made of it."
    return NotReadable(RefusalCode.NOT_RADIOGRAPH, words)
