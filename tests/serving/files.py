"""Small files to send: made here, so that a test says all that is in them."""

import io
import zipfile
from typing import Any

import cv2
import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

ROWS, COLUMNS = 60, 48


def dicom(uid: str | None = "1.2.3.1", *, syntax: UID = ExplicitVRLittleEndian, shade: int = 128, **more: Any) -> bytes:
    """A chest radiograph, 60 x 48 pixels of one shade (0..255) but for a brighter lower half; ``more`` by keyword."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    attributes: dict[str, Any] = {
        "SOPClassUID": DigitalXRayImageStorageForPresentation,
        "SOPInstanceUID": uid,
        "SeriesInstanceUID": "1.2.3.20",
        "StudyInstanceUID": "1.2.3.30",
        "StudyDate": "20260102",
        "Modality": "DX",
        "BodyPartExamined": "CHEST",
        "ViewPosition": "PA",
        "PresentationLUTShape": "IDENTITY",
        "PhotometricInterpretation": "MONOCHROME2",
        "SpecificCharacterSet": "ISO_IR 192",
        "PatientName": "Mẫu^Bình Thường",
        "PatientID": "P-1",
        **more,
    }
    for keyword, value in attributes.items():
        if value is not None:
            setattr(dataset, keyword, value)
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = ROWS, COLUMNS, 1
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
    dataset.PixelData = pixels(shade).tobytes()
    file = io.BytesIO()
    dataset.save_as(file, enforce_file_format=uid is not None)
    return file.getvalue()


def pixels(shade: int) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    shades = np.full((ROWS, COLUMNS), shade, np.uint8)
    shades[ROWS // 2 :] = min(shade + 60, 255)
    return shades


def png(shade: int = 128) -> bytes:
    return cv2.imencode(".png", pixels(shade))[1].tobytes()


def archive(*contents: bytes, names: list[str] | None = None) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for number, content in enumerate(contents):
            made.writestr(names[number] if names else f"{number}.dcm", content)
    return file.getvalue()
