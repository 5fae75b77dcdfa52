"""FHIR, held against the models of the package fhir.resources: R4 (R4B is the same in these resources) and R5."""

import json
from typing import Any

import pytest
from fhir.resources.bundle import Bundle as BundleR5
from fhir.resources.R4B.bundle import Bundle as BundleR4

from serving.presentations.documents import document
from serving.presentations.review import Review
from tests.fakes import STUB_FINDINGS
from tests.serving.presentations.completions import LATERAL, completion, outcomes
from tests.serving.presentations.reviews import COMMENT, said

RELEASES = {"fhir-r4": BundleR4, "fhir-r5": BundleR5}


def made(kind: str = "fhir-r4", names: tuple[str, ...] = ("effusion_pa",), **review: Any) -> dict[str, Any]:
    """The bundle, valid."""
    its_review = Review.of(said(**review), "Radiologist") if review else None
    rows = outcomes(names)
    one = document(kind, completion(), rows, its_review)
    assert one is not None
    assert one.body == document(kind, completion(), rows, its_review).body  # type: ignore[union-attr]
    RELEASES[kind].model_validate_json(one.body)
    found: dict[str, Any] = json.loads(one.body)
    return found


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


@pytest.mark.parametrize("kind", RELEASES)
@pytest.mark.parametrize("names", [("effusion_pa",), (LATERAL,), ("effusion_pa", LATERAL)])
@pytest.mark.parametrize("review", [{}, {"number": 2, "formerly_added": ["Nodule", "Mass"]}])
def test_it_is_valid_and_each_reference_is_to_an_entry(kind: str, names: tuple[str, ...], review: Any) -> None:
    bundle = made(kind, names, **review)
    known = {entry["fullUrl"] for entry in bundle["entry"]}
    assert len(known) == len(bundle["entry"])
    text = json.dumps(bundle)
    for resource in (entry["resource"] for entry in bundle["entry"]):
        for reference in references(resource):
            assert reference in known
    assert "null" not in text
    assert len(resources(bundle, "DiagnosticReport")) == len(names)


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        mine = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return mine + [one for each in value.values() for one in references(each)]
    return [one for each in value for one in references(each)] if isinstance(value, list) else []


def test_each_finding_is_an_observation() -> None:
    bundle = made()
    (report,) = resources(bundle, "DiagnosticReport")
    seen = {one["code"]["coding"][0]["code"]: one for one in resources(bundle, "Observation")}
    assert len(seen) == len(STUB_FINDINGS) + 1 == len(report["result"])  # and the cardiothoracic ratio
    effusion = seen["60046008"]
    assert effusion["valueQuantity"]["value"] == 0.81
    assert effusion["referenceRange"][0]["high"]["value"] == 0.35
    assert effusion["referenceRange"][0]["text"].startswith("90 % sensitivity, 71 % specificity")
    assert effusion["interpretation"][0]["coding"][0]["code"] == "POS"
    assert "cardiothoracic-ratio" in seen
    assert seen["36118008"]["interpretation"][0]["coding"][0]["code"] == "NEG"
    assert {one["status"] for one in (report, *seen.values())} == {"preliminary"}
    assert "not verified" in report["conclusion"]


def test_patient_and_order_are_named_by_their_identifiers() -> None:
    (report,) = resources(made(), "DiagnosticReport")
    assert report["subject"]["identifier"]["value"] == "BN|Đ^1&\\~"
    assert report["subject"]["display"] == "Nguyễn Thị Ánh Đào BS Jr"
    assert report["basedOn"][0]["identifier"]["value"] == "ACC^7"
    assert report["effectiveDateTime"] == "2026-01-02"


