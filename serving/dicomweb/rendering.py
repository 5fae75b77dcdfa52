"""What a decoder process does for rendered resources: a frame as a picture for a screen (PS3.18, 8.3.5 and 10.4.1.1.3).

Grey values go the way of the file (Modality LUT, VOI LUT or window, Presentation LUT, MONOCHROME1), as everywhere in
Hilum; pixels that are not square are made so.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom import uid

from model import attributes
from model.decoding import decode, decode_samples
from model.dicom_file import DicomFile, open_file
from model.elements import Elements
from model.errors import NotReadable, RefusalCode
from model.grayscale import Window, to_grayscale
from model.image_pixel import ImagePixel
from serving.dicomweb.transcoding import described_pixels, with_rgb

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
_DEFAULT_QUALITY = 90
#: Rows or columns of a picture.
MOST_PIXELS = 8192

Shades = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Viewport:
    """A picture fits into ``columns`` x ``rows``; it shows a part of the frame, from (``left``, ``top``) on, in pixels.

    A negative width or height is a part seen from the other side. None: to the end of the frame.
    """

    columns: int
    rows: int
    left: float = 0.0
    top: float = 0.0
    width: float | None = None
    height: float | None = None


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """How a frame is asked for as a picture."""

    media_type: str = JPEG
    #: 1 to 100.
    quality: int | None = None
    window: Window | None = None
    viewport: Viewport | None = None


def rendered(data: bytes, number: int | None, asked: Rendering, most_bytes: int) -> bytes:
    """Frame ``number``, from 1, as a picture; without, the one that stands for all.

    Raises:
        NotReadable: when there are no pixel data, or they cannot be decoded, or the part lies outside of them.
    """
    file = open_file(data, most_bytes)
    pixels = described_pixels(file, most_bytes)
    frame = (number or _representative(file.elements, pixels.frames)) - 1
    shades = _shades(file, pixels, frame, asked.window)
    ratio = attributes.pixel_aspect_ratio(file.elements)
    return _encoded(_fitted(shades, ratio, asked.viewport), asked)


def _representative(elements: Elements, frames: int) -> int:
    """Representative Frame Number (0028,6010), or the first."""
    number = elements.number("RepresentativeFrameNumber") or 1
    return number if 1 <= number <= frames else 1


def _shades(file: DicomFile, pixels: ImagePixel, frame: int, window: Window | None) -> Shades:
    """uint8 (rows, columns), or (rows, columns, 3) in the order of OpenCV, BGR."""
    if pixels.samples == 1:
        shown, _ = to_grayscale(decode(file, pixels, frame), file.elements, window)
        return np.rint(shown * 255).astype(np.uint8)
    stored = decode_samples(file, pixels, frame)
    cells = with_rgb(file, pixels, stored.cells)
    if pixels.photometric.startswith("YBR") and file.transfer_syntax in _COMPONENTS_AS_STORED:
        cells = cv2.cvtColor(cells[..., [0, 2, 1]], cv2.COLOR_YCrCb2RGB).view(cells.dtype)
    eight = cells if cells.itemsize == 1 else cells >> max(stored.bits - 8, 0)
    return np.ascontiguousarray(eight[..., ::-1], dtype=np.uint8)


#: Syntaxes in which luminance and chrominance stay what they are until here.
_COMPONENTS_AS_STORED = {
    uid.ImplicitVRLittleEndian,
    uid.ExplicitVRLittleEndian,
    uid.ExplicitVRBigEndian,
    uid.DeflatedExplicitVRLittleEndian,
    uid.RLELossless,
}


def _fitted(shades: Shades, ratio: float, viewport: Viewport | None) -> Shades:
    """The part that is asked for, as large as it fits; ``ratio`` is the height of a pixel by its width."""
    part = shades if viewport is None else _part(shades, viewport)
    rows, columns = part.shape[:2]
    tall, wide = rows * ratio, float(columns)
    scale = 1.0 if viewport is None else min(viewport.columns / wide, viewport.rows / tall)
    scale = min(scale, MOST_PIXELS / max(tall, wide))
    size = max(1, round(wide * scale)), max(1, round(tall * scale))
    if size == (columns, rows):
        return part
    how = cv2.INTER_AREA if size[0] <= columns and size[1] <= rows else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(part, size, interpolation=how), dtype=np.uint8)


def _part(shades: Shades, viewport: Viewport) -> Shades:
    rows, columns = shades.shape[:2]
    width = columns - viewport.left if viewport.width is None else viewport.width
    height = rows - viewport.top if viewport.height is None else viewport.height
    left, top = max(round(viewport.left), 0), max(round(viewport.top), 0)
    right, bottom = round(viewport.left + abs(width)), round(viewport.top + abs(height))
    part = shades[top : max(bottom, 0), left : max(right, 0)]
    if part.size == 0:
        words = f"The viewport must show a part of the frame's {columns} x {rows} pixels, and lies outside of them."
        raise NotReadable(RefusalCode.TOO_LARGE, words)
    return np.ascontiguousarray(part[:: -1 if height < 0 else 1, :: -1 if width < 0 else 1])


def _encoded(picture: Shades, asked: Rendering) -> bytes:
    quality = asked.quality or _DEFAULT_QUALITY
    suffix, options = {
        JPEG: (".jpg", [cv2.IMWRITE_JPEG_QUALITY, quality]),
        PNG: (".png", [cv2.IMWRITE_PNG_COMPRESSION, 1]),
        WEBP: (".webp", [cv2.IMWRITE_WEBP_QUALITY, quality]),
    }[asked.media_type]
    done, encoded = cv2.imencode(suffix, picture, options)
    assert done, "encoding to memory does not fail"
    return encoded.tobytes()
