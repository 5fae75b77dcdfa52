"""What radiologists say: appended, counted once, shown."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from serving import schemas
from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import live

BOX = {"x": 1.5, "y": 2, "width": 10, "height": 20}
REVIEW: dict[str, Any] = {
    "reviewer": "reader-7",
    "verdicts": [
        {"finding": "Effusion", "verdict": "accepted"},
        {"finding": "Cardiomegaly", "verdict": "corrected", "box": BOX, "comment": "smaller"},
    ],
    "missed": [{"finding": "Nodule", "box": BOX}],
    "comment": "Tràn dịch màng phổi trái",
    "signed_off": True,
}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with live(StubReader()) as client:
        yield client


@pytest.fixture
def reading_id(client: httpx.Client, request: pytest.FixtureRequest) -> int:
    """A reading that no other test knows."""
    number = abs(hash(request.node.name)) % 10**9
    data = dicom(f"1.2.{number}", StudyInstanceUID=f"1.3.{number}")
    headers = {"Content-Type": "application/dicom"}
    answer = client.post("/api/instances?wait=20", content=data, headers=headers).json()
    return int(answer["instances"][0]["reading"]["reading_id"])


def study_of(client: httpx.Client, reading_id: int) -> schemas.Study:
    studies = schemas.Studies.model_validate(client.get("/api/studies").json()).studies
    return next(study for study in studies if study.instances[0].reading_id == reading_id)


def test_a_review_is_kept_as_it_was_sent_and_the_study_is_reviewed(client: httpx.Client, reading_id: int) -> None:
    assert not study_of(client, reading_id).reviewed
    answer = client.post(f"/api/readings/{reading_id}/review", json=REVIEW)
    assert answer.status_code == 201
    review = schemas.ReviewAnswer.model_validate(answer.json())
    assert review.reader == StubReader().name
    assert (review.number, review.reading_id, review.comment) == (1, reading_id, "Tràn dịch màng phổi trái")
    assert review.verdicts[1].box == schemas.Box(**BOX)  # type: ignore[arg-type]
    assert study_of(client, reading_id).reviewed
    assert study_of(client, reading_id).instances[0].signed_off


def test_nothing_is_overwritten_and_the_newest_counts(client: httpx.Client, reading_id: int) -> None:
    client.post(f"/api/readings/{reading_id}/review", json=REVIEW)
    client.post(f"/api/readings/{reading_id}/review", json={"reviewer": "reader-8", "signed_off": False})
    reviews = schemas.Reviews.model_validate(client.get(f"/api/readings/{reading_id}/reviews").json()).reviews
    assert [(review.number, review.reviewer) for review in reviews] == [(2, "reader-8"), (1, "reader-7")]
    assert not study_of(client, reading_id).reviewed


def test_the_same_key_again_is_the_same_review(client: httpx.Client, reading_id: int) -> None:
    headers = {"Idempotency-Key": "k-1"}
    answers = [client.post(f"/api/readings/{reading_id}/review", json=REVIEW, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize(
    "change",
    [
        {"reviewer": ""},
        {"reviewer": 7},
        {"verdicts": [{"finding": "Effusion", "verdict": "perhaps"}]},
        {"missed": [{"finding": "Nodule", "box": {**BOX, "width": 0}}]},
        {"missed": [{"finding": "Nodule", "box": {**BOX, "x": "NaN"}}]},
        {"colour": "red"},
    ],
)
def test_a_review_that_is_wrong_is_told_and_not_kept(
    client: httpx.Client, reading_id: int, change: dict[str, Any]
) -> None:
    answer = client.post(f"/api/readings/{reading_id}/review", json={**REVIEW, **change})
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert client.get(f"/api/readings/{reading_id}/reviews").json() == {"reviews": []}


def test_a_reading_that_is_not_there_is_404(client: httpx.Client) -> None:
    assert client.post("/api/readings/999999/review", json=REVIEW).status_code == 404


def test_a_late_image_opens_the_study_again(client: httpx.Client, reading_id: int) -> None:
    client.post(f"/api/readings/{reading_id}/review", json=REVIEW)
    study = study_of(client, reading_id)
    late = dicom(f"{study.study_instance_uid}.9", StudyInstanceUID=study.study_instance_uid)
    client.post("/api/instances?wait=20", content=late, headers={"Content-Type": "application/dicom"})
    detail = client.get(f"/api/studies/{study.study_instance_uid}").json()
    assert detail["reviewed"] is False
    assert len(detail["instances"]) == 2


def test_what_the_reader_refused_is_signed_off_by_a_person_alone(client: httpx.Client) -> None:
    data = dicom("1.2.77", StudyInstanceUID="1.3.77", Modality="CT")
    answer = client.post("/api/instances?wait=20", content=data, headers={"Content-Type": "application/dicom"}).json()
    reading = answer["instances"][0]["reading"]
    assert (reading["state"], reading["findings"]) == ("refused", [])
    said = {**REVIEW, "verdicts": [], "missed": [{"finding": "Nodule", "box": BOX}]}
    assert client.post(f"/api/readings/{reading['reading_id']}/review", json=said).status_code == 201
    study = study_of(client, reading["reading_id"])
    assert (study.state, study.reviewed) == ("refused", True)
