"""PNG and JPEG files, as researchers have them: no window, no spacing, no view, and bright must already be dense."""

import struct
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from model.codestream import jpeg_header
from model.colour import grey
from model.errors import NotReadable, RefusalCode
from model.limits import Limits
from model.stored import Stored

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"


def is_image_file(data: bytes) -> bool:
    """By its first bytes; a DICOM file may have any in its preamble (PS3.10, 7.1), and is none."""
    return data.startswith((_PNG, _JPEG)) and data[128:132] != b"DICM"


def decode_image(data: bytes, limits: Limits) -> Stored:
    """The stored values of a PNG or JPEG file; one sample a pixel.

    Raises:
        NotReadable: not-dicom, corrupt, too-large, not-radiograph, unsupported-syntax.
    """
    limits.check_bytes(len(data))
    if data.startswith(_PNG):
        return _stored(_png(data, limits), "PNG")
    if data.startswith(_JPEG):
        return _stored(_jpeg(data, limits), "JPEG")
    words = "The file must be PNG or JPEG, and begins like neither of them. Send the original file."
    raise NotReadable(RefusalCode.NOT_DICOM, words)


def _png(data: bytes, limits: Limits) -> NDArray[Any]:
    if data[12:16] != b"IHDR" or len(data) < 33:
        words = "A PNG file must begin with its header (IHDR). Send it again."
        raise NotReadable(RefusalCode.CORRUPT, words)
    columns, rows = struct.unpack_from(">II", data, 16)
    limits.check_grid(rows, columns)
    return np.asarray(imagecodecs.png_decode(data))


def _jpeg(data: bytes, limits: Limits) -> NDArray[Any]:
    header = jpeg_header(data)
    limits.check_grid(header.rows, header.columns)
    if header.components not in {1, 3}:
        words = f"A JPEG file must have one or three components, not {header.components}. Send it in grey."
        raise NotReadable(RefusalCode.UNSUPPORTED_SYNTAX, words)
    space = "GRAYSCALE" if header.components == 1 else "YCBCR"
    return np.asarray(imagecodecs.jpeg8_decode(data, colorspace=space, outcolorspace=space))


def _stored(samples: NDArray[Any], kind: str) -> Stored:
    bits = 8 * samples.dtype.itemsize
    steps = [f"{kind} of {bits} bits"]
    if samples.ndim == 3 and samples.shape[2] in {2, 4}:
        if samples[..., -1].min() < np.iinfo(samples.dtype).max:
            words = "A PNG file must not be transparent anywhere. Send it without an alpha channel."
            raise NotReadable(RefusalCode.UNSUPPORTED_SYNTAX, words)
        samples = samples[..., :-1]
    if samples.ndim == 3 and samples.shape[2] == 3:
        samples = grey(samples)
        steps.append("grey taken from colour")
    return Stored(cells=np.ascontiguousarray(samples.reshape(samples.shape[:2])), bits=bits, steps=tuple(steps))
