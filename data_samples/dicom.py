"""Writing a picture as a DX or CR instance, with every attribute that its IOD asks for (PS3.3, A.2 and A.26)."""

import uuid
from dataclasses import dataclass
from typing import Literal

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import uid
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "data-samples.hilum.invalid")

Syntax = Literal[
    "explicit",
    "implicit",
    "big-endian",
    "deflated",
    "rle",
    "jpeg-lossless",
    "jpeg-ls",
    "jpeg-2000",
    "htj2k",
    "jpeg-baseline",
]

SYNTAXES: dict[Syntax, uid.UID] = {
    "explicit": uid.ExplicitVRLittleEndian,
    "implicit": uid.ImplicitVRLittleEndian,
    "big-endian": uid.ExplicitVRBigEndian,
    "deflated": uid.DeflatedExplicitVRLittleEndian,
    "rle": uid.RLELossless,
    "jpeg-lossless": uid.JPEGLosslessSV1,
    "jpeg-ls": uid.JPEGLSLossless,
    "jpeg-2000": uid.JPEG2000Lossless,
    "htj2k": uid.HTJ2KLossless,
    "jpeg-baseline": uid.JPEGBaseline8Bit,
}


def derived_uid(key: str) -> uid.UID:
    """The same key gives the same UID on every machine (UUIDv5 under 2.25, PS3.5 B.2)."""
    return uid.UID(f"2.25.{uuid.uuid5(_NAMESPACE, key).int}")


@dataclass(frozen=True, kw_only=True)
class Header:
    """What a file says about its picture, in DICOM's own words."""

    #: Names the file; every UID is derived from it.
    key: str
    patient_name: str
    patient_id: str
    sex: Literal["M", "F"] = "M"
    #: Patient's Age (0010,1010).
    age: str = "045Y"
    kind: Literal["DX", "CR"] = "DX"
    syntax: Syntax = "explicit"
    photometric: Literal["MONOCHROME1", "MONOCHROME2"] = "MONOCHROME2"
    #: Bits Stored (0028,0101), and how many of them the values use.
    bits: int = 12
    used_bits: int = 12
    body_part: str | None = "CHEST"
    view_position: str = "PA"
    #: Patient Orientation (0020,0020); empty where the file does not say.
    orientation: tuple[str, ...] = ("L", "F")
    #: Distance of two pixels on the detector, mm.
    pitch: float
    #: Enlargement of the patient's middle on the detector.
    magnification: float = 1.0
    source_to_detector: float = 1800.0
    voi: Literal["window", "sigmoid", "lut"] = "window"
    description: str = ""


def encoded(values: NDArray[np.uint16], header: Header) -> FileDataset:
    """``values`` (rows, columns) as stored, as a complete DICOM file."""
    dataset = _identified(header)
    _describe_acquisition(dataset, header)
    _describe_pixels(dataset, values, header)
    _describe_presentation(dataset, header)
    _set_pixel_data(dataset, values, header)
    return dataset


def _identified(header: Header) -> FileDataset:
    sop_class = (
        uid.DigitalXRayImageStorageForPresentation if header.kind == "DX" else uid.ComputedRadiographyImageStorage
    )
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = derived_uid(f"{header.key}/instance")
    meta.TransferSyntaxUID = SYNTAXES[header.syntax]
    meta.ImplementationClassUID = derived_uid("implementation")
    meta.ImplementationVersionName = "HILUM_SAMPLES"
    dataset = FileDataset(
        "", {}, preamble=b"\0" * 128, file_meta=meta,
        is_implicit_VR=header.syntax == "implicit", is_little_endian=header.syntax != "big-endian",
    )  # fmt: skip
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID, dataset.SOPInstanceUID = sop_class, meta.MediaStorageSOPInstanceUID
    dataset.StudyInstanceUID = derived_uid(f"{header.key}/study")
    dataset.SeriesInstanceUID = derived_uid(f"{header.key}/series")
    dataset.PatientName, dataset.PatientID = header.patient_name, header.patient_id
    dataset.PatientBirthDate, dataset.PatientSex, dataset.PatientAge = "", header.sex, header.age
    dataset.PatientComments = "Synthetic. Nobody is shown."
    dataset.StudyDate = dataset.SeriesDate = dataset.AcquisitionDate = dataset.ContentDate = "20260101"
    dataset.StudyTime = dataset.SeriesTime = dataset.AcquisitionTime = dataset.ContentTime = "080000"
    dataset.AccessionNumber, dataset.ReferringPhysicianName, dataset.StudyID = "", "", "1"
    dataset.StudyDescription = "Synthetic radiograph"
    dataset.ImageComments = header.description
    dataset.SeriesNumber, dataset.InstanceNumber = 1, 1
    dataset.Manufacturer, dataset.ManufacturerModelName = "Hilum synthetic", "data_samples"
    dataset.DeviceSerialNumber, dataset.SoftwareVersions = "0", "1"
    return dataset


#: SNOMED CT codes of Body Part Examined (PS3.16, CID 4009) and of View Position (CID 4010).
REGIONS = {"CHEST": ("51185008", "Chest"), "HAND": ("85562004", "Hand")}
VIEWS = {
    "PA": ("272479007", "postero-anterior"),
    "AP": ("399348003", "antero-posterior"),
    "LL": ("399173006", "left lateral"),
}


