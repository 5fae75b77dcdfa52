"""A radiograph without its patient: only what gives pixels their meaning is carried over, value by value.

PS3.15, annex E, the Basic Application Level Confidentiality Profile, with the option to retain patient characteristics
(sex, age). Nothing is removed from a list: what is not named here does not come along, private attributes, overlays,
curves and free text among it. Dates and times are removed, UIDs replaced. Pixels are stored natively, as they were bit
for bit, so that no comment of a codestream comes along. What is burned into them stays: see Burned In Annotation
(0028,0301).
"""

import io
import re

import numpy as np
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from model.errors import NotReadable, RefusalCode
from serving.dicomweb.transcoding import explicit_file
from serving.presentations.dicom_result import OUR_IMPLEMENTATION
from serving.training_set.pseudonyms import Pseudonyms

_NUMBERS = (
    "SamplesPerPixel", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation",
    "PlanarConfiguration", "PixelPaddingValue", "PixelPaddingRangeLimit", "RescaleIntercept", "RescaleSlope",
    "WindowCenter", "WindowWidth", "PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing",
    "PixelAspectRatio", "EstimatedRadiographicMagnificationFactor", "PixelIntensityRelationshipSign",
)  # fmt: skip
#: Attributes to the words that may stand in them; another word may be anything, and does not come along.
_WORDS = {
    "Modality": {"CR", "DX", "RF", "RG", "PX", "OT"},
    "BodyPartExamined": {"CHEST", "THORAX", "LUNG"},
    "ViewPosition": {"PA", "AP", "LL", "RL", "LATERAL", "LLD", "RLD", "LLO", "RLO"},
    "PatientOrientation": {"L", "R", "A", "P", "H", "F"},
    "ImageLaterality": {"R", "L", "U", "B"},
    "PatientSex": {"M", "F", "O"},
    "PresentationIntentType": {"FOR PRESENTATION", "FOR PROCESSING"},
    "PresentationLUTShape": {"IDENTITY", "INVERSE"},
    "PhotometricInterpretation": {"MONOCHROME1", "MONOCHROME2", "RGB", "PALETTE COLOR", "YBR_FULL", "YBR_FULL_422"},
    "PixelIntensityRelationship": {"LIN", "LOG"},
    "VOILUTFunction": {"LINEAR", "LINEAR_EXACT", "SIGMOID"},
    "LossyImageCompression": {"00", "01"},
    "BurnedInAnnotation": {"YES", "NO"},
}
_TABLES = ("ModalityLUTSequence", "VOILUTSequence", "PresentationLUTSequence")
_SOP_CLASSES = re.compile(r"1\.2\.840\.10008\.5\.1\.4\.1\.1\.(1(\.\d+)*|7(\.\d+)?)")
_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
#: Years; from here on an age is said as this one.
OLDEST = 90
#: PS3.16, CID 7050.
_METHODS = (
    ("113100", "Basic Application Confidentiality Profile"),
    ("113108", "Retain Patient Characteristics Option"),
)


def deidentified(data: bytes, names: Pseudonyms, patient: str, age: float | None, most_bytes: int) -> bytes:
    """The file (DICOM, one frame) without its patient, who becomes ``patient``; ``age`` in years.

    Raises:
        NotReadable: when it cannot be taken apart, its pixels not be decoded, or it has several frames.
    """
    source = dcmread(io.BytesIO(explicit_file(data, most_bytes)))
    if int(source.get("NumberOfFrames") or 1) != 1:
        raise NotReadable(RefusalCode.UNSUPPORTED_SYNTAX, "It must have one frame.")
    made = Dataset()
    _carry_numbers(source, made)
    _carry_words(source, made)
    _carry_tables(source, made)
    _carry_pixels(source, made)
    _name(source, made, names, patient)
    if age is not None:
        made.PatientAge = f"{min(int(age), OLDEST):03d}Y"
    _say_how(made)
    return _file(made)


def _carry_numbers(source: Dataset, made: Dataset) -> None:
    for keyword in _NUMBERS:
        element = source.get_item(keyword)
        value = source.get(keyword)
        if element is None or value is None or value == "":
            continue
        numbers = list(value) if isinstance(value, (list, tuple)) or hasattr(value, "__iter__") else [value]
        if all(np.isfinite(float(number)) for number in numbers):
            setattr(made, keyword, value)


def _carry_words(source: Dataset, made: Dataset) -> None:
    for keyword, allowed in _WORDS.items():
        value = source.get(keyword)
        words = [value] if isinstance(value, str) else list(value or ())
        letters = [letter for word in words for letter in word] if keyword == "PatientOrientation" else words
        if words and all(letter in allowed for letter in letters):
            setattr(made, keyword, value)


def _carry_tables(source: Dataset, made: Dataset) -> None:
    for keyword in _TABLES:
        items = []
        for item in source.get(keyword) or ():
            table = Dataset()
            for part in ("LUTDescriptor", "LUTData"):
                if part in item:
                    table[part] = item[part]
            if item.get("PresentationLUTShape") in _WORDS["PresentationLUTShape"]:
                table.PresentationLUTShape = item.PresentationLUTShape
            items.append(table)
        if items:
            setattr(made, keyword, items)
    for colour in ("Red", "Green", "Blue"):
        for part in (f"{colour}PaletteColorLookupTableDescriptor", f"{colour}PaletteColorLookupTableData"):
            if part in source:
                made[part] = source[part]


def _carry_pixels(source: Dataset, made: Dataset) -> None:
    """Without what follows the last pixel, and without bits above those that are stored: overlays hide in them."""
    cell = np.dtype("<u2" if source.BitsAllocated == 16 else "u1")
    count = source.Rows * source.Columns * source.SamplesPerPixel
    cells = np.frombuffer(source.PixelData, cell, count=count)
    if not source.PixelRepresentation:
        low = source.HighBit + 1 - source.BitsStored
        cells = cells & cell.type(((1 << source.BitsStored) - 1) << low)
    pixels = cells.tobytes()
    made.add_new("PixelData", "OW" if source.BitsAllocated == 16 else "OB", pixels + b"\0" * (len(pixels) % 2))


def _name(source: Dataset, made: Dataset, names: Pseudonyms, patient: str) -> None:
    sop_class = str(source.get("SOPClassUID", ""))
    made.SOPClassUID = sop_class if _SOP_CLASSES.fullmatch(sop_class) else _SECONDARY_CAPTURE
    for keyword in ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"):
        setattr(made, keyword, names.uid(str(source.get(keyword, ""))))
    made.PatientID = made.PatientName = patient
    for empty in ("PatientBirthDate", "StudyDate", "StudyTime", "AccessionNumber", "ReferringPhysicianName", "StudyID"):
        setattr(made, empty, "")
    made.SeriesNumber = made.InstanceNumber = None


def _say_how(made: Dataset) -> None:
    made.PatientIdentityRemoved = "YES"
    made.LongitudinalTemporalInformationModified = "REMOVED"
    made.DeidentificationMethod = "Hilum: only what gives pixels their meaning is kept"
    made.DeidentificationMethodCodeSequence = [_code(*method) for method in _METHODS]


def _code(value: str, meaning: str) -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, "DCM", meaning
    return code


def _file(made: Dataset) -> bytes:
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.ImplementationClassUID = OUR_IMPLEMENTATION
    file = io.BytesIO()
    made.save_as(file, enforce_file_format=True)
    return file.getvalue()
