"""A review is by who is signed in."""

from typing import Any

import pytest

from tests.serving.files import dicom
from tests.serving.users.people import Guarded


@pytest.fixture(scope="module")
def review(service: Guarded) -> str:
    """Where a reading is reviewed."""
    sent = service.machine("sender", "send", "read").post("/api/instances?wait=20", files={"f": dicom("1.2.3.1")})
    return f"/api/readings/{sent.json()['instances'][0]['reading']['reading_id']}/review"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 201),
        ({"reviewer": "By Name"}, 201),
        ({"reviewer": "somebody else"}, 422),
        ({"reviewer": "by name"}, 422),
    ],
)
def test_nobody_reviews_in_anothers_name(service: Guarded, review: str, body: dict[str, Any], status: int) -> None:
    name = "By Name"
    client = service.signed_in(name) if any(name in line for _, line, _ in service.audit("accounts")) else None
    answer = (client or service.person(name)).post(review, json={"signed_off": True, **body})
    assert answer.status_code == status
    if status == 201:
        assert answer.json()["reviewer"] == name
        assert service.audit("sign-off")[-1][0] == name


def test_a_machines_review_is_its_own(service: Guarded, review: str) -> None:
    machine = service.machine("ris", "review")
    assert machine.post(review, json={}).json()["reviewer"] == "ris"
    assert machine.post(review, json={"reviewer": "By Name"}).status_code == 422


def test_who_may_only_send_is_not_told_the_reading(service: Guarded) -> None:
    data = dicom("1.2.3.2")
    sent = service.machine("blind", "send").post("/api/instances?wait=20", files={"f": data})
    assert sent.json()["instances"][0]["reading"] is None
    assert service.person("sees").get("/api/instances/1.2.3.2/reading").json()["state"] == "read"
