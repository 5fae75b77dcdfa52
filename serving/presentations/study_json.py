"""Studies as JSON: what the worklist shows. Holds patient data; it is for the API's answers only."""

from collections.abc import Iterable
from typing import Any

from model.reading import Finding, Reading
from serving.outcome import Entry, Outcome
from serving.presentations.reading_json import reading_location


def studies_json(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """``entries`` grouped by study; a study stands where its first entry does."""
    by_study: dict[str, list[Entry]] = {}
    for entry in entries:
        by_study.setdefault(entry.instance.study_instance_uid, []).append(entry)
    return [study_json(group) for group in by_study.values()]


def study_json(entries: list[Entry]) -> dict[str, Any]:
    """One study from the entries of it, at least one."""
    newest = entries[0].instance
    return {
        "study_instance_uid": newest.study_instance_uid,
        "patient": {
            "name": newest.patient.name,
            "patient_id": newest.patient.patient_id,
            "birth_date": newest.patient.birth_date,
            "sex": newest.patient.sex,
        },
        "study_date": newest.study_date,
        "study_description": newest.study_description,
        "instances": [_instance(entry) for entry in entries],
    }


def _instance(entry: Entry) -> dict[str, Any]:
    instance = entry.instance
    return {
        "sop_instance_uid": instance.sop_instance_uid,
        "series_instance_uid": instance.series_instance_uid,
        "modality": instance.modality,
        "view": _view(entry.outcome, instance.view_position),
        "received_at": instance.received_at.isoformat(timespec="milliseconds"),
        "state": str(entry.state),
        "strongest": _strongest(entry.outcome),
        "reading": reading_location(instance.sop_instance_uid),
    }


def _view(outcome: Outcome | None, view_position: str) -> str:
    return outcome.view if outcome and outcome.view != "unknown" else view_position or "unknown"


def _strongest(outcome: Outcome | None) -> dict[str, Any] | None:
    """The finding that is furthest over its threshold in odds, or nearest to it; experimental ones come last."""
    if outcome is None or not isinstance(outcome.result, Reading) or not outcome.result.findings:
        return None
    finding = max(outcome.result.findings, key=by_weight)
    return {"name": finding.name, "probability": round(finding.probability, 6), "present": finding.present}


def by_weight(finding: Finding) -> tuple[bool, bool, float]:
    """Sorts findings, least first: absent, experimental but present, present; in each by odds over the threshold's."""
    odds = finding.probability * (1 - finding.threshold)
    return finding.present and not finding.experimental, finding.present, odds / max(finding.threshold, 1e-9)
