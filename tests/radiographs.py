"""Small synthetic radiographs for tests: pixel values, DICOM files and decoded values, made in memory.

``dicom(pixels, **attributes)`` writes any grey image as a DICOM file; ``radiograph(view="AP", ...)`` is a decoded
value for tests that do not care how it came into being.
"""

from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import config
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.filewriter import dcmwrite
from pydicom.uid import UID, ExplicitVRLittleEndian

from model.radiograph import Radiograph

DX_FOR_PRESENTATION = "1.2.840.10008.5.1.4.1.1.1.1"
DX_FOR_PROCESSING = "1.2.840.10008.5.1.4.1.1.1.1.1"
CR = "1.2.840.10008.5.1.4.1.1.1"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


def chest(rows: int = 96, columns: int = 80) -> NDArray[np.float32]:
    """Something like a frontal chest, 0..1, bright = dense: air outside, two dark lungs, spine, heart, ribs."""
    y, x = np.mgrid[0 : 1 : rows * 1j, 0 : 1 : columns * 1j].astype(np.float32)
    body = ((x - 0.5) / 0.47) ** 2 + ((y - 0.55) / 0.6) ** 2 < 1
    lungs = sum(((x - c) / 0.15) ** 2 + ((y - 0.45) / 0.32) ** 2 < 1 for c in (0.29, 0.71))
    heart = ((x - 0.56) / 0.14) ** 2 + ((y - 0.62) / 0.14) ** 2 < 1
    spine = np.exp(-(((x - 0.5) / 0.05) ** 2))
    ribs = 0.06 * (np.sin(y * 60 + 12 * (x - 0.5) ** 2) > 0.6)
    dense = 0.55 - 0.35 * lungs + 0.25 * heart + 0.2 * spine + ribs
    return np.clip(np.where(body, dense, 0.02), 0, 1).astype(np.float32)


def dicom(
    pixels: NDArray[Any] | None = None,
    *,
    transfer_syntax: str = ExplicitVRLittleEndian,
    frames: list[bytes] | None = None,
    offset_table: bool = True,
    fragments_per_frame: int = 1,
    file_meta: bool = True,
    **attributes: Any,
) -> bytes:
    """A DICOM file of ``pixels``: uint8, int8, uint16 or int16, (rows, columns), (frames, rows, columns) or, with three
    samples a pixel, (rows, columns, 3).

    Without any attribute it is a digital PA chest radiograph, for presentation, that uses all bits of its pixel type.

    Args:
        frames: encapsulated codestreams, one a frame, instead of the native values of ``pixels``.
        file_meta: False leaves out preamble and file meta information.
        attributes: by DICOM keyword; None takes an attribute away. They win over what ``pixels`` says.
    """
    pixels = (chest() * 4095).astype(np.uint16) if pixels is None else pixels
    dataset = _described(pixels)
    for keyword, value in attributes.items():
        if value is not None:
            dataset.add(_unchecked(keyword, value))
        elif keyword in dataset:
            delattr(dataset, keyword)
    syntax = UID(transfer_syntax)
    if "PixelData" not in attributes:
        if frames is None:
            _put_native(dataset, pixels, syntax)
        else:
            _put_encapsulated(
                dataset, encapsulate(frames, fragments_per_frame=fragments_per_frame, has_bot=offset_table)
            )
    return _written(dataset, syntax, file_meta=file_meta)


def radiograph(
    pixels: NDArray[np.float32] | None = None, *, rows: int = 96, columns: int = 80, view: str = "PA", **fields: Any
) -> Radiograph:
    """A decoded adult's chest radiograph; ``fields`` are those of ``Radiograph``."""
    defaults: dict[str, Any] = {
        "pixel_spacing": (0.2, 0.2),
        "spacing_at": "detector",
        "patient_orientation": ("L", "F"),
        "patient_age": 52.0,
        "sop_instance_uid": "2.25.1",
        "series_instance_uid": "2.25.2",
        "study_instance_uid": "2.25.3",
    }
    pixels = chest(rows, columns) if pixels is None else pixels
    return Radiograph(pixels=pixels, view=view, **(defaults | fields))  # type: ignore[arg-type]


def _described(pixels: NDArray[Any]) -> Dataset:
    colour = pixels.ndim >= 3 and pixels.shape[-1] == 3
    rows, columns = pixels.shape[-3:-1] if colour else pixels.shape[-2:]
    bits = 8 * pixels.dtype.itemsize
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = DX_FOR_PRESENTATION
    dataset.SOPInstanceUID = "2.25.1"
    dataset.StudyInstanceUID = "2.25.3"
    dataset.SeriesInstanceUID = "2.25.2"
    dataset.Modality = "DX"
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.BodyPartExamined = "CHEST"
    dataset.ViewPosition = "PA"
    dataset.PatientName = "Test^Only"
    dataset.PatientID = "TEST-1"
    dataset.PatientAge = "052Y"
    dataset.SamplesPerPixel = 3 if colour else 1
    dataset.PhotometricInterpretation = "RGB" if colour else "MONOCHROME2"
    if colour:
        dataset.PlanarConfiguration = 0
    if pixels.ndim - colour == 3:
        dataset.NumberOfFrames = pixels.shape[0]
    dataset.Rows, dataset.Columns = rows, columns
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = bits, bits, bits - 1
    dataset.PixelRepresentation = int(np.issubdtype(pixels.dtype, np.signedinteger))
    return dataset


def _unchecked(keyword: str, value: Any) -> DataElement:
    """An attribute with any value: what real files hold is often not valid."""
    tag = tag_for_keyword(keyword)
    assert tag is not None, keyword
    return DataElement(tag, dictionary_VR(tag), value, validation_mode=config.IGNORE)


def _put_encapsulated(dataset: Dataset, fragments: bytes) -> None:
    dataset.PixelData = fragments
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True


def _put_native(dataset: Dataset, pixels: NDArray[Any], syntax: UID) -> None:
    data = pixels.astype(pixels.dtype.newbyteorder("<" if syntax.is_little_endian else ">")).tobytes()
    dataset.PixelData = data + b"\0" * (len(data) % 2)
    dataset["PixelData"].VR = "OB" if pixels.dtype.itemsize == 1 and not syntax.is_implicit_VR else "OW"


def _written(dataset: Dataset, syntax: UID, *, file_meta: bool) -> bytes:
    out = BytesIO()
    if not file_meta:
        dcmwrite(out, dataset, implicit_vr=syntax.is_implicit_VR, little_endian=syntax.is_little_endian)
        return out.getvalue()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = dataset.get("SOPClassUID", SECONDARY_CAPTURE)
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.get("SOPInstanceUID", "2.25.1")
    dcmwrite(out, dataset, enforce_file_format=True)
    return out.getvalue()
