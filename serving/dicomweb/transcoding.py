"""What a decoder process does for WADO-RS: compressed pixel data made native, bit for bit what the codestream holds.

Colour comes as RGB, by pixel, where the codestream has luminance and chrominance.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from pydicom import uid

from model.decoding import decode_samples
from model.dicom_file import PIXEL_DATA, DicomFile, open_file
from model.elements import tag_of
from model.errors import NotReadable, RefusalCode
from model.image_pixel import ImagePixel, image_pixel
from model.limits import Limits
from model.stored import Cells
from serving.dicomweb.explicit import data_set, element, part10

_NATIVE = str(uid.ExplicitVRLittleEndian)
_MOST_FRAMES = 10_000
_JPEG = {uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLossless, uid.JPEGLosslessSV1}
#: Of the pixel data of an encapsulated file alone (PS3.3, C.7.6.3).
_OFFSETS = (0x7FE00001, 0x7FE00002, 0x7FE00003)


def native_frames(data: bytes, numbers: Sequence[int], most_bytes: int) -> bytes:
    """Frames of a compressed file, from 1, one behind the other: little endian, Bits Allocated a sample.

    Raises:
        NotReadable: when the pixel data cannot be decoded.
    """
    file = open_file(data, most_bytes)
    pixels = described_pixels(file, most_bytes)
    return b"".join(_frame(file, pixels, number - 1) for number in numbers)


def explicit_file(data: bytes, most_bytes: int) -> bytes:
    """The file in Explicit VR Little Endian, its pixel data native.

    Raises:
        NotReadable: when the file cannot be taken apart or its pixel data not be decoded.
    """
    file = open_file(data, most_bytes)
    compressed = file.pixel_data is not None and file.pixel_data.undefined_length
    pieces = _decompressed(file, most_bytes) if compressed else data_set(file)
    return _file(file, _NATIVE, pieces)


def file_with_meta(data: bytes, most_bytes: int) -> bytes:
    """A bare data set as a file, as it is."""
    file = open_file(data, most_bytes)
    return _file(file, file.transfer_syntax, [data[file.data_set_at :]])


def _file(file: DicomFile, transfer_syntax: str, pieces: Any) -> bytes:
    elements = file.elements
    return part10(elements.text("SOPClassUID"), elements.text("SOPInstanceUID"), transfer_syntax, pieces)


def _decompressed(file: DicomFile, most_bytes: int) -> Iterator[bytes]:
    """Encapsulated files are in Explicit VR Little Endian (PS3.5, A.4): all but a few elements go as they are."""
    pixels = described_pixels(file, most_bytes)
    frames = b"".join(_frame(file, pixels, number) for number in range(pixels.frames))
    changed = _colour(file, pixels)
    data, at = file.elements.data, file.data_set_at
    for tag, each in file.elements.by_tag.items():
        if tag in _OFFSETS or tag == PIXEL_DATA:
            at = each.end
            continue
        yield changed[tag] if tag in changed else data[at : each.end]
        at = each.end
    yield element(PIXEL_DATA, "OB" if pixels.bits_allocated == 8 else "OW", frames + b"\0" * (len(frames) % 2))


def _colour(file: DicomFile, pixels: ImagePixel) -> dict[int, bytes]:
    """The elements that describe the pixels otherwise once they are native, by their tags."""
    if pixels.samples == 1:
        return {}
    photometric, planar = tag_of("PhotometricInterpretation"), tag_of("PlanarConfiguration")
    name = b"RGB " if _becomes_rgb(file, pixels) else pixels.photometric.encode() + b" " * (len(pixels.photometric) % 2)
    return {photometric: element(photometric, "CS", name), planar: element(planar, "US", b"\0\0")}


def _becomes_rgb(file: DicomFile, pixels: ImagePixel) -> bool:
    return pixels.photometric.startswith("YBR") and file.transfer_syntax != uid.RLELossless


def _frame(file: DicomFile, pixels: ImagePixel, frame: int) -> bytes:
    stored = decode_samples(file, pixels, frame)
    cells: Cells = stored.cells.astype(np.uint16 if pixels.bits_allocated == 16 else np.uint8, copy=False)
    if cells.itemsize < stored.cells.itemsize and (stored.cells >> 8 * cells.itemsize).any():
        words = f"The codestream must have the bits that the file allocates, {pixels.bits_allocated}. Send it again."
        raise NotReadable(RefusalCode.CORRUPT, words)
    cells = with_rgb(file, pixels, cells)
    if pixels.signed and pixels.samples == 1:
        cells = _with_sign(cells, stored.bits)
    return np.ascontiguousarray(cells, dtype=cells.dtype.newbyteorder("<")).tobytes()


def with_rgb(file: DicomFile, pixels: ImagePixel, cells: Cells) -> Cells:
    """Components of JPEG as RGB, where they are luminance and chrominance; everything else as it is."""
    if pixels.samples == 1 or not _becomes_rgb(file, pixels) or file.transfer_syntax not in _JPEG:
        return cells
    return cv2.cvtColor(cells[..., [0, 2, 1]], cv2.COLOR_YCrCb2RGB).view(cells.dtype)


def _with_sign(cells: Cells, bits: int) -> Cells:
    """The sign, which is in the highest of ``bits`` bits, in all bits above it too, as others write it."""
    free = 8 * cells.itemsize - bits
    signed = (cells << free).view(f"i{cells.itemsize}")
    return np.asarray((signed >> free).view(cells.dtype))


def described_pixels(file: DicomFile, most_bytes: int) -> ImagePixel:
    """What the file says of its pixels; more frames than are read are well here.

    Raises:
        NotReadable: when there are none, or what it says cannot be.
    """
    if file.pixel_data is None:
        raise NotReadable(RefusalCode.NOT_RADIOGRAPH, "Pixel Data (7FE0,0010) must be present. Ask for an image.")
    return image_pixel(file.elements, replace(Limits(), max_bytes=most_bytes, max_frames=_MOST_FRAMES))
