"""What was said of a radiograph as Observations: one a finding, or one that it was not read."""

from collections.abc import Iterator, Mapping
from typing import Any

from serving.presentations.fhir.terms import Json, coded, concept, filled, hl7, of_code, ours
from serving.presentations.report_codes import REFUSALS, SIDES, VERDICTS, ZONES
from serving.presentations.review import Status
from serving.presentations.told import Told, place_of

_PRESENT = concept("SCT", "52101004", "Present")
_POSITIVE = hl7("v3-ObservationInterpretation", "POS", "Positive")
_NEGATIVE = hl7("v3-ObservationInterpretation", "NEG", "Negative")
_NOT_PERFORMED = hl7("data-absent-reason", "not-performed", "Not Performed")
_RATIO = {"unit": "probability", "system": "http://unitsofmeasure.org", "code": "1"}
#: To the codes that a report and an observation share.
STATUSES = {
    Status.PRELIMINARY: "preliminary",
    Status.FINAL: "final",
    Status.AMENDED: "amended",
    Status.WITHDRAWN: "preliminary",
}


def observations(told: Told, common: Json) -> Iterator[Json]:
    """In the order of the reading; ``common`` is what they share: subject, time, device, ..."""
    if told.document["refusal"]:
        yield _not_read(told, common)
    for finding in told.findings():
        yield _observation(told, common, finding)
    if told.ratio:
        yield _ratio(told, common, *told.ratio)


def retracted(told: Told, common: Json) -> Iterator[Json]:
    """What former reviews added and this one does not."""
    said = {finding["name"] for finding in told.findings()}
    for finding in told.formerly_added():
        if finding["name"] not in said:
            yield _observation(told, common, finding) | {"status": "entered-in-error"}


def _observation(told: Told, common: Json, finding: Mapping[str, Any]) -> Json:
    measured = finding["probability"] is not None
    quantity = {"value": finding["probability"], **_RATIO} if measured else None
    return filled(
        {
            **_head(told, finding["name"], common),
            "code": of_code(finding["code"]),
            "valueQuantity": quantity,
            "valueCodeableConcept": None if measured else _PRESENT,
            "interpretation": [_POSITIVE if finding["present"] else _NEGATIVE],
            "note": [{"text": words} for words in _notes(told, finding)],
            "referenceRange": [_below_threshold(finding)] if measured else None,
            "component": list(_components(finding)),
        }
    )


def _notes(told: Told, finding: Mapping[str, Any]) -> Iterator[str]:
    yield told.notice
    if place_of(finding):
        yield f"Seen at: {place_of(finding)}."
    if finding["experimental"]:
        yield "Experimental: the held-out data could not show that this finding is seen reliably."
    yield from finding["comments"]


def _below_threshold(finding: Mapping[str, Any]) -> Json:
    """The probabilities with which a finding does not count as present."""
    return {"high": {"value": finding["threshold"], **_RATIO}, "text": finding["operating_point"]["sentence"]}


def _components(finding: Mapping[str, Any]) -> Iterator[Json]:
    for name, key, values in (
        (concept("SCT", "272741003", "Laterality"), "side", SIDES),
        (ours("lung-zone", "Lung zone"), "zone", ZONES),
        (ours("verdict", "Verdict of the reviewer"), "verdict", VERDICTS),
    ):
        if finding.get(key):
            value = values[finding[key]]
            yield {"code": name, "valueCodeableConcept": concept(value.scheme_designator, value.value, value.meaning)}


def _ratio(told: Told, common: Json, value: float, error: str) -> Json:
    return {
        **_head(told, "cardiothoracic-ratio", common),
        "code": ours("cardiothoracic-ratio", "Cardiothoracic ratio"),
        "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": "1"},
        "note": [{"text": words} for words in (told.notice, f"{error[:1].upper()}{error[1:]}.")],
    }


def _not_read(told: Told, common: Json) -> Json:
    refusal = told.document["refusal"]
    reason = ours(refusal["code"], REFUSALS.get(refusal["code"], refusal["code"]))
    absent = {"coding": _NOT_PERFORMED["coding"] + reason["coding"], "text": refusal["reason"]}
    return {
        **_head(told, "refusal", common),
        "code": coded("http://loinc.org", "18748-4", "Diagnostic imaging study"),
        "dataAbsentReason": absent,
        "note": [{"text": f"Not read: {refusal['reason']} This says nothing about the patient."}],
    }


def _head(told: Told, what: str, common: Json) -> Json:
    return {
        "resourceType": "Observation",
        "id": str(told.derived(f"fhir:{what}")),
        "status": STATUSES[told.status],
        "category": [hl7("observation-category", "imaging", "Imaging")],
        **common,
    }
