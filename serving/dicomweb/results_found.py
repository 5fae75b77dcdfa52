"""Hilum's own results among what a search finds (QIDO-RS).

A search within a study, by its UID, finds them beside what was received; one over all studies does not look for them,
but counts them. They come as rows of ``store.searches``, so that a result is said of like any other instance.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydicom.uid import ExplicitVRLittleEndian

from serving.dicomweb.results import Result, modalities_shown, results_in
from serving.presentations.told import UNANSWERED
from serving.searchable import LEVELS, Json, tag_text, vr_of
from serving.services import Services
from serving.store import deliveries
from serving.store.searches import Condition, How, Level, search

Row = Mapping[str, Any]


def rows_within(services: Services, conditions: Sequence[Condition]) -> list[Row]:
    """The results that fulfil every condition, in the studies that these name; none where they name no study."""
    named = {uid for one in conditions if one.keyword == "StudyInstanceUID" for uid in one.values}
    if not named or any(one.keyword == "StudyInstanceUID" and one.how is not How.ANY for one in conditions):
        return []
    of_study = [one for one in conditions if one.keyword in {*LEVELS["study"], "ModalitiesInStudy"}]
    studies = {row["study_id"]: row for row in search(services.store, Level.STUDY, of_study, limit=100, offset=0)}
    rest = [one for one in conditions if one not in of_study]
    found = ((one, studies.get(one.row["study_id"])) for one in results_in(services, named))
    rows = [_row(one, study) for one, study in found if study is not None]
    return [row for row in rows if all(_holds(one, row) for one in rest)]


def with_results(services: Services, studies: Iterable[Row]) -> Sequence[Row]:
    """Rows of studies, with the results counted in."""
    rows: list[dict[str, Any]] = [dict(row) for row in studies]
    modalities = modalities_shown(services.settings)
    counts = (
        deliveries.told_counts(services.store, [row["study_id"] for row in rows], sorted(UNANSWERED))
        if modalities and rows
        else {}
    )
    for row in rows:
        if count := counts.get(row["study_id"], 0) * len(modalities):
            row["series"] += count
            row["instances"] += count
            row["modalities"] = sorted({*row["modalities"], *modalities})
    return rows


def _row(one: Result, study: Row) -> Row:
    """As ``store.searches`` has a series and an instance."""
    series = {
        "Modality": one.modality,
        "SeriesInstanceUID": one.series_instance_uid,
        "SeriesNumber": one.series_number,
        "SeriesDescription": one.series_description,
        "Manufacturer": one.manufacturer,
    }
    instance = {"SOPClassUID": one.sop_class_uid, "SOPInstanceUID": one.sop_instance_uid, "InstanceNumber": 1}
    return {
        **{name: study[name] for name in ("study_instance_uid", "shared_uid", "modalities", "study_attributes")},
        "series_instance_uid": one.series_instance_uid,
        "series_attributes": _elements(series),
        "sop_instance_uid": one.sop_instance_uid,
        "instance_attributes": _elements(instance),
        "transfer_syntax": str(ExplicitVRLittleEndian),
        "instances": 1,
    }


def _elements(values: Mapping[str, Any]) -> Json:
    return {tag_text(keyword): {"vr": vr_of(keyword), "Value": [value]} for keyword, value in values.items()}


def _holds(condition: Condition, row: Row) -> bool:
    return condition.inside is None and any(_is(condition, value) for value in _values(condition.keyword, row))


def _values(keyword: str, row: Row) -> Iterator[str]:
    for level in ("series", "instance"):
        element = row[f"{level}_attributes"].get(tag_text(keyword), {})
        yield from (str(value) for value in element.get("Value", ()))


def _is(condition: Condition, value: str) -> bool:
    match condition.how:
        case How.ANY:
            return value in condition.values
        case How.LIKE:
            return _like(condition.values[0]).fullmatch(value) is not None
        case How.NUMBER:
            return float(value) == float(condition.values[0])
        case How.BETWEEN:
            first, last = condition.values
            return first <= value and (not last or value <= last)


def _like(pattern: str) -> re.Pattern[str]:
    """A pattern of SQL's LIKE, in which a backslash takes the meaning from what follows."""
    signs = {"%": ".*", "_": "."}
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    return re.compile("".join(signs.get(part) or re.escape(part[-1]) for part in parts), re.DOTALL)
