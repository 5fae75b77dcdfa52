"""What a result takes over from the file that it answers: patient, study, and what the image says of itself.

Read by the same parser as everything that strangers send, and kept as it came, in Unicode: a result must land in the
same folder of the same patient, whatever a standard would say of a name's length. Dates, numbers and codes that are
none are left empty.
"""

from collections.abc import Sequence

from pydicom import config
from pydicom.datadict import dictionary_VM, dictionary_VR, keyword_for_tag
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.valuerep import validate_value

from model.dicom_file import open_file
from model.elements import Elements, tag_of
from model.errors import NotReadable
from serving.characters import decoded

#: PS3.3, C.7.1.1: patient. Those of type 2 first: they are there even if they are empty.
_PATIENT = (
    "PatientName PatientID PatientBirthDate PatientSex IssuerOfPatientID IssuerOfPatientIDQualifiersSequence "
    "TypeOfPatientID PatientBirthTime OtherPatientIDs OtherPatientIDsSequence OtherPatientNames EthnicGroup "
    "PatientComments PatientIdentityRemoved DeidentificationMethod DeidentificationMethodCodeSequence"
)
#: PS3.3, C.7.2.1 and C.7.2.2: study, and the patient at its time.
_STUDY = (
    "StudyInstanceUID StudyDate StudyTime ReferringPhysicianName StudyID AccessionNumber StudyDescription "
    "IssuerOfAccessionNumberSequence PhysiciansOfRecord NameOfPhysiciansReadingStudy ProcedureCodeSequence "
    "ReferencedStudySequence PatientAge PatientSize PatientWeight AdmissionID ReasonForVisit "
    "AdmittingDiagnosesDescription Occupation AdditionalPatientHistory MedicalAlerts Allergies PregnancyStatus"
)
_EMPTY = (
    "PatientName PatientID PatientBirthDate PatientSex StudyDate StudyTime ReferringPhysicianName StudyID "
    "AccessionNumber"
)
_IMAGE = (
    "SOPClassUID SOPInstanceUID SeriesInstanceUID Modality TimezoneOffsetFromUTC Rows Columns PatientOrientation "
    "ImagerPixelSpacing PixelSpacing BurnedInAnnotation SamplesPerPixel PhotometricInterpretation "
    "PresentationLUTShape RescaleIntercept RescaleSlope RescaleType ModalityLUTSequence VOILUTSequence "
    "WindowCenter WindowWidth VOILUTFunction InstitutionName"
)
_IDENTITY = ("SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID")
#: VRs whose values are prose: kept even where they are too long.
_PROSE = {"PN", "LO", "SH", "ST", "LT", "UT", "UC"}
_BINARY = {"US": "US", "SS": "SS", "UL": "UL", "SL": "SL", "US or SS": "US"}
_WORDS = {"OW", "US or OW"}


def header_of(data: bytes, max_bytes: int) -> Dataset | None:
    """The header of one file; None when it says of no instance of a study that it is one."""
    try:
        elements = open_file(data, max_bytes).elements
        header = _copied(elements, [tag_of(keyword) for keyword in (_PATIENT + " " + _STUDY + " " + _IMAGE).split()])
    except NotReadable:
        return None
    if not all(header.get(keyword) for keyword in _IDENTITY):
        return None
    for keyword in _EMPTY.split():
        if keyword not in header:
            header.add(_element(keyword, ""))
    return header


def study_of(header: Dataset) -> Dataset:
    """Patient and study of a header: the part that every instance of the study must have alike."""
    study = Dataset()
    for keyword in (_PATIENT + " " + _STUDY).split():
        if keyword in header:
            study.add(header[keyword])
    if "TimezoneOffsetFromUTC" in header:  # the file's dates are in it
        study.add(header["TimezoneOffsetFromUTC"])
    return study


def _copied(elements: Elements, tags: Sequence[int], character_sets: Sequence[str] | None = None) -> Dataset:
    character_sets = character_sets or elements.texts("SpecificCharacterSet")
    dataset = Dataset()
    for tag in sorted(tag for tag in tags if tag in elements.by_tag):
        element = _value(elements, keyword_for_tag(tag), character_sets)
        if element is not None:
            dataset.add(element)
    return dataset


def _value(elements: Elements, keyword: str, character_sets: Sequence[str]) -> DataElement | None:
    vr = dictionary_VR(tag_of(keyword))
    if vr == "SQ":
        items = [_item(item, character_sets) for item in elements.sequence(keyword)]
        return DataElement(tag_of(keyword), vr, Items(items))
    if vr in _WORDS:
        raw = elements.raw(keyword)
        return DataElement(tag_of(keyword), "OW", raw if elements.encoding.little else _swapped(raw))
    if vr in _BINARY:
        # An entry of a LUT's descriptor may be signed or not (PS3.3, C.11.1.1): as the file has it.
        element = elements.by_tag[tag_of(keyword)]
        binary = element.vr if element.vr in _BINARY else _BINARY[vr]
        numbers = list(elements.numbers(keyword, binary))
        return DataElement(tag_of(keyword), binary, numbers[0] if _single(keyword) and numbers else numbers)
    if vr in _PROSE:
        return _element(keyword, decoded(elements.raw(keyword), character_sets))
    values = elements.texts(keyword)[: 1 if _single(keyword) else None]
    if not all(_fits(vr, value) for value in values):
        return None
    return _element(keyword, "\\".join(values))


def _item(item: Elements, character_sets: Sequence[str]) -> Dataset:
    """An item of a sequence: all that the standard names in it."""
    known = [tag for tag in item.by_tag if keyword_for_tag(tag) and _copies(dictionary_VR(tag))]
    return _copied(item, known, item.texts("SpecificCharacterSet") or character_sets)


def _copies(vr: str) -> bool:
    return vr in {"SQ", "AE", "AS", "CS", "DA", "DS", "DT", "IS", "TM", "UI", "UR"} | _PROSE | _WORDS | set(_BINARY)


def _single(keyword: str) -> bool:
    return dictionary_VM(tag_of(keyword)) == "1"


def _fits(vr: str, value: str) -> bool:
    try:
        validate_value(vr, value, config.RAISE)
    except ValueError:
        return False
    return True


def _element(keyword: str, value: str) -> DataElement:
    return DataElement(tag_of(keyword), dictionary_VR(tag_of(keyword)), value, validation_mode=config.IGNORE)


def _swapped(raw: bytes) -> bytes:
    """16-bit words in the other byte order."""
    even = raw[: len(raw) // 2 * 2]
    swapped = bytearray(even)
    swapped[::2], swapped[1::2] = even[1::2], even[::2]
    return bytes(swapped)
