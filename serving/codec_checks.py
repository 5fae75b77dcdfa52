"""A small image written in each transfer syntax and read back: which ones decode on this machine."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    JPEG2000,
    UID,
    DeflatedExplicitVRLittleEndian,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from model.errors import NotReadable
from model.radiograph import Radiograph

_SIDE = 64
_Pixels = NDArray[np.uint8] | NDArray[np.uint16]


@dataclass(frozen=True, kw_only=True)
class Syntax:
    """A transfer syntax and how the test image is written in it."""

    uid: UID
    bits: int = 12
    #: None for a syntax that pydicom itself writes.
    encode: Callable[[_Pixels], bytes] | None = None
    #: Greatest difference that is allowed, of 0..1: 0 when lossless.
    tolerance: float = 0.0

    @property
    def name(self) -> str:
        return self.uid.keyword


def _jpeg2000(pixels: _Pixels) -> bytes:
    return bytes(imagecodecs.jpeg2k_encode(pixels, codecformat="j2k", reversible=True))


SYNTAXES = (
    Syntax(uid=ImplicitVRLittleEndian),
    Syntax(uid=ExplicitVRLittleEndian),
    Syntax(uid=ExplicitVRBigEndian),
    Syntax(uid=DeflatedExplicitVRLittleEndian),
    Syntax(uid=RLELossless),
    Syntax(uid=JPEGBaseline8Bit, bits=8, encode=lambda p: bytes(imagecodecs.jpeg8_encode(p, level=95)), tolerance=0.03),
    Syntax(
        uid=JPEGExtended12Bit,
        encode=lambda p: bytes(imagecodecs.jpeg8_encode(p, level=95, bitspersample=12)),
        tolerance=0.03,
    ),
    Syntax(uid=JPEGLosslessSV1, encode=lambda p: bytes(imagecodecs.ljpeg_encode(p, bitspersample=12))),
    Syntax(uid=JPEGLSLossless, encode=lambda p: bytes(imagecodecs.jpegls_encode(p))),
    Syntax(uid=JPEG2000Lossless, encode=_jpeg2000),
    Syntax(uid=JPEG2000, encode=_jpeg2000),
    Syntax(uid=HTJ2KLossless, encode=lambda p: bytes(imagecodecs.htj2k_encode(p))),
)


def decodes(syntax: Syntax) -> str | None:
    """None when the test image comes back as it was written; else what went wrong, in words."""
    pixels = _ramp(syntax.bits)
    try:
        expected = Radiograph.from_dicom(_file(pixels, Syntax(uid=ExplicitVRLittleEndian, bits=syntax.bits))).pixels
        found = Radiograph.from_dicom(_file(pixels, syntax)).pixels
    except (NotReadable, ImportError) as error:
        return str(error)
    difference = float(np.abs(found - expected).max())
    return None if difference <= syntax.tolerance else f"decodes to other values: {difference:.3f} of the range apart"


def _ramp(bits: int) -> _Pixels:
    ramp = np.add.outer(np.arange(_SIDE), np.arange(_SIDE)) * ((2**bits - 1) / (2 * _SIDE - 2))
    return np.asarray(ramp, dtype=np.uint8) if bits == 8 else np.asarray(ramp, dtype=np.uint16)


def _file(pixels: _Pixels, syntax: Syntax) -> bytes:
    dataset = _dataset(pixels, syntax.bits)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian if syntax.uid == RLELossless else syntax.uid
    dataset.PixelData = (pixels.byteswap() if syntax.uid == ExplicitVRBigEndian else pixels).tobytes()
    if syntax.encode:
        dataset.PixelData = encapsulate([syntax.encode(pixels)])
    elif syntax.uid == RLELossless:
        dataset.compress(RLELossless, generate_instance_uid=False)
    file = io.BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


def _dataset(pixels: _Pixels, bits: int) -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID = DigitalXRayImageStorageForPresentation
    dataset.SOPInstanceUID = "2.25.1"
    dataset.Modality = "DX"
    dataset.BodyPartExamined = "CHEST"
    dataset.ViewPosition = "PA"
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.PresentationLUTShape = "IDENTITY"
    dataset.BitsAllocated = pixels.dtype.itemsize * 8
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = bits, bits - 1, 0
    return dataset
