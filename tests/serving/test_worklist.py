"""The worklist: filters, order, pages, search."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from serving import schemas
from serving.presentations.study_json import strongest
from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import live

DICOM = {"Content-Type": "application/dicom"}
#: Study's last number to what is sent of it, in this order.
SENT = {
    1: {"PatientName": "Nguyễn^Văn Đức", "PatientID": "BV-001", "Modality": "CR"},
    2: {"PatientName": "Trần^Thị Bé", "PatientID": "BV-002"},
    3: {"PatientName": "O'Brien^100%_Sure", "PatientID": "X_3", "AccessionNumber": "ACC-77"},
    4: {"PatientName": "Smith^Jane", "Modality": "CT"},  # refused: not-radiograph
}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with live(StubReader(), urgent_findings="Effusion") as client:
        for number, more in SENT.items():
            data = dicom(f"1.2.{number}", StudyInstanceUID=f"1.3.{number}", **more)
            client.post("/api/instances?wait=20", content=data, headers=DICOM)
        yield client


def asked(client: httpx.Client, **query: str | int) -> list[int]:
    page = schemas.Studies.model_validate(client.get("/api/studies", params=query).json())
    return [int(study.study_instance_uid.rpartition(".")[2]) for study in page.studies]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [4, 3, 2, 1]),  # the newest first
        ({"state": "read"}, [3, 2, 1]),
        ({"state": "refused"}, [4]),
        ({"refused": "true"}, [4]),
        ({"refused": "false"}, [3, 2, 1]),
        ({"reviewed": "true"}, []),
        ({"modality": "CR"}, [1]),
        ({"finding": "Effusion"}, [3, 2, 1]),
        ({"finding": "Effusion", "modality": "CR"}, [1]),
        ({"finding": "Tuberculosis"}, []),  # present, but experimental
        ({"finding": "Nodule"}, []),
        ({"sort": "urgent"}, [3, 2, 1, 4]),  # an urgent finding is 3, a refusal 2
        ({"search": "nguyen van duc"}, [1]),  # no diacritics, đ as d
        ({"search": "NGUYỄN"}, [1]),
        ({"search": "tran"}, [2]),
        ({"search": "bv-00"}, [2, 1]),
        ({"search": "acc-77"}, [3]),
        ({"search": "100%_"}, [3]),  # % and _ mean themselves
        ({"search": "%"}, [3]),
        ({"search": "' OR 1=1 --"}, []),
        ({"search": "nobody"}, []),
        ({"limit": 2}, [4, 3]),
    ],
)
def test_every_filter_must_hold(client: httpx.Client, query: dict[str, str], found: list[int]) -> None:
    assert asked(client, **query) == found


def test_the_strongest_finding_is_the_one_furthest_over_its_threshold_in_odds() -> None:
    def found(name: str, probability: float, threshold: float) -> dict[str, object]:
        present = probability >= threshold
        return {
            "name": name, "probability": probability, "threshold": threshold, "present": present, "experimental": False
        }  # fmt: skip

    # 0.91 / 0.09 x 0.47 / 0.53 = 9.0 is more than 0.09 / 0.91 x 0.96 / 0.04 = 2.4
    chosen = strongest([found("Pleural_Thickening", 0.09, 0.04), found("Abnormal", 0.91, 0.53)])
    assert chosen == {"name": "Abnormal", "probability": 0.91, "present": True}
    assert strongest([]) is None


def test_times_are_utc_unless_they_say_otherwise(client: httpx.Client) -> None:
    hour = timedelta(hours=1)
    now = datetime.now(UTC)
    assert asked(client, since=(now - hour).isoformat()) == [4, 3, 2, 1]
    assert asked(client, since=(now - hour).replace(tzinfo=None).isoformat()) == [4, 3, 2, 1]
    assert asked(client, since=(now + hour).isoformat()) == []
    assert asked(client, before=(now - hour).isoformat()) == []


@pytest.mark.parametrize("sort", ["newest", "urgent"])
def test_pages_follow_each_other_without_gap_or_double(client: httpx.Client, sort: str) -> None:
    found: list[str] = []
    cursor: str | None = None
    for _ in range(9):
        query = {"sort": sort, "limit": 1} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/studies", params=query).json()  # type: ignore[arg-type]
        found += [study["study_instance_uid"] for study in page["studies"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert [int(uid.rpartition(".")[2]) for uid in found] == asked(client, sort=sort)


@pytest.mark.parametrize("cursor", ["x", "AAAA", "WzEsMiwzXQ", "é", "bnVsbA"])
def test_a_cursor_that_is_none_of_ours_is_told(client: httpx.Client, cursor: str) -> None:
    answer = client.get("/api/studies", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:hilum:problem:invalid")


def test_a_cursor_of_another_order_is_told(client: httpx.Client) -> None:
    cursor = client.get("/api/studies", params={"limit": 1}).json()["next"]
    assert client.get("/api/studies", params={"sort": "urgent", "cursor": cursor}).status_code == 422


@pytest.mark.parametrize(
    "query", ["state=lost", "limit=0", "limit=501", "since=yesterday", "refused=maybe", "sort=name"]
)
def test_a_query_that_is_wrong_is_told(client: httpx.Client, query: str) -> None:
    assert client.get(f"/api/studies?{query}").status_code == 422


def test_two_patients_under_one_uid_are_two_rows_with_a_flag() -> None:
    with live(StubReader()) as client:
        for number, patient in ((1, "A"), (2, "B")):
            client.post("/api/instances?wait=20", content=dicom(f"1.2.{number}", PatientID=patient), headers=DICOM)
        rows = schemas.Studies.model_validate(client.get("/api/studies").json()).studies
        assert [(row.patient.patient_id, row.flags) for row in rows] == [
            ("B", ["shared-study-uid"]),
            ("A", ["shared-study-uid"]),
        ]
        for number, patient in ((1, "A"), (2, "B")):
            answer = client.get(f"/api/studies/1.2.3.30?patient={number}").json()
            study = schemas.StudyWithCompletions.model_validate(answer)
            assert (study.patient.patient_id, study.patients) == (patient, 2)
            assert [one.sop_instance_uid for one in study.instances] == [f"1.2.{number}"]
        assert client.get("/api/studies/1.2.3.30?patient=3").status_code == 404


def test_other_content_under_a_uid_is_shown_with_a_flag() -> None:
    with live(StubReader()) as client:
        for shade in (1, 2):
            client.post("/api/instances?wait=20", content=dicom(shade=shade), headers=DICOM)
        (row,) = schemas.Studies.model_validate(client.get("/api/studies").json()).studies
        assert (row.flags, row.instances[0].conflicts) == (["conflicting-content"], 1)
