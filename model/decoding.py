"""From pixel data in any transfer syntax to stored values."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from model.dicom_file import DicomFile, syntax_name
from model.elements import Elements
from model.errors import NotReadable, RefusalCode
from model.grayscale import Stored

NATIVE = (ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What the Image Pixel module says (PS3.3, C.7.6.3)."""

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
        return self.rows * self.columns * self.samples * self.bits_allocated // 8


def layout(elements: Elements) -> Layout:
    def number(tag: int, default: int | None = None) -> int:
        value = elements.whole(tag)
        if value is None and default is None:
            words = f"({tag >> 16:04X},{tag & 0xFFFF:04X}) must be present to tell the pixels. Send the original image."
            raise NotReadable(RefusalCode.CORRUPT, words)
        return default if value is None else value  # type: ignore[return-value]

    allocated = number(0x00280100)
    stored = number(0x00280101, allocated)
    return Layout(
        rows=number(0x00280010),
        columns=number(0x00280011),
        frames=int(next(iter(elements.decimals(0x00280008)), 1)) or 1,
        samples=number(0x00280002, 1),
        photometric=elements.text(0x00280004),
        planar=number(0x00280006, 0) == 1,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=number(0x00280102, stored - 1),
        signed=number(0x00280103, 0) == 1,
    )


def decode(file: DicomFile, pixels: Layout, frame: int) -> Stored:
    if file.transfer_syntax not in NATIVE:
        words = (
            f"The transfer syntax {syntax_name(file.transfer_syntax)} is not supported. Send the image uncompressed."
        )
        raise NotReadable(RefusalCode.UNSUPPORTED_SYNTAX, words)
    cells = _native(file, pixels, frame)
    return Stored(cells, pixels.bits_stored, pixels.high_bit + 1 - pixels.bits_stored, pixels.signed)


def _native(file: DicomFile, pixels: Layout, frame: int) -> NDArray[np.uint8] | NDArray[np.uint16]:
    element = file.pixel_data
    assert element is not None
    data = file.elements.data
    start = element.start + frame * pixels.frame_bytes
    if start + pixels.frame_bytes > min(element.end, len(data)):
        words = (
            f"Pixel Data (7FE0,0010) must hold {pixels.frame_bytes} bytes a frame. The file ends early: send it again."
        )
        raise NotReadable(RefusalCode.CORRUPT, words)
    kind = "u1" if pixels.bits_allocated == 8 else file.elements.encoding.order + "u2"
    cells = np.frombuffer(data, kind, pixels.rows * pixels.columns, start).reshape(pixels.rows, pixels.columns)
    return cells if cells.dtype.isnative else cells.astype(np.uint16)
