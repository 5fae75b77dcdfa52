"""A completion as a FHIR transaction: a DiagnosticReport a radiograph, with its Observations, the study and the reader.

Plain JSON in the shape of R4 or R5. Every resource of ours is put under an id that is derived, so what is sent again
changes nothing and what is reviewed takes its former's place. The ImagingStudy is the server's own where it has one.
Patient and order are named by their identifiers: who they are is the server's to know.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any
from uuid import uuid5

from serving.instances import OWN_MANUFACTURER
from serving.presentations.dicom_result import MODEL
from serving.presentations.fhir.observations import STATUSES, observations, retracted
from serving.presentations.fhir.terms import Json, coded, concept, day, dicom_uid, filled, hl7, identifier
from serving.presentations.review import Review
from serving.presentations.told import NAMESPACE, Told, told


class Release(StrEnum):
    R4 = "R4"
    R5 = "R5"


def bundle(
    completion: Mapping[str, Any], outcomes: Sequence[Mapping[str, Any]], review: Review | None, release: Release
) -> Json | None:
    """The transaction; None when there is nothing to tell."""
    all_told = told(outcomes, review)
    if not all_told:
        return None
    study = _imaging_study(completion)
    devices = {one.device: _device(one, release) for one in all_told}
    entries = [_if_none(study, f"identifier=urn:dicom:uid|urn:oid:{completion['study_instance_uid']}")]
    entries += [_put(device) for device in devices.values()]
    for one in all_told:
        entries += [_put(resource) for resource in _report(one, completion, study, release)]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def _report(one: Told, completion: Mapping[str, Any], study: Json, release: Release) -> list[Json]:
    """The report, last, after what it consists of."""
    common = filled(
        {
            "subject": _patient(completion),
            "effectiveDateTime": day(completion["study_date"]),
            "issued": one.made_at.isoformat(timespec="milliseconds"),
            "device": _reference("Device", str(one.device)),
            "derivedFrom": [_reference("ImagingStudy", study["id"])],
        }
    )
    parts = list(observations(one, common))
    report = {
        "resourceType": "DiagnosticReport",
        "id": str(one.derived("fhir:report")),
        "identifier": [
            dicom_uid(one.uid("sr")) | {"type": {"text": "SOP Instance UID of the structured report"}},
            dicom_uid(one.sop_instance_uid) | {"type": {"text": "SOP Instance UID of the radiograph"}},
        ],
        "basedOn": [_order(completion)] if completion["accession_number"] else None,
        "status": STATUSES[one.status],
        "category": [hl7("v2-0074", "RAD", "Radiology")],
        "code": _code(),
        "subject": common["subject"],
        "effectiveDateTime": common.get("effectiveDateTime"),
        "issued": common["issued"],
        "resultsInterpreter": [{"display": one.review.observer}] if one.review and one.review.is_signed_off else None,
        "result": [_reference("Observation", part["id"]) for part in parts],
        "imagingStudy" if release is Release.R4 else "study": common["derivedFrom"],
        "conclusion": _conclusion(one),
    }
    return [*parts, *retracted(one, common), filled(report)]


def _code() -> Json:
    imaging = coded("http://loinc.org", "18748-4", "Diagnostic imaging study")
    plain = concept("SCT", "399208008", "Plain chest X-ray")
    return {"coding": imaging["coding"] + plain["coding"], "text": plain["text"]}


def _conclusion(one: Told) -> str:
    """For who reads nothing else."""
    refusal, present = one.document["refusal"], one.present()
    words = ", ".join(finding["name"].replace("_", " ") for finding in present)
    found = f"At or above their thresholds: {words}." if present else "No finding reaches its threshold."
    if one.review and one.review.is_signed_off:
        found = f"Present after review: {words or 'nothing'}."
    parts = [f"Not read: {refusal['reason']}"] if refusal else []
    parts += [found] if present or not refusal else []
    parts += [f"Read as if corrected: {correction}." for correction in one.corrections]
    comment = one.review.comment if one.review and one.review.is_signed_off else ""
    return " ".join(part for part in (*parts, comment, one.notice) if part)


def _imaging_study(completion: Mapping[str, Any]) -> Json:
    uid, accession = completion["study_instance_uid"], completion["accession_number"]
    return filled(
        {
            "resourceType": "ImagingStudy",
            "id": str(uuid5(NAMESPACE, f"study:{uid}")),
            "identifier": [dicom_uid(uid), *([identifier("ACSN", accession)] if accession else [])],
            "status": "available",
            "subject": _patient(completion),
            "started": day(completion["study_date"]),
            "description": completion["study_description"],
        }
    )


def _device(one: Told, release: Release) -> Json:
    name, version = one.algorithm
    kind = {"text": "Software that reads chest radiographs"}
    called = "name" if release is Release.R4 else "value"
    return {
        "resourceType": "Device",
        "id": str(one.device),
        "identifier": [dicom_uid(f"2.25.{one.device.int}")],
        "manufacturer": OWN_MANUFACTURER,
        "modelNumber": MODEL,
        "deviceName" if release is Release.R4 else "name": [{called: name, "type": "user-friendly-name"}],
        "version": [{"value": version}],
        "type": kind if release is Release.R4 else [kind],
    }


def _patient(completion: Mapping[str, Any]) -> Json:
    number = completion["patient_id"]
    return filled(
        {
            "type": "Patient",
            "identifier": identifier("MR", number) if number else None,
            "display": " ".join(completion["patient_name"].replace("^", " ").split())
            or (None if number else "not stated"),
        }
    )


def _order(completion: Mapping[str, Any]) -> Json:
    return {"type": "ServiceRequest", "identifier": identifier("ACSN", completion["accession_number"])}


def _reference(kind: str, number: str) -> Json:
    return {"reference": f"urn:uuid:{number}", "type": kind}


def _put(resource: Json) -> Json:
    return _entry(resource, {"method": "PUT", "url": f"{resource['resourceType']}/{resource['id']}"})


def _if_none(resource: Json, condition: str) -> Json:
    """Made unless the server has one; what refers to it refers to that one then."""
    made = {name: value for name, value in resource.items() if name != "id"}
    request = {"method": "POST", "url": resource["resourceType"], "ifNoneExist": condition}
    return _entry(made, request, resource["id"])


def _entry(resource: Json, request: Json, number: str | None = None) -> Json:
    return {"fullUrl": f"urn:uuid:{number or resource['id']}", "resource": resource, "request": request}
