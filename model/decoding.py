"""From pixel data in any transfer syntax to stored values.

One decoder for each kind of codestream, the fastest of those measured that agree with an independent one: all are of
imagecodecs (libjpeg-turbo, CharLS, OpenJPEG). None decodes before the codestream's own header agrees with
the file's, so none takes more memory than the file was allowed.
"""

from collections.abc import Callable
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import uid

from model.codestream import Codestream, jpeg2000_header, jpeg_header
from model.colour import grey, through_palette
from model.dicom_file import DicomFile, syntax_name
from model.elements import Element
from model.encapsulation import frame_bytes
from model.errors import NotReadable, RefusalCode
from model.image_pixel import ImagePixel
from model.stored import Cells, Stored

_LOSSY_OR_LOSSLESS_JPEG = frozenset({0xC0, 0xC1, 0xC2, 0xC3})
_JPEG_LS = frozenset({0xF7})
_WAVELETS = frozenset({0x51})


def decode(file: DicomFile, pixels: ImagePixel, frame: int) -> Stored:
    """The stored values of one frame; one sample a pixel.

    Raises:
        NotReadable: unsupported-syntax, corrupt, not-radiograph.
    """
    return _one_sample(decode_samples(file, pixels, frame), file, pixels)


def decode_samples(file: DicomFile, pixels: ImagePixel, frame: int) -> Stored:
    """The same with all samples, in the colour space of the codestream: (rows, columns) or (rows, columns, 3).

    Raises:
        NotReadable: unsupported-syntax, corrupt.
    """
    decoder = _DECODERS.get(file.transfer_syntax)
    if decoder is None:
        words = (
            f"The transfer syntax {syntax_name(file.transfer_syntax)} is not supported. Send the image uncompressed."
        )
        raise NotReadable(RefusalCode.UNSUPPORTED_SYNTAX, words)
    if not 0 <= frame < pixels.frames:
        words = f"The frame must be one of 0 to {pixels.frames - 1}, not {frame}. Ask for one that the file has."
        raise NotReadable(RefusalCode.CORRUPT, words)
    assert file.pixel_data is not None
    return decoder(file, file.pixel_data, pixels, frame)


def _one_sample(stored: Stored, file: DicomFile, pixels: ImagePixel) -> Stored:
    if pixels.photometric == "PALETTE COLOR":
        cells = through_palette(stored.cells, file.elements)
        return Stored(cells=cells, bits=8 * cells.itemsize, steps=("grey taken from a palette",))
    if pixels.samples == 1:
        return stored
    cells = grey(stored.cells)
    return Stored(cells=cells, bits=stored.bits, steps=(f"grey taken from {pixels.photometric}",))


