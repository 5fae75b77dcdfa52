"""Studies as JSON: what the worklist shows. Holds patient data; it is for the API's answers only."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from model.reading import Finding
from serving.presentations.completion_json import kind_of
from serving.presentations.reading_json import reading_location

#: Rows of the store, by the names of its columns.
Row = Mapping[str, Any]


def study_json(study: Row, instances: Sequence[Row]) -> dict[str, Any]:
    """One study from its row and those of its instances, the newest first."""
    return {
        "study_instance_uid": study["study_instance_uid"],
        "patient": {
            "name": study["patient_name"],
            "patient_id": study["patient_id"],
            "birth_date": study["birth_date"],
            "sex": study["sex"],
        },
        "accession_number": study["accession_number"],
        "study_date": study["study_date"],
        "study_description": study["study_description"],
        "received_at": _time(study["received_at"]),
        "last_received_at": _time(study["last_received_at"]),
        "state": study["state"],
        "urgency": study["urgency"],
        "findings": study["findings"],
        "modalities": study["modalities"],
        "reviewed": study["reviewed"],
        "complete": not study["open"],
        "flags": _flags(study, instances),
        "instances": [_instance(row) for row in instances],
    }


def completions_json(completions: Iterable[Row]) -> list[dict[str, Any]]:
    """A study's result, its addenda and its reviews, in order."""
    return [
        {
            "number": row["number"],
            "kind": kind_of(row["number"], is_review=row["review_id"] is not None),
            "completed_at": _time(row["completed_at"]),
            "reading_ids": row["outcome_ids"],
            "deliveries": row["deliveries"],
        }
        for row in completions
    ]


def _flags(study: Row, instances: Sequence[Row]) -> list[str]:
    """What a person must look into: other patients under the same UID, other content under an instance's UID."""
    flags = ["shared-study-uid"] if study["shared_uid"] else []
    return flags + (["conflicting-content"] if any(row["conflicts"] for row in instances) else [])


def _instance(row: Row) -> dict[str, Any]:
    view = row["view"] if row["view"] not in {None, "unknown"} else row["view_position"] or "unknown"
    return {
        "sop_instance_uid": row["sop_instance_uid"],
        "series_instance_uid": row["series_instance_uid"],
        "modality": row["modality"],
        "view": view,
        "received_at": _time(row["received_at"]),
        "state": row["state"],
        "strongest": row["strongest"],
        "reading": reading_location(row["sop_instance_uid"]),
        "reading_id": row["outcome_id"],
        "refusal": row["refusal_code"],
        "signed_off": bool(row["signed_off"]),
        "conflicts": row["conflicts"],
    }


def _time(moment: Any) -> str:
    return str(moment.isoformat(timespec="milliseconds"))


def strongest(findings: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Of the findings in a document, the one furthest over its threshold in odds, or nearest to it.

    Experimental ones come last.
    """
    if not findings:
        return None
    finding = max(findings, key=weight)
    return {name: finding[name] for name in ("name", "probability", "present")}


def weight(finding: Mapping[str, Any]) -> tuple[bool, bool, float]:
    """As ``by_weight``, of a finding in a document."""
    return _weight(finding["probability"], finding["threshold"], finding["present"], finding["experimental"])


def by_weight(finding: Finding) -> tuple[bool, bool, float]:
    """Sorts findings, least first: absent, experimental but present, present; in each by odds over the threshold's."""
    return _weight(finding.probability, finding.threshold, finding.present, finding.experimental)


def _weight(probability: float, threshold: float, present: bool, experimental: bool) -> tuple[bool, bool, float]:
    odds, at_threshold = (p / max(1 - p, 1e-9) for p in (probability, threshold))
    return present and not experimental, present, odds / max(at_threshold, 1e-9)
