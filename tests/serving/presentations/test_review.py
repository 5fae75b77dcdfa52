"""What becomes of a reading that was reviewed: the last word on each finding, and versions that name each other."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from serving.presentations.dicom_result import Answer
from serving.presentations.regions import Region
from serving.presentations.review import Review, Status, last_word, notice_of
from tests.fakes import StubReader
from tests.serving.files import COLUMNS, ROWS, dicom
from tests.serving.presentations.answers import answer_of, sample, sample_answer
from tests.serving.presentations.reviews import BOX, COMMENT, said
from tests.serving.presentations.test_dicom_results import check, groups, made, read, texts, values


def reviewed(answer: Answer, verified_by: str = "Radiologist", **more: Any) -> Answer:
    return replace(answer, review=Review.of(said(**more), verified_by))


def finding(name: str = "Effusion", *, present: bool = True) -> dict[str, Any]:
    code = {"scheme": "SCT", "value": "60046008", "meaning": "Pleural effusion"}
    point = {"sentence": "as good as it gets"}
    numbers = {"probability": 0.6 if present else 0.1, "threshold": 0.3}
    return {"name": name, "code": code, "present": present, "experimental": False, "operating_point": point, **numbers}


@pytest.mark.parametrize(
    ("present", "verdict", "expected", "boxes"),
    [
        (True, "accepted", True, None),  # None: where the heatmap says
        (False, "accepted", False, None),
        (True, "rejected", False, None),
        (True, "corrected", True, [Region(100, 200, 400, 350)]),
    ],
)
def test_a_verdict_has_the_last_word(present: bool, verdict: str, expected: bool, boxes: Any) -> None:
    box = BOX if boxes else None
    document = {"verdicts": [{"finding": "Effusion", "verdict": verdict, "box": box, "comment": "so"}]}
    review = Review.of(said(document=document), "Radiologist")
    (judged,) = last_word([finding(present=present)], review)
    assert (judged["present"], judged["verdict"], judged["boxes"], judged["comments"]) == (
        expected, verdict, boxes, ["so"],
    )  # fmt: skip


def test_what_was_missed_is_added_once_with_all_its_boxes() -> None:
    missed = [{"finding": name, "box": BOX, "comment": ""} for name in ("Effusion", "Effusion", "Fracture", "Dị vật")]
    review = Review.of(said(document={"missed": missed}), "Radiologist")
    effusion, fracture, other = last_word([finding(present=False)], review)
    assert (effusion["present"], effusion["verdict"], len(effusion["boxes"])) == (True, "added", 2)
    assert effusion["probability"] == 0.1  # what the reader said stays
    assert (fracture["code"]["value"], fracture["probability"]) == ("33737001", None)
    assert (other["code"]["scheme"], other["code"]["meaning"]) == ("99HILUM", "Dị vật")


def test_a_sign_off_that_is_withdrawn_leaves_the_reading_as_it_was() -> None:
    before = last_word([finding()], None)
    assert last_word([finding()], Review.of(said(signed_off=False, amends=True), "Radiologist")) == before


@pytest.mark.parametrize(
    ("signed_off", "amends", "status"),
    [(True, False, Status.FINAL), (True, True, Status.AMENDED), (False, True, Status.WITHDRAWN)],
)
@pytest.mark.parametrize(
    ("verified_by", "name"), [("Radiologist", "Radiologist"), ("Reader {reviewer}", "Reader bs. Trần^A")]
)
def test_the_reviewer_is_a_role_unless_the_site_says_otherwise(
    signed_off: bool, amends: bool, status: Status, verified_by: str, name: str
) -> None:
    review = Review.of(said(signed_off=signed_off, amends=amends), verified_by)
    assert review
    assert (review.status, review.observer) == (status, name)
    assert (name in notice_of(review)) == signed_off
    assert ("not verified" in notice_of(review)) == (not signed_off)


@pytest.mark.parametrize("name", ["effusion_pa", "normal_lateral"])
def test_every_version_is_valid_beside_the_ones_before_it_and_the_same_each_time(name: str, tmp_path: Path) -> None:
    first = sample_answer(name)
    versions = [
        first,
        reviewed(first),
        reviewed(first, number=2, predecessor=1, signed_off=False, amends=True),
        reviewed(first, number=4, predecessor=2, amends=True),
    ]
    results = {f"{kind}{n}": data for n, answer in enumerate(versions) for kind, data in made(answer).items()}
    assert results == {f"{kind}{n}": data for n, answer in enumerate(versions) for kind, data in made(answer).items()}
    check(tmp_path, sample(name), results)
    reports = [read(results[f"sr{n}"]) for n in range(4)]
    assert len({read(data).SOPInstanceUID for data in results.values()}) == len(results)
    assert [(one.VerificationFlag, one.PreliminaryFlag) for one in reports] == [
        ("UNVERIFIED", "PRELIMINARY"), ("VERIFIED", "FINAL"), ("UNVERIFIED", "PRELIMINARY"), ("VERIFIED", "FINAL"),
    ]  # fmt: skip
    assert "PredecessorDocumentsSequence" not in reports[0]
    for former, report in pairwise(reports):
        (series,) = report.PredecessorDocumentsSequence[0].ReferencedSeriesSequence
        assert series.SeriesInstanceUID == former.SeriesInstanceUID
        assert series.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == former.SOPInstanceUID


def test_a_verified_report_says_who_and_what_of_each_finding() -> None:
    source = dicom("1.2.3.1", InstitutionName="Bệnh viện huyện", TimezoneOffsetFromUTC="+0700")
    report = read(made(reviewed(answer_of(StubReader(), source)), ["sr"])["sr"])
    (observer,) = report.VerifyingObserverSequence
    assert (str(observer.VerifyingObserverName), observer.VerifyingOrganization) == ("Radiologist", "Bệnh viện huyện")
    assert observer.VerificationDateTime == "20260304160000+0700"
    of_findings = {v["112039"]: v for v in map(values, groups(report)) if "121052" in v}
    present = {name for name, v in of_findings.items() if v["121052"] == "52101004"}
    assert present == {"Effusion", "Nodule", "Fracture", "Tuberculosis"}
    verdicts = {name: v.get("verdict") for name, v in of_findings.items()}
    assert verdicts == {
        "Cardiomegaly": "rejected", "Effusion": "corrected", "Pneumothorax": None, "Nodule": "added",
        "Tuberculosis": None, "Pleural_Thickening": None, "Fracture": "added",
    }  # fmt: skip
    assert of_findings["Cardiomegaly"]["122157"] == 0.64  # the reader's probability stays
    assert "122157" not in of_findings["Fracture"]
    assert {COMMENT, "nhỏ hơn", "xương sườn 5"} <= set(texts(report))
    assert "Trần" not in str(report)


def test_a_box_that_reaches_over_the_edge_ends_there() -> None:
    missed = [
        {"finding": "Nodule", "box": {"x": 40, "y": 50, "width": 500, "height": 500}},
        {"finding": "Mass", "box": {"x": 4000, "y": 50, "width": 5, "height": 5}},
    ]
    answer = reviewed(answer_of(StubReader(), dicom("1.2.3.1")), document={"missed": missed})
    regions = {one["name"]: answer.regions(one) for one in answer.findings() if one["verdict"]}
    assert regions == {"Nodule": [Region(40, 50, COLUMNS, ROWS)], "Mass": []}