def _native(file: DicomFile, element: Element, pixels: ImagePixel, frame: int) -> Stored:
    data = file.elements.data
    end = min(element.end, len(data))
    _check_native_length(element, end, pixels)
    if pixels.bits_allocated == 8 and element.vr == "OW" and not file.elements.encoding.little:
        # Bytes lie two to a word, and the words are swapped (PS3.5, 8.1.2).
        data, start = np.frombuffer(data, ">u2", (end - element.start) // 2, element.start).astype("<u2").tobytes(), 0
    else:
        start = element.start
    kind = "u1" if pixels.bits_allocated == 8 else file.elements.encoding.order + "u2"
    count = pixels.frame_bytes * 8 // pixels.bits_allocated
    samples = np.frombuffer(data, kind, count, start + frame * pixels.frame_bytes)
    cells = _shaped(samples if samples.dtype.isnative else samples.astype(np.uint16), pixels)
    low_bit = pixels.high_bit + 1 - pixels.bits_stored
    return Stored(cells=cells, bits=pixels.bits_stored, low_bit=low_bit, signed=pixels.signed)


def _check_native_length(element: Element, end: int, pixels: ImagePixel) -> None:
    expected = pixels.frames * pixels.frame_bytes
    came = end - element.start
    if element.undefined_length or not expected <= came < expected + pixels.frame_bytes + 2:
        words = f"Pixel Data (7FE0,0010) must hold {expected} bytes for its rows, columns and frames, not "
        words += "encapsulated fragments" if element.undefined_length else f"{came}"
        raise NotReadable(RefusalCode.CORRUPT, f"{words}. Send the original image.")


def _shaped(samples: Cells, pixels: ImagePixel) -> Cells:
    """Flat samples to (rows, columns) or (rows, columns, 3)."""
    if pixels.photometric == "YBR_FULL_422":  # Y Y Cb Cr for two pixels (PS3.3, C.7.6.3.1.2)
        pairs = samples.reshape(-1, 4)
        whole = np.stack([pairs[:, [0, 1]], pairs[:, [2, 2]], pairs[:, [3, 3]]], axis=-1)
        return whole.reshape(pixels.rows, pixels.columns, 3)
    if pixels.samples == 1:
        return samples.reshape(pixels.rows, pixels.columns)
    if pixels.planar:
        return np.moveaxis(samples.reshape(3, pixels.rows, pixels.columns), 0, -1)
    return samples.reshape(pixels.rows, pixels.columns, 3)


def _rle(file: DicomFile, element: Element, pixels: ImagePixel, frame: int) -> Stored:
    codestream = frame_bytes(file.elements.data, element, pixels.frames, frame)
    size = pixels.rows * pixels.columns * pixels.samples * pixels.bits_allocated // 8
    kind = np.dtype("u1" if pixels.bits_allocated == 8 else "<u2")
    try:
        planes = np.frombuffer(imagecodecs.dicomrle_decode(codestream, kind, out=size), kind)
    except imagecodecs.DicomrleError:
        # Some writers pad the last segment with a byte that is not 0, which looks like one more run.
        planes = np.frombuffer(imagecodecs.dicomrle_decode(codestream[:-1], kind, out=size), kind)
    if planes.nbytes != size:
        words = f"The compressed Pixel Data (7FE0,0010) must hold {size} bytes a frame, not {planes.nbytes}."
        raise NotReadable(RefusalCode.CORRUPT, f"{words} Send the file again.")
    cells = planes.reshape(pixels.samples, pixels.rows, pixels.columns)
    cells = cells[0] if pixels.samples == 1 else np.moveaxis(cells, 0, -1)
    low_bit = pixels.high_bit + 1 - pixels.bits_stored
    return Stored(cells=cells, bits=pixels.bits_stored, low_bit=low_bit, signed=pixels.signed)


def _jpeg(file: DicomFile, element: Element, pixels: ImagePixel, frame: int) -> Stored:
    codestream = frame_bytes(file.elements.data, element, pixels.frames, frame)
    header = jpeg_header(codestream)
    _check(header, pixels, file.transfer_syntax, _LOSSY_OR_LOSSLESS_JPEG)
    # The components as they are: what they mean in a colour image is decided by looking at them.
    space = "GRAYSCALE" if header.components == 1 else "YCBCR"
    return _stored(imagecodecs.jpeg8_decode(codestream, colorspace=space, outcolorspace=space), header, pixels)


def _jpeg_ls(file: DicomFile, element: Element, pixels: ImagePixel, frame: int) -> Stored:
    codestream = frame_bytes(file.elements.data, element, pixels.frames, frame)
    header = jpeg_header(codestream)
    _check(header, pixels, file.transfer_syntax, _JPEG_LS)
    return _stored(imagecodecs.jpegls_decode(codestream), header, pixels)


def _jpeg2000(file: DicomFile, element: Element, pixels: ImagePixel, frame: int) -> Stored:
    codestream = frame_bytes(file.elements.data, element, pixels.frames, frame)
    header, start = jpeg2000_header(codestream)
    _check(header, pixels, file.transfer_syntax, _WAVELETS)
    # HTJ2K too. OpenJPH is twice as fast, but after the irreversible wavelet its white comes out black (it does not
    # clip), and imagecodecs swallows its errors: a damaged image would be read as if it were whole.
    return _stored(imagecodecs.jpeg2k_decode(codestream[start:]), header, pixels)


def _check(header: Codestream, pixels: ImagePixel, transfer_syntax: str, processes: frozenset[int]) -> None:
    """That the codestream is of the kind and the size that the file says."""
    if header.process not in processes:
        words = f"The codestream must be one of {syntax_name(transfer_syntax)}, not of process {header.process:02X}."
        raise NotReadable(RefusalCode.UNSUPPORTED_SYNTAX, f"{words} Send the image uncompressed.")
    said = (pixels.rows, pixels.columns, pixels.samples)
    came = (header.rows, header.columns, header.components)
    if said != came:
        words = f"The codestream must have the file's rows, columns and samples {said}, not {came}."
        raise NotReadable(RefusalCode.CORRUPT, f"{words} Send the original image.")
    if not 2 <= header.precision <= 16:
        words = f"The codestream must have 2 to 16 bits a sample, not {header.precision}. Send the original image."
        raise NotReadable(RefusalCode.UNSUPPORTED_SYNTAX, words)


def _stored(decoded: NDArray[Any], header: Codestream, pixels: ImagePixel) -> Stored:
    """What a decoder gave, with the bits that really carry the value.

    Bits Stored and the codestream's precision often differ, and so do Pixel Representation and the codestream's sign
    (JPEG and JPEG-LS have none). Unsigned values fit into the larger of the two; a signed one, or one that only the
    codestream believes signed, has its sign at the top of the smaller.
    """
    if decoded.dtype.itemsize > 2 or decoded.dtype.kind not in "iu":
        words = f"The codestream must decode to 8 or 16 bits, not {decoded.dtype}. Send the image uncompressed."
        raise NotReadable(RefusalCode.UNSUPPORTED_SYNTAX, words)
    shape = (header.rows, header.columns) if header.components == 1 else (header.rows, header.columns, 3)
    if header.components == 3 and decoded.shape == (3, *shape[:2]):
        decoded = np.moveaxis(decoded, 0, -1)
    cells: Cells = decoded.view(f"u{decoded.dtype.itemsize}").reshape(shape)
    signed = pixels.signed or header.signed
    bits = min(header.precision, pixels.bits_stored) if signed else max(header.precision, pixels.bits_stored)
    return Stored(cells=cells, bits=min(bits, 8 * cells.itemsize), signed=pixels.signed)


def is_supported(transfer_syntax: str) -> bool:
    """Whether pixel data in this transfer syntax are decoded here."""
    return transfer_syntax in _DECODERS


_Decoder = Callable[[DicomFile, Element, ImagePixel, int], Stored]
_DECODERS: dict[str, _Decoder] = {
    **dict.fromkeys((uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian), _native),
    uid.DeflatedExplicitVRLittleEndian: _native,
    uid.RLELossless: _rle,
    **dict.fromkeys((uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLossless, uid.JPEGLosslessSV1), _jpeg),
    **dict.fromkeys((uid.JPEGLSLossless, uid.JPEGLSNearLossless), _jpeg_ls),
    **dict.fromkeys((uid.JPEG2000Lossless, uid.JPEG2000), _jpeg2000),
    **dict.fromkeys((uid.HTJ2KLossless, uid.HTJ2KLosslessRPCL, uid.HTJ2K), _jpeg2000),
}
