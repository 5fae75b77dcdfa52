"""The same radiograph, 3000 rows x 2500 columns of 12 bits, in the transfer syntaxes that we read.

HTJ2KLosslessRPCL is not among them: it only orders the same packets in another way, and nothing here writes that.
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.filewriter import dcmwrite

from model.radiograph import Radiograph

ROWS, COLUMNS = 3000, 2500
#: Standard deviation of the noise in stored values: lossless codecs then give about 5 bits a pixel, as for real ones.
NOISE = 6.0
UIDS = ("2.25.1", "2.25.2", "2.25.3")
_THORAX = Path(__file__).parents[1] / "data_samples" / "normal_pa.dcm"

Pixels = NDArray[np.uint8] | NDArray[np.uint16]


@dataclass(frozen=True, kw_only=True)
class Syntax:
    """A transfer syntax; ``encode`` makes the codestream, None is native."""

    transfer_syntax: uid.UID
    encode: Callable[[Pixels], bytes] | None = None
    bits: int = 12


def picture(rows: int = ROWS, columns: int = COLUMNS) -> NDArray[np.uint16]:
    """The sample's thorax in another size, with fresh noise: 12 bits."""
    small = Radiograph.from_dicom(_THORAX.read_bytes()).pixels
    large = cv2.resize(small, (columns, rows), interpolation=cv2.INTER_CUBIC)
    smooth = 200 + 3600 * cv2.GaussianBlur(large, (0, 0), 3)
    noise = np.random.default_rng(0).normal(0, NOISE, smooth.shape)
    return np.asarray(np.rint(np.clip(smooth + noise, 0, 4095)), dtype=np.uint16)


def dicom(pixels: NDArray[np.uint16], syntax: Syntax, uids: Sequence[str] = UIDS) -> bytes:
    """A digital radiograph for presentation, with the attributes of a real one, in ``syntax``.

    ``uids``: SOP Instance, Series and Study Instance UID.
    """
    stored: Pixels = (pixels >> 4).astype(np.uint8) if syntax.bits == 8 else pixels
    dataset = _described(stored, syntax.bits)
    dataset.SOPInstanceUID, dataset.SeriesInstanceUID, dataset.StudyInstanceUID = uids
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax.transfer_syntax
    if syntax.encode is None:
        dataset.PixelData = (stored if syntax.transfer_syntax.is_little_endian else stored.byteswap()).tobytes()
        dataset["PixelData"].VR = "OW"
    else:
        dataset.PixelData = encapsulate([syntax.encode(stored)])
        dataset["PixelData"].VR = "OB"
    out = BytesIO()
    dcmwrite(out, dataset, enforce_file_format=True)
    return out.getvalue()


def _described(stored: Pixels, bits: int) -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID = uid.DigitalXRayImageStorageForPresentation
    dataset.Modality, dataset.BodyPartExamined, dataset.ViewPosition = "DX", "CHEST", "PA"
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.PatientName, dataset.PatientID, dataset.PatientAge = "Benchmark^Only", "BENCHMARK", "045Y"
    dataset.PatientOrientation = ["L", "F"]
    dataset.ImagerPixelSpacing = [0.144, 0.144]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows, dataset.Columns = stored.shape
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8 * stored.itemsize, bits, bits - 1
    dataset.PixelRepresentation = 0
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = 0, 1, "US"
    dataset.WindowCenter, dataset.WindowWidth = 1 << (bits - 1), 1 << bits
    dataset.VOILUTFunction, dataset.PresentationLUTShape = "LINEAR", "IDENTITY"
    return dataset


def _rle(pixels: Pixels) -> bytes:
    """PS3.5, annex G: one segment for each byte of a pixel, the most significant first, each row on its own."""
    planes = np.moveaxis(pixels.view(np.uint8).reshape(*pixels.shape, -1), -1, 0)[::-1]
    segments = [b"".join(bytes(imagecodecs.packbits_encode(row.tobytes())) for row in plane) for plane in planes]
    segments = [segment + b"\0" * (len(segment) % 2) for segment in segments]
    starts = 64 + np.cumsum([0, *map(len, segments)])[:-1]
    return struct.pack("<16I", len(segments), *starts, *[0] * (15 - len(segments))) + b"".join(segments)


def _jpeg(pixels: Pixels) -> bytes:
    bits = 8 if pixels.itemsize == 1 else 12
    return bytes(imagecodecs.jpeg8_encode(pixels, level=95, bitspersample=bits))


def _jpeg_lossless(predictor: int) -> Callable[[Pixels], bytes]:
    return lambda pixels: bytes(imagecodecs.jpeg8_encode(pixels, lossless=True, predictor=predictor, bitspersample=12))


def _jpeg_2000(*, reversible: bool) -> Callable[[Pixels], bytes]:
    level = 0 if reversible else 60  # signal to noise in dB
    return lambda pixels: bytes(
        imagecodecs.jpeg2k_encode(pixels, level=level, codecformat="j2k", reversible=reversible, bitspersample=12)
    )


SYNTAXES = (
    Syntax(transfer_syntax=uid.ExplicitVRLittleEndian),
    Syntax(transfer_syntax=uid.ImplicitVRLittleEndian),
    Syntax(transfer_syntax=uid.ExplicitVRBigEndian),
    Syntax(transfer_syntax=uid.DeflatedExplicitVRLittleEndian),
    Syntax(transfer_syntax=uid.RLELossless, encode=_rle),
    Syntax(transfer_syntax=uid.JPEGBaseline8Bit, encode=_jpeg, bits=8),
    Syntax(transfer_syntax=uid.JPEGExtended12Bit, encode=_jpeg),
    Syntax(transfer_syntax=uid.JPEGLossless, encode=_jpeg_lossless(6)),
    Syntax(transfer_syntax=uid.JPEGLosslessSV1, encode=_jpeg_lossless(1)),
    Syntax(transfer_syntax=uid.JPEGLSLossless, encode=lambda pixels: bytes(imagecodecs.jpegls_encode(pixels))),
    Syntax(transfer_syntax=uid.JPEGLSNearLossless, encode=lambda pixels: bytes(imagecodecs.jpegls_encode(pixels, 4))),
    Syntax(transfer_syntax=uid.JPEG2000Lossless, encode=_jpeg_2000(reversible=True)),
    Syntax(transfer_syntax=uid.JPEG2000, encode=_jpeg_2000(reversible=False)),
    Syntax(transfer_syntax=uid.HTJ2KLossless, encode=lambda pixels: bytes(imagecodecs.htj2k_encode(pixels))),
    Syntax(
        transfer_syntax=uid.HTJ2K,
        encode=lambda pixels: bytes(imagecodecs.htj2k_encode(pixels, reversible=False, level=0.0001)),
    ),
)
