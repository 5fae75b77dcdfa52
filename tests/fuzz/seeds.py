"""Good inputs, small, made here: what the mutations begin with."""

import struct
from collections.abc import Mapping

import imagecodecs
import numpy as np
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from serving.associations.messages import write
from tests.radiographs import chest, dicom
from tests.serving.raw_peer import DATA, DX, RELEASE_REQUEST, association_request, pdu, store_request, value

_PIXELS = (chest(20, 24) * 255).astype(np.uint8)
_WIDE = (chest(20, 24) * 4095).astype(np.uint16)
_RLE = b"\1\0\0\0\x40\0\0\0" + bytes(56) + b"".join(b"\x17" + row.tobytes() for row in _PIXELS)
_JPEG = imagecodecs.jpeg8_encode(_PIXELS)


def _item(**attributes: object) -> Sequence:
    item = Dataset()
    for keyword, (vr, given) in attributes.items():  # type: ignore[misc]
        item.add_new(keyword, vr, given)
    return Sequence([item])


def _lut(entries: int) -> Sequence:
    return _item(LUTDescriptor=("US", [entries, 0, 8]), LUTData=("OW", bytes(range(256))[:entries]))


_GREYS = bytes(range(256))
_PALETTE = {
    f"{colour}PaletteColorLookupTable{what}": given
    for colour in ("Red", "Green", "Blue")
    for what, given in (("Descriptor", [256, 0, 8]), ("Data", _GREYS))
}

FILES: Mapping[str, bytes] = {
    "explicit": dicom(_PIXELS, WindowCenter=100, WindowWidth=200, PixelPaddingValue=3),
    "implicit": dicom(_PIXELS, transfer_syntax=uid.ImplicitVRLittleEndian, VOILUTSequence=_lut(256)),
    "big endian": dicom(_PIXELS, transfer_syntax=uid.ExplicitVRBigEndian, PixelSpacing=[0.2, 0.2]),
    "deflated": dicom(_PIXELS, transfer_syntax=uid.DeflatedExplicitVRLittleEndian),
    "bare": dicom(_PIXELS, file_meta=False),
    "16 bits": dicom(
        _WIDE, BitsStored=12, HighBit=11, RescaleSlope=2, RescaleIntercept=-1, WindowCenter=9, WindowWidth=8
    ),
    "signed": dicom(_WIDE.astype(np.int16), ModalityLUTSequence=_lut(200), PresentationLUTSequence=_lut(100)),
    "for processing": dicom(
        _WIDE,
        PresentationIntentType="FOR PROCESSING",
        PixelIntensityRelationship="LIN",
        PixelIntensityRelationshipSign=-1,
    ),
    "palette": dicom(_PIXELS, PhotometricInterpretation="PALETTE COLOR", **_PALETTE),
    "colour": dicom(np.dstack([_PIXELS] * 3)),
    "subsampled": dicom(
        _PIXELS, PhotometricInterpretation="YBR_FULL_422", SamplesPerPixel=3, PixelData=bytes(20 * 24 * 2)
    ),
    "frames": dicom(np.stack([_PIXELS] * 3)),
    "names": dicom(
        _PIXELS,
        SpecificCharacterSet=["", "ISO 2022 IR 87"],
        PatientName=b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B".decode("latin-1"),
        RequestAttributesSequence=_item(RequestedProcedureID=("SH", "7")),
    ),
    "RLE": dicom(_PIXELS, frames=[_RLE], transfer_syntax=uid.RLELossless),
    "JPEG": dicom(_PIXELS, frames=[_JPEG], transfer_syntax=uid.JPEGBaseline8Bit),
    "JPEG, many fragments": dicom(
        np.stack([_PIXELS] * 2), frames=[_JPEG] * 2, fragments_per_frame=3, transfer_syntax=uid.JPEGBaseline8Bit
    ),
    "JPEG lossless": dicom(_PIXELS, frames=[imagecodecs.ljpeg_encode(_PIXELS)], transfer_syntax=uid.JPEGLosslessSV1),
    "JPEG-LS": dicom(_PIXELS, frames=[imagecodecs.jpegls_encode(_PIXELS)], transfer_syntax=uid.JPEGLSLossless),
    "JPEG-LS, 16 bits": dicom(_WIDE, frames=[imagecodecs.jpegls_encode(_WIDE)], transfer_syntax=uid.JPEGLSLossless),
    "JPEG 2000": dicom(
        _PIXELS, frames=[imagecodecs.jpeg2k_encode(_PIXELS, level=0)], transfer_syntax=uid.JPEG2000Lossless
    ),
    "HTJ2K": dicom(_PIXELS, frames=[imagecodecs.htj2k_encode(_PIXELS)], transfer_syntax=uid.HTJ2KLossless),
    "PNG": imagecodecs.png_encode(_PIXELS),
    "PNG, colour": imagecodecs.png_encode(np.dstack([_PIXELS] * 4)),
    "JPEG file": _JPEG,
}

#: The first four bytes are the sizes of the chunks that it comes in.
MULTIPART: Mapping[str, bytes] = {
    "two parts": b"\x07\x40\xff\x01--b\r\nContent-Type: application/dicom\r\n\r\nabc\r\n--b\r\n\r\ndef\r\n--b--\r\n",
    "preamble": b"\x10\x10\x10\x10preamble\r\n--b\r\nX: y\r\n\r\n\r\n--b--",
    "none": b"\x01\x02\x03\x04--b--\r\n",
}

_ECHO = Dataset()
_ECHO.AffectedSOPClassUID, _ECHO.CommandField, _ECHO.MessageID = "1.2.840.10008.1.1", 0x30, 1
_ECHO.CommandDataSetType = 0x0101
_RELEASE = pdu(RELEASE_REQUEST, bytes(4))
ASSOCIATIONS: Mapping[str, bytes] = {
    "released": association_request() + _RELEASE,
    "stored": association_request() + store_request("1.2.3") + pdu(DATA, value(bytes(300))) + _RELEASE,
    "in pieces": association_request()
    + store_request("1.2.3")
    + pdu(DATA, value(bytes(9), last=False) + value(bytes(9)))
    + _RELEASE,
    "echoed": association_request() + pdu(DATA, value(write(_ECHO), command=True)) + _RELEASE,
    "aborted": association_request() + struct.pack(">BxII", 7, 4, 0),
    "other class": association_request() + store_request("1.2.3", sop_class=DX[:-2]) + _RELEASE,
}

QUERIES = (
    "PatientName=Nguy%E1%BB%85n*&limit=10&offset=5&includefield=all",
    "StudyDate=20260101-20260301&StudyTime=0800-1200&ModalitiesInStudy=DX,CR",
    "00100010=A^B&0020000D=1.2.3,1.2.4&includefield=00080061,RequestAttributesSequence.RequestedProcedureID",
    "fuzzymatching=true&emptyvaluematching=false&accept=application/dicom%2Bjson;q=0.5",
    "window=2048,4096,linear&viewport=512,512,0,0,100,100&quality=90&iccprofile=no",
    'multipart/related; type="application/octet-stream"; transfer-syntax=*; q=0.7, image/jpeg;q=0.3, */*',
)
