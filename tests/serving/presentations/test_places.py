"""Side, zone and cardiothoracic ratio, in every form, where the reading has them; nothing where it has not."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from highdicom.sr import CodedConcept

from serving.presentations import report_codes
from serving.presentations.dicom_result import Answer
from serving.presentations.told import place_of
from tests.fakes import StubReader
from tests.model.test_findings import has_check_digit
from tests.serving.presentations.answers import answer_of, sample
from tests.serving.presentations.test_dicom_results import check, coded, groups, made, read, texts, values
from tests.serving.presentations.test_report_page import words
from tests.serving.presentations.test_review import reviewed

SAMPLE = "effusion_pa"


def placed(**more: Any) -> Answer:
    """The stub's answer, with an effusion in the lower third of the left lung field, and a ratio."""
    answer = answer_of(StubReader(), sample(SAMPLE))
    document = json.loads(json.dumps(answer.document))
    finding = next(one for one in document["findings"] if one["name"] == "Effusion")
    finding |= {"side": "left", "zone": "lower", "location_certain": True, **more}
    lines = {"heart": [[1, 2], [3, 4]], "chest": [[1, 2], [3, 4]]}
    document["cardiothoracic_ratio"] = {"value": 0.563, "error": [-0.04, 0.03], "lines": lines}
    return replace(answer, document=document)


def site(group: Any) -> tuple[str, ...]:
    """Finding site, laterality and zone of a group."""
    for item in group.ContentSequence:
        if "ConceptNameCodeSequence" in item and coded(item.ConceptNameCodeSequence[0]) == "363698007":
            parts = [item, *item.get("ContentSequence", [])]
            return tuple(coded(part.ConceptCodeSequence[0]) for part in parts)
    return ()


def test_the_report_has_them_and_is_valid(tmp_path: Path) -> None:
    answer = placed()
    results = made(answer)
    assert made(answer) == results
    check(tmp_path, sample(SAMPLE), results)
    report = read(results["sr"])
    sites = {values(group).get("112039"): site(group) for group in groups(report) if "121052" in values(group)}
    assert sites["Effusion"] == ("51185008", "7771000", "lower-lung-zone")
    assert sites["Cardiomegaly"] == ()
    ratio = next(v for v in map(values, groups(report)) if "cardiothoracic-ratio" in v)
    assert ratio["cardiothoracic-ratio"] == 0.563
    assert any("-0.04 and +0.03" in one for one in texts(report))


@pytest.mark.parametrize(("certain", "said"), [(True, None), (False, "373066001")])
def test_a_place_that_is_not_shown_to_be_reliable_says_so(certain: bool, said: str | None) -> None:
    answer = placed(location_certain=certain)
    effusion = next(v for v in map(values, groups(read(made(answer, ["sr"])["sr"]))) if v.get("112039") == "Effusion")
    assert effusion.get("place-uncertain") == said
    assert ("place uncertain" in words(answer)) == (said is not None)


def test_the_page_says_them() -> None:
    text = words(placed())
    assert "left, lower zone" in text
    assert "Cardiothoracic ratio 0.56 (95 % lie between -0.04 and +0.03" in text


def test_a_reviewers_place_is_not_the_readers() -> None:
    verdict = {"finding": "Effusion", "verdict": "corrected", "box": {"x": 1, "y": 1, "width": 9, "height": 9}}
    report = read(made(reviewed(placed(), document={"verdicts": [verdict]}), ["sr"])["sr"])
    assert [site(group) for group in groups(report) if site(group)] == []


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        ({"side": "both", "zone": None, "location_certain": True}, "both sides"),
        ({"side": "right", "zone": "upper", "location_certain": False}, "right, upper zone, place uncertain"),
        ({"side": None, "zone": None, "location_certain": True}, ""),
        ({}, ""),  # a reading of before there were places
    ],
)
def test_places_in_words(finding: dict[str, Any], expected: str) -> None:
    assert place_of(finding) == expected


CONCEPTS = [
    concept
    for each in vars(report_codes).values()
    for concept in (each.values() if isinstance(each, dict) else [each])
    if isinstance(concept, CodedConcept)
]


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda concept: str(concept.meaning))
def test_codes_of_snomed_ct_have_their_check_digit_and_meanings_have_room(concept: CodedConcept) -> None:
    assert len(concept.meaning) <= 64  # LO
    assert concept.scheme_designator != "SCT" or has_check_digit(concept.value)