def coded(value: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "SCT", meaning
    return item


def _describe_acquisition(dataset: Dataset, header: Header) -> None:
    dataset.Modality = header.kind
    dataset.ViewPosition = header.view_position
    dataset.PatientOrientation = list(header.orientation)
    dataset.KVP, dataset.DistanceSourceToDetector = 120, header.source_to_detector
    dataset.DistanceSourceToPatient = round(header.source_to_detector / header.magnification, 1)
    dataset.ImagerPixelSpacing = [header.pitch, header.pitch]
    if header.body_part is not None:
        dataset.BodyPartExamined = header.body_part
    if header.kind == "DX":
        _describe_dx_acquisition(dataset, header)


def _describe_dx_acquisition(dataset: Dataset, header: Header) -> None:
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.EstimatedRadiographicMagnificationFactor = round(header.magnification, 4)
    dataset.ImageLaterality = "U" if header.body_part == "CHEST" else "L"
    dataset.AnatomicRegionSequence = Sequence([coded(*REGIONS[header.body_part])] if header.body_part else [])
    view = coded(*VIEWS[header.view_position])
    view.ViewModifierCodeSequence = Sequence()
    dataset.ViewCodeSequence = Sequence([view])
    dataset.PositionerType = "COLUMN"
    dataset.DetectorType, dataset.DetectorConfiguration = "SCINTILLATOR", "AREA"
    dataset.AcquisitionContextSequence = Sequence()


def _describe_pixels(dataset: Dataset, values: NDArray[np.uint16], header: Header) -> None:
    dataset.Rows, dataset.Columns = values.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, header.photometric
    dataset.BitsAllocated = 8 if header.bits == 8 else 16
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = header.bits, header.bits - 1, 0
    dataset.ImageType = ["DERIVED" if header.syntax == "jpeg-baseline" else "ORIGINAL", "PRIMARY", ""]
    if header.kind == "DX":
        dataset.PixelIntensityRelationship = "LOG"
        dataset.PixelIntensityRelationshipSign = -1 if header.photometric == "MONOCHROME1" else 1
    dataset.BurnedInAnnotation = "NO"
    dataset.LossyImageCompression = "00"
    if header.syntax == "jpeg-baseline":
        dataset.LossyImageCompression = "01"
        dataset.LossyImageCompressionMethod = "ISO_10918_1"
        dataset.DerivationDescription = "Lossy compression"


def _describe_presentation(dataset: Dataset, header: Header) -> None:
    whole = 2**header.used_bits
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = 0, 1, "US"
    dataset.PresentationLUTShape = "INVERSE" if header.photometric == "MONOCHROME1" else "IDENTITY"
    if header.voi == "lut":
        dataset.VOILUTSequence = Sequence([_voi_lut(header.used_bits)])
        return
    dataset.WindowCenter, dataset.WindowWidth = whole // 2, whole
    if header.voi == "sigmoid":
        dataset.VOILUTFunction = "SIGMOID"


def _voi_lut(bits: int) -> Dataset:
    """A gentle S-shaped table over all stored values (PS3.3, C.11.2)."""
    share = np.linspace(0, 1, 2**bits)
    curve = share + 0.06 * np.sin(2 * np.pi * (share - 0.5))
    item = Dataset()
    item.LUTDescriptor = [2**bits, 0, 16]
    item.LUTExplanation = "Chest"
    item.LUTData = np.round(curve.clip(0, 1) * 65535).astype("<u2").tobytes()
    return item


def _set_pixel_data(dataset: FileDataset, values: NDArray[np.uint16], header: Header) -> None:
    stored = values.astype(np.uint8) if header.bits == 8 else values
    if header.syntax in ("explicit", "implicit", "deflated", "big-endian"):
        raw = (stored.byteswap() if header.syntax == "big-endian" and stored.itemsize == 2 else stored).tobytes()
        dataset.PixelData = raw + b"\0" * (len(raw) % 2)
        dataset["PixelData"].VR = "OW"
    elif header.syntax == "rle":
        dataset.compress(uid.RLELossless, stored, generate_instance_uid=False)
    else:
        frame = _compressed(stored, header)
        dataset.PixelData = encapsulate([frame])
        dataset["PixelData"].VR = "OB"
        dataset["PixelData"].is_undefined_length = True
        if header.syntax == "jpeg-baseline":
            dataset.LossyImageCompressionRatio = round(stored.nbytes / len(frame), 1)


def _compressed(stored: NDArray[np.uint8] | NDArray[np.uint16], header: Header) -> bytes:
    match header.syntax:
        case "jpeg-lossless":
            return bytes(imagecodecs.jpeg8_encode(stored, lossless=True, predictor=1, bitspersample=header.bits))
        case "jpeg-ls":
            return bytes(imagecodecs.jpegls_encode(stored))
        case "jpeg-2000":
            return bytes(
                imagecodecs.jpeg2k_encode(stored, codecformat="j2k", reversible=True, bitspersample=header.bits)
            )
        case "htj2k":
            return bytes(imagecodecs.htj2k_encode(stored, reversible=True))
        case _:
            return bytes(imagecodecs.jpeg8_encode(stored, level=92))
