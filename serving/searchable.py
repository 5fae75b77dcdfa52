"""What of a header can be searched, and is answered by a search (PS3.18, 10.6), read when it is received.

The attributes of a study, a series and an instance that are kept in the database, as the DICOM JSON Model (PS3.18,
annex F) has them: only those that hold a value.
"""

import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pydicom.datadict import dictionary_VR

from model.elements import Elements, tag_of
from model.errors import NotReadable
from serving.characters import decoded, name_groups

Json = dict[str, Any]

#: Keywords by level, patient's attributes with the study's (PS3.4, C.6.2.1: Study Root).
LEVELS: Mapping[str, tuple[str, ...]] = {
    "study": (
        *("StudyDate", "StudyTime", "AccessionNumber", "ReferringPhysicianName", "TimezoneOffsetFromUTC"),
        *("StudyDescription", "PatientName", "PatientID", "IssuerOfPatientID", "PatientBirthDate", "PatientSex"),
        *("OtherPatientIDs", "PatientAge", "PatientSize", "PatientWeight", "StudyInstanceUID", "StudyID"),
    ),
    "series": (
        *("SeriesDate", "SeriesTime", "Modality", "Manufacturer", "InstitutionName", "StationName"),
        *("SeriesDescription", "InstitutionalDepartmentName", "ManufacturerModelName", "BodyPartExamined"),
        *("ProtocolName", "SeriesInstanceUID", "SeriesNumber", "Laterality", "PerformedProcedureStepStartDate"),
        *("PerformedProcedureStepStartTime", "RequestAttributesSequence"),
    ),
    "instance": (
        *("ImageType", "SOPClassUID", "SOPInstanceUID", "ContentDate", "AcquisitionDate", "ContentTime"),
        *("AcquisitionTime", "ViewPosition", "InstanceNumber", "PatientOrientation", "ImageLaterality"),
        *("NumberOfFrames", "PhotometricInterpretation", "Rows", "Columns", "BitsAllocated"),
        *("ConceptNameCodeSequence", "ContentLabel", "ContentDescription", "DocumentTitle"),
    ),
}
#: What is kept of the items of a sequence.
INSIDE: Mapping[str, tuple[str, ...]] = {
    "RequestAttributesSequence": (
        *("RequestedProcedureDescription", "ScheduledProcedureStepDescription"),
        *("ScheduledProcedureStepID", "RequestedProcedureID"),
    ),
    "ConceptNameCodeSequence": ("CodeValue", "CodingSchemeDesignator", "CodeMeaning"),
}
#: A value of more bytes is no value that one searches for.
_LONGEST = 4096
_IN_OWN_CHARACTERS = {"LO", "LT", "PN", "SH", "ST", "UC", "UT"}
_WHOLE = {"IS", "US"}


def searchable(header: Elements) -> dict[str, Json]:
    """Level to its attributes, by tag."""
    character_sets = header.texts("SpecificCharacterSet")
    return {level: _attributes(header, keywords, character_sets) for level, keywords in LEVELS.items()}


@cache
def tag_text(keyword: str) -> str:
    """The tag as the DICOM JSON Model writes it."""
    return f"{tag_of(keyword):08X}"


@cache
def vr_of(keyword: str) -> str:
    """The Value Representation (PS3.6); the first where there are several."""
    return dictionary_VR(tag_of(keyword)).split()[0]


def _attributes(header: Elements, keywords: Iterable[str], character_sets: tuple[str, ...]) -> Json:
    found: Json = {}
    for keyword in keywords:
        if keyword in header and (values := _values(header, keyword, character_sets)):
            found[tag_text(keyword)] = {"vr": vr_of(keyword), "Value": values}
    return found


def _values(header: Elements, keyword: str, character_sets: tuple[str, ...]) -> list[Any]:
    """[] where there is no value, or none that can be read: its reading will say what is wrong with the file."""
    try:
        values = _read(header, keyword, character_sets)
    except (NotReadable, ValueError, OverflowError):
        return []
    values = [None if value == "" else value for value in values]
    return values if any(value is not None for value in values) else []


def _read(header: Elements, keyword: str, character_sets: tuple[str, ...]) -> list[Any]:
    vr = vr_of(keyword)
    if vr == "SQ":
        return [_attributes(item, INSIDE[keyword], character_sets) for item in header.sequence(keyword)]
    if len(header.raw(keyword)) > _LONGEST:
        return []
    if vr in _WHOLE:
        return [int(number) for number in (header.numbers(keyword) if vr == "US" else header.decimals(keyword))]
    if vr == "DS":
        return [number for number in header.decimals(keyword) if math.isfinite(number)]
    if vr in _IN_OWN_CHARACTERS:
        texts = decoded(header.raw(keyword), character_sets).split("\\")
        return [groups for text in texts if (groups := name_groups(text))] if vr == "PN" else [t.strip() for t in texts]
    return [text.replace("\0", "") for text in header.texts(keyword)]
