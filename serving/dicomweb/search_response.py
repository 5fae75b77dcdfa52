"""What a search answers of each result (PS3.18, 10.6.3.3), in the DICOM JSON Model."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pydicom.datadict import tag_for_keyword

from serving.dicomweb.search_parameters import Search
from serving.dicomweb.urls import instance_url, series_url, study_url
from serving.searchable import Json, tag_text, vr_of
from serving.store.searches import Level

#: Always there, if only without a value (PS3.18, tables 10.6.3-3 to 10.6.3-5).
REQUIRED: Mapping[Level, tuple[str, ...]] = {
    Level.STUDY: (
        *("StudyDate", "StudyTime", "AccessionNumber", "ModalitiesInStudy", "ReferringPhysicianName", "PatientName"),
        *("PatientID", "PatientBirthDate", "PatientSex", "StudyInstanceUID", "StudyID"),
    ),
    Level.SERIES: ("Modality", "SeriesInstanceUID", "SeriesNumber"),
    Level.INSTANCE: ("SOPClassUID", "SOPInstanceUID", "InstanceNumber"),
}
#: There where they have a value.
_IF_PRESENT: Mapping[Level, tuple[str, ...]] = {
    Level.STUDY: ("TimezoneOffsetFromUTC",),
    Level.SERIES: (
        *("TimezoneOffsetFromUTC", "SeriesDescription", "PerformedProcedureStepStartDate"),
        *("PerformedProcedureStepStartTime", "RequestAttributesSequence"),
    ),
    Level.INSTANCE: ("TimezoneOffsetFromUTC", "Rows", "Columns", "BitsAllocated", "NumberOfFrames"),
}
_COLUMNS = {Level.STUDY: "study", Level.SERIES: "series", Level.INSTANCE: "sop"}
#: Of what is named in the path, only this is repeated.
UIDS = {Level.STUDY: "StudyInstanceUID", Level.SERIES: "SeriesInstanceUID", Level.INSTANCE: "SOPInstanceUID"}


def result(row: Mapping[str, Any], search: Search, base: str, in_path: Collection[Level]) -> Json:
    """One result: of what it is, of all that is above and is not in the path, and what was asked for besides."""
    known = _known(row, search.level)
    full = [level for level in search.level.with_above if level not in in_path]
    required = {keyword for level in full for keyword in REQUIRED[level]} | {UIDS[level] for level in in_path}
    wanted = required | search.included | set(_IF_PRESENT[search.level])
    found = {tag_text(keyword): {"vr": vr_of(keyword)} for keyword in required}
    found |= known if search.include_all else {tag: known[tag] for tag in _tags(wanted) if tag in known}
    return dict(sorted((found | _made(row, search.level, base)).items()))


def _tags(keywords: Iterable[str]) -> set[str]:
    return {f"{tag_for_keyword(keyword):08X}" for keyword in keywords}


def _known(row: Mapping[str, Any], level: Level) -> Json:
    """All that the database knows of a result."""
    known: Json = {}
    for one in level.with_above:
        known |= row[f"{one}_attributes"] or {}
    if modalities := [modality for modality in row["modalities"] if modality]:
        known |= _element("ModalitiesInStudy", *modalities)
    return known


def _made(row: Mapping[str, Any], level: Level, base: str) -> Json:
    """What no file says."""
    study = row["study_instance_uid"]
    made = _element("SpecificCharacterSet", "ISO_IR 192") | _element("InstanceAvailability", "ONLINE")
    # A file may have none of its own.
    uids = {UIDS[one]: row[f"{_COLUMNS[one]}_instance_uid"] for one in level.with_above}
    for keyword, uid in uids.items():
        made |= _element(keyword, uid)
    if level is Level.STUDY:
        made |= _element("RetrieveURL", study_url(base, study))
        made |= _element("NumberOfStudyRelatedSeries", row["series"])
        return made | _element("NumberOfStudyRelatedInstances", row["instances"])
    series = row["series_instance_uid"]
    if level is Level.SERIES:
        made |= _element("RetrieveURL", series_url(base, study, series))
        return made | _element("NumberOfSeriesRelatedInstances", row["instances"])
    made |= _element("RetrieveURL", instance_url(base, study, series, row["sop_instance_uid"]))
    return made | _element("AvailableTransferSyntaxUID", row["transfer_syntax"])


def _element(keyword: str, *values: object) -> Json:
    return {tag_text(keyword): {"vr": vr_of(keyword), "Value": list(values)}}