def test_sent_again_and_after_a_review_it_is_put_in_the_same_place() -> None:
    places = [
        {entry["request"]["url"] for entry in made(**review)["entry"] if entry["request"]["method"] == "PUT"}
        for review in ({}, {"number": 1})
    ]
    assert places[0] < places[1]  # the review added a fracture
    (posted,) = (entry for entry in made()["entry"] if entry["request"]["method"] == "POST")
    assert posted["request"]["ifNoneExist"] == "identifier=urn:dicom:uid|urn:oid:1.2.3.30"


@pytest.mark.parametrize(
    ("review", "status"),
    [
        ({"signed_off": True}, "final"),
        ({"signed_off": True, "amends": True}, "amended"),
        ({"signed_off": False, "amends": True}, "preliminary"),
    ],
)
def test_a_review_changes_the_status(review: dict[str, Any], status: str) -> None:
    bundle = made(**review)
    (report,) = resources(bundle, "DiagnosticReport")
    assert {one["status"] for one in (report, *resources(bundle, "Observation"))} == {status}
    is_signed = status != "preliminary"
    assert report.get("resultsInterpreter") == ([{"display": "Radiologist"}] if is_signed else None)
    assert (COMMENT in report["conclusion"]) == is_signed


def test_what_a_former_review_added_and_this_one_does_not_was_an_error() -> None:
    bundle = made(number=2, formerly_added=["Fracture", "Mass"])  # this one adds a nodule and a fracture
    statuses = {one["code"]["text"]: one["status"] for one in resources(bundle, "Observation")}
    assert statuses["Lung mass"] == "entered-in-error"
    assert {status for name, status in statuses.items() if name != "Lung mass"} == {"final"}
    (report,) = resources(bundle, "DiagnosticReport")
    assert len(report["result"]) == len(statuses) - 1


def test_a_refusal_says_why_there_is_no_value() -> None:
    bundle = made(names=(LATERAL,))
    (said_of_it,) = resources(bundle, "Observation")
    assert "valueQuantity" not in said_of_it
    assert [one["code"] for one in said_of_it["dataAbsentReason"]["coding"]] == ["not-performed", "not-chest"]
    (report,) = resources(bundle, "DiagnosticReport")
    assert report["conclusion"].startswith("Not read: ")
    assert "No finding" not in report["conclusion"]


def test_side_zone_and_ratio_are_told_where_the_reading_has_them() -> None:
    rows = outcomes()
    finding = next(one for one in rows[0]["document"]["findings"] if one["name"] == "Effusion")
    finding |= {"side": "right", "zone": "lower"}
    rows[0]["document"]["cardiothoracic_ratio"] = {"value": 0.56, "error": [-0.03, 0.04]}
    one = document("fhir-r4", completion(), rows, None)
    assert one
    BundleR4.model_validate_json(one.body)
    seen = {o["code"]["coding"][0]["code"]: o for o in resources(json.loads(one.body), "Observation")}
    said_of_it = [part["valueCodeableConcept"]["coding"][0]["code"] for part in seen["60046008"]["component"]]
    assert said_of_it == ["24028007", "lower-lung-zone"]
    assert seen["cardiothoracic-ratio"]["valueQuantity"]["value"] == 0.56
    assert "-0.03 and +0.04" in seen["cardiothoracic-ratio"]["note"][1]["text"]


def test_a_failure_of_ours_or_what_a_later_version_replaced_is_not_told() -> None:
    rows = outcomes()
    assert document("fhir-r4", completion(superseded=[1]), rows, None) is None
    assert document("json", completion(superseded=[1]), rows, None) is not None
    rows[0]["document"]["state"] = "failed"
    assert document("fhir-r4", completion(), rows, None) is None


@pytest.mark.parametrize("changes", [{"patient_id": "", "patient_name": ""}, {"study_date": "20261399"}])
def test_what_is_not_stated_is_left_out(changes: dict[str, Any]) -> None:
    one = document("fhir-r4", completion(accession_number="", **changes), outcomes(), None)
    assert one
    BundleR4.model_validate_json(one.body)
    assert b"ACSN" not in one.body
