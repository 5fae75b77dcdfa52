"""Hostile files are written here byte by byte, since no library would write them."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from pydicom.datadict import dictionary_VR, tag_for_keyword

from tests.radiographs import DX_FOR_PRESENTATION, chest

PIXELS = (chest(40, 48) * 255).astype(np.uint8)
EXPLICIT = "1.2.840.10008.1.2.1"
UNDEFINED = 0xFFFFFFFF


@dataclass(frozen=True)
class Hostile:
    """A file and the answer that it must get."""

    data: bytes
    #: Code of the refusal, or "read".
    answer: str


def element(tag: int, vr: bytes, value: bytes, *, claimed: int | None = None) -> bytes:
    """Explicit VR Little Endian; ``claimed``: a length that need not be true."""
    length = len(value) if claimed is None else claimed
    head = struct.pack("<HH2s", tag >> 16, tag & 0xFFFF, vr)
    long = vr in {b"OB", b"OW", b"SQ", b"UN", b"UT"}
    return head + (struct.pack("<HI", 0, length) if long else struct.pack("<H", length & 0xFFFF)) + value


def item(value: bytes, *, claimed: int | None = None, tag: int = 0xFFFEE000) -> bytes:
    return struct.pack("<HHI", tag >> 16, tag & 0xFFFF, len(value) if claimed is None else claimed) + value


Named = Iterator[tuple[str, Hostile]]


def file_of(data_set: bytes, syntax: str = EXPLICIT) -> bytes:
    """Preamble, the shortest file meta information, and this."""
    said = syntax.encode() + b"\0" * (len(syntax) % 2)
    return bytes(128) + b"DICM" + element(0x00020010, b"UI", said) + data_set


#: A good radiograph, by keyword.
_BASE: Mapping[str, object] = {
    "SpecificCharacterSet": "ISO_IR 192",
    "SOPClassUID": DX_FOR_PRESENTATION,
    "SOPInstanceUID": "2.25.1",
    "Modality": "DX",
    "PatientName": "Test^Only",
    "BodyPartExamined": "CHEST",
    "ViewPosition": "PA",
    "StudyInstanceUID": "2.25.3",
    "SeriesInstanceUID": "2.25.2",
    "SamplesPerPixel": 1,
    "PhotometricInterpretation": "MONOCHROME2",
    "Rows": 40,
    "Columns": 48,
    "BitsAllocated": 8,
    "BitsStored": 8,
    "HighBit": 7,
    "PixelRepresentation": 0,
    "PixelData": PIXELS.tobytes(),
}


def written(syntax: str = EXPLICIT, between: bytes = b"", **changes: object) -> bytes:
    """The good radiograph with other values, which need not be any: numbers are US, texts and bytes as they are.

    None takes one away; ``between`` stands in front of Samples per Pixel (0028,0002).
    """
    elements = {
        tag_for_keyword(keyword) or 0: value for keyword, value in {**_BASE, **changes}.items() if value is not None
    }
    encoded = {tag: _element(tag, value) for tag, value in elements.items()}
    before = b"".join(encoded[tag] for tag in sorted(encoded) if tag < 0x00280002)
    behind = b"".join(encoded[tag] for tag in sorted(encoded) if tag >= 0x00280002)
    return file_of(before + between + behind, syntax)


def _element(tag: int, value: object) -> bytes:
    return element(tag, b"US" if _is_number(value) else dictionary_VR(tag)[:2].encode(), _encoded(value))


def _is_number(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, list) and isinstance(value[0], int))


def _encoded(value: object) -> bytes:
    if isinstance(value, list) and not _is_number(value):
        value = "\\".join(value)
    if _is_number(value):
        numbers = value if isinstance(value, list) else [value]
        return struct.pack(f"<{len(numbers)}H", *numbers)
    data = value.encode() if isinstance(value, str) else bytes(value)  # type: ignore[arg-type]
    return data + b" " * (len(data) % 2)


def in_front_of_pixels(inserted: bytes) -> bytes:
    """A good file with something more between its elements, where their order allows it."""
    return written(between=inserted)


def sequence(**attributes: object) -> bytes:
    """Of one item."""
    inside = {tag_for_keyword(keyword) or 0: value for keyword, value in attributes.items()}
    return item(b"".join(_element(tag, value) for tag, value in sorted(inside.items())))


GOOD = written()
DATA_SET = GOOD[GOOD.index(b"\x08\0\5\0CS") :]
