"""What a server is given to begin with: small files whose every value is known, with names from Viet Nam.

Every run has UIDs and Patient IDs of its own, so that a server may hold anything else.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import uid as uids
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate

ROWS, COLUMNS, FRAMES = 60, 48, 3
NAME, OTHER_NAME, PLAIN_NAME = "Nguyễn^Thị Ánh^Đào", "Trần^Văn^Đức", "MAU^KIEM"
DESCRIPTION = "Ngực thẳng"
#: The value of a private element, (0029,1010): long enough to be bulk data, with what multipart is made of.
CREATOR, BINARY = "HILUM CONFORMANCE", b"\r\n--x\r\n\r\n" + bytes(range(256)) * 64 + b"\r\n--"
DX, CR = uids.DigitalXRayImageStorageForPresentation, uids.ComputedRadiographyImageStorage
MULTIFRAME = uids.MultiFrameGrayscaleByteSecondaryCaptureImageStorage

Pixels = NDArray[Any]

_ENCODERS: dict[str, Callable[[Pixels], bytes]] = {
    uids.JPEGBaseline8Bit: lambda frame: imagecodecs.jpeg8_encode(frame, level=95),
    uids.JPEGLSLossless: imagecodecs.jpegls_encode,
    uids.JPEG2000Lossless: lambda frame: imagecodecs.jpeg2k_encode(frame, reversible=True, codecformat="j2k"),
}


@dataclass(frozen=True, kw_only=True)
class File:
    name: str
    study: str
    series: str
    instance: str
    sop_class: str
    transfer_syntax: str
    patient_id: str
    #: (frames, rows, columns), as they were before they were compressed.
    pixels: Pixels
    data: bytes

    @property
    def path(self) -> str:
        return f"/studies/{self.study}/series/{self.series}/instances/{self.instance}"


class Corpus:
    """The files of one run; ``run`` is a word that goes into every identifier."""

    def __init__(self, run: str) -> None:
        self.run = run

    def uid(self, what: str) -> str:
        return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, f'{self.run}:{what}').int}"

    def patient(self, number: int) -> str:
        return f"{self.run}-{number}"

    @cached_property
    def files(self) -> tuple[File, ...]:
        return (*self._first_study(), *self._second_study(), self._third_study())

    def __getitem__(self, name: str) -> File:
        return next(file for file in self.files if file.name == name)

    def of_study(self, file: File) -> list[File]:
        return [one for one in self.files if one.study == file.study]

    def _first_study(self) -> list[File]:
        """Of 2026-01-02: a DX series of two instances, a CR and a series of frames."""
        twelve = pixels(np.uint16, 4095)
        return [
            self.file("plain", "first", "dx", twelve, private=True, **_rich()),
            self.file("brighter", "first", "dx", twelve // 2 + 2000, InstanceNumber=2),
            self.file("implicit", "first", "cr", twelve, syntax=uids.ImplicitVRLittleEndian, **_cr()),
            self.file("frames", "first", "sc", pixels(np.uint8, 255, FRAMES), **_frames()),
        ]

    def _second_study(self) -> list[File]:
        """Of 2026-03-15, of another patient: one series, each instance in another transfer syntax."""
        twelve, eight = pixels(np.uint16, 4095), pixels(np.uint8, 255)
        made = {
            "rle": (uids.RLELossless, twelve),
            "jpeg-2000": (uids.JPEG2000Lossless, twelve),
            "jpeg-ls": (uids.JPEGLSLossless, twelve),
            "jpeg": (uids.JPEGBaseline8Bit, eight),
            "deflated": (uids.DeflatedExplicitVRLittleEndian, twelve),
            "inverted": (uids.ExplicitVRLittleEndian, 4095 - twelve),
        }
        common = {"PatientName": OTHER_NAME, "StudyDate": "20260315", "PatientSex": "M", "StudyID": "78"}
        files = [
            self.file(name, "second", "packed", values, syntax=syntax, patient=2, InstanceNumber=number, **common)
            for number, (name, (syntax, values)) in enumerate(made.items(), 1)
            if name != "inverted"
        ]
        inverted = {"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "INVERSE", "InstanceNumber": 9}
        files.append(self.file("inverted", "second", "packed", made["inverted"][1], patient=2, **common, **inverted))
        three = pixels(np.uint8, 255, FRAMES)
        many = {**_frames(), **common}
        return [
            *files,
            self.file("jpeg-frames", "second", "sc2", three, syntax=uids.JPEGBaseline8Bit, patient=2, **many),
        ]

    def _third_study(self) -> File:
        """Of 2025-12-31, of a third patient, with hardly more than its UIDs."""
        few = {"PatientName": PLAIN_NAME, "StudyDate": "20251231", "StudyTime": None, "StudyDescription": None}
        bare = {"PatientBirthDate": "", "PatientSex": "", "AccessionNumber": "", "StudyID": ""}
        return self.file("bare", "third", "old", pixels(np.uint16, 4095), patient=3, **{**_cr(), **few, **bare})

    def file(
        self,
        name: str,
        study: str,
        series: str,
        values: Pixels,
        *,
        syntax: str = uids.ExplicitVRLittleEndian,
        patient: int = 1,
        private: bool = False,
        **more: Any,
    ) -> File:
        """An instance; ``more`` by keyword, None takes away."""
        dataset = _described(values)
        dataset.StudyInstanceUID, dataset.SeriesInstanceUID = self.uid(study), self.uid(f"{study}:{series}")
        dataset.SOPInstanceUID = self.uid(f"{study}:{series}:{name}")
        dataset.PatientID, dataset.AccessionNumber = self.patient(patient), f"{self.run}-{study}"[:16]
        for keyword, value in more.items():
            if value is not None:
                setattr(dataset, keyword, value)
            else:
                delattr(dataset, keyword)
        if private:
            _add_private(dataset)
        return File(
            name=name,
            study=dataset.StudyInstanceUID,
            series=dataset.SeriesInstanceUID,
            instance=dataset.SOPInstanceUID,
            sop_class=dataset.SOPClassUID,
            transfer_syntax=syntax,
            patient_id=dataset.PatientID,
            pixels=values,
            data=_written(dataset, values, uids.UID(syntax)),
        )


def pixels(kind: type, most: int, frames: int = 1) -> Pixels:
    """A slope in each frame, the first the darkest: no two rows, columns or frames are alike."""
    rows, columns = np.mgrid[0:ROWS, 0:COLUMNS]
    slope = (rows * 2 + columns) / (2 * ROWS + COLUMNS)
    return np.stack([(slope * most * (number + 1) / frames).astype(kind) for number in range(frames)])


def _rich() -> dict[str, Any]:
    """Every kind of value that DICOM JSON has a form for."""
    step, region = Dataset(), Dataset()
    step.ScheduledProcedureStepID, step.RequestedProcedureID = "STEP-1", "PROCEDURE-1"
    region.CodeValue, region.CodingSchemeDesignator, region.CodeMeaning = "51185008", "SCT", "Chest"
    return {
        "InstanceNumber": 1,
        "RequestAttributesSequence": [step],
        "AnatomicRegionSequence": [region],
        "ViewCodeSequence": [],
        "DetectorActiveDimensions": [350.5, 425.25],
        "OperatorsName": ["Lê^Thị", "Phạm^Văn"],
        "ExposureIndex": 412.5,
        "SelectorAttribute": 0x00181063,
    }


def _cr() -> dict[str, Any]:
    return {"SOPClassUID": CR, "Modality": "CR", "SeriesNumber": 2, "InstanceNumber": 1}


def _frames() -> dict[str, Any]:
    return {"SOPClassUID": MULTIFRAME, "Modality": "OT", "SeriesNumber": 3, "InstanceNumber": 1}


def _described(values: Pixels) -> Dataset:
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID, dataset.Modality, dataset.SeriesNumber = DX, "DX", 1
    dataset.StudyDate, dataset.StudyTime, dataset.StudyID = "20260102", "103000", "77"
    dataset.StudyDescription, dataset.SeriesDescription = DESCRIPTION, "Ngực"
    dataset.PatientName, dataset.PatientBirthDate, dataset.PatientSex = NAME, "19700405", "F"
    dataset.ReferringPhysicianName, dataset.TimezoneOffsetFromUTC = "Bác^Sĩ", "+0700"
    dataset.BodyPartExamined, dataset.ViewPosition = "CHEST", "PA"
    dataset.PatientOrientation, dataset.Laterality = ["L", "F"], ""
    dataset.PhotometricInterpretation, dataset.SamplesPerPixel = "MONOCHROME2", 1
    dataset.PresentationLUTShape = "IDENTITY"
    if len(values) > 1:
        dataset.NumberOfFrames = len(values)
    dataset.Rows, dataset.Columns = values.shape[1:]
    dataset.BitsAllocated = 8 * values.itemsize
    dataset.BitsStored = 8 if values.itemsize == 1 else 12
    dataset.HighBit, dataset.PixelRepresentation = dataset.BitsStored - 1, 0
    dataset.WindowCenter, dataset.WindowWidth = 2 ** (dataset.BitsStored - 1), 2**dataset.BitsStored
    return dataset


def _add_private(dataset: Dataset) -> None:
    block = dataset.private_block(0x0029, CREATOR, create=True)
    block.add_new(0x10, "OB", BINARY + b"\0" * (len(BINARY) % 2))
    block.add_new(0x11, "LO", "riêng")


def _written(dataset: Dataset, values: Pixels, syntax: uids.UID) -> bytes:
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    if syntax == uids.RLELossless:
        dataset.compress(syntax, values[0], generate_instance_uid=False)
    elif syntax in _ENCODERS:
        dataset.PixelData = encapsulate([_ENCODERS[syntax](frame) for frame in values])
    else:
        dataset.PixelData = values.tobytes()
    dataset["PixelData"].VR = "OB" if syntax.is_encapsulated or values.itemsize == 1 else "OW"
    file = BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()
