"""What is sent after a review: each version once, after the one before it, and nothing for a draft."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from serving import schemas
from serving.store import completions, deliveries, reviews
from serving.store.completions import Sending
from serving.store.store import Store
from serving.who import NOBODY
from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import live, new_store, working
from tests.serving.pacs import pacs
from tests.serving.test_delivery import post
from tests.serving.test_worker import send, until

STUDY = "1.2.3.30"


def review(client: httpx.Client, reading_id: int, *, signed_off: bool) -> None:
    body = {
        "reviewer": "reader-7",
        "signed_off": signed_off,
        "verdicts": [{"finding": "Effusion", "verdict": "accepted"}],
    }
    assert client.post(f"/api/readings/{reading_id}/review", json=body).status_code == 201


def settled(client: httpx.Client, number: int) -> list[schemas.Completion]:
    """The completions, once there are so many and all were delivered."""

    def look() -> list[schemas.Completion]:
        study = schemas.StudyWithCompletions.model_validate(client.get(f"/api/studies/{STUDY}").json())
        found = study.completions
        done = all(each.state == "delivered" for one in found for each in one.deliveries)
        return found if len(found) == number and done else []

    return list(until(look))


def test_a_sign_off_is_sent_and_so_is_what_becomes_of_it(tmp_path: Path) -> None:
    with live(StubReader(), destinations=f"f=file://{tmp_path}") as client:
        reading_id = post(client, dicom("1.2.3.1"))["instances"][0]["reading"]["reading_id"]
        review(client, reading_id, signed_off=False)  # a draft: nothing is sent
        for number, signed_off in enumerate((True, False, True), 2):
            review(client, reading_id, signed_off=signed_off)
            found = settled(client, number)
        review(client, reading_id, signed_off=True)
        found = settled(client, 5)
    assert [one.kind for one in found] == ["result", *["review"] * 4]
    sent = {each["number"]: each for each in map(json.loads, (path.read_text() for path in tmp_path.glob("*.json")))}
    assert [sent[n]["kind"] for n in sorted(sent)] == ["result", *["review"] * 4]
    assert [sent[n]["predecessor"] for n in range(2, 6)] == [sent[n]["completion_uid"] for n in range(1, 5)]
    versions: list[Any] = [sent[n]["readings"][0]["review"] for n in range(1, 6)]
    assert versions[0] is None
    assert [(one["number"], one["predecessor"], one["status"], one["reviewer"]) for one in versions[1:]] == [
        (2, None, "final", "Radiologist"),  # review 1 was the draft
        (3, 2, "withdrawn", "Radiologist"),
        (4, 3, "amended", "Radiologist"),
        (5, 4, "amended", "Radiologist"),
    ]


def test_a_verified_report_reaches_the_pacs_and_names_the_one_before() -> None:
    with (
        pacs() as peer,
        live(StubReader(), destinations=f"p=dicom://PACS@127.0.0.1:{peer.port}?presentations=sr") as client,
    ):
        reading_id = post(client, dicom("1.2.3.1"))["instances"][0]["reading"]["reading_id"]
        settled(client, 1)
        review(client, reading_id, signed_off=True)
        settled(client, 2)
        first, second = peer.datasets
        assert (first.VerificationFlag, second.VerificationFlag) == ("UNVERIFIED", "VERIFIED")
        (series,) = second.PredecessorDocumentsSequence[0].ReferencedSeriesSequence
        assert series.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == first.SOPInstanceUID
        assert all(len(copies) == 1 for copies in peer.got.values())


@pytest.fixture
def store() -> Any:
    with new_store() as (settings, store):
        for uid in ("1.2.3.1", "1.2.3.2"):
            send(store, dicom(uid))
        with working(settings, store, StubReader()):
            until(lambda: all(row["state"] == "read" for row in rows(store, "SELECT state FROM instance")))
            until(lambda: rows(store, "SELECT FROM completion"))
        yield store


def rows(store: Store, query: str) -> list[Any]:
    with store.database.connection() as connection:
        return connection.execute(query).fetchall()  # type: ignore[call-overload]


def sign_off(store: Store, outcome_id: int, *, signed_off: bool = True) -> None:
    about = {"reviewer": "r", "document": {}, "signed_off": signed_off, "idempotency_key": None, "urgent": ()}
    added = reviews.add(store, outcome_id, who=NOBODY, **about)  # type: ignore[arg-type]
    assert added


_SENT = "SELECT completion_id, count(*) AS sent FROM delivery GROUP BY completion_id"


def tell(store: Store, *destinations: str) -> list[tuple[int, int]]:
    """Number of each completion that is made, and of its deliveries."""

    def dispatch(outcomes: Sequence[Mapping[str, Any]]) -> list[Sending]:
        ids = [row["outcome_id"] for row in outcomes]
        return [Sending(destination=name, outcome_ids=ids) for name in destinations]

    done = completions.complete_reviews(store, dispatch=dispatch)
    sent = {row["completion_id"]: row["sent"] for row in rows(store, _SENT)}
    return [(row["number"], sent[row["completion_id"]]) for row in done]


def test_only_the_newest_of_several_reviews_is_sent_and_each_reading_for_itself(store: Store) -> None:
    for outcome_id in (1, 1, 2):
        sign_off(store, outcome_id)
    assert sorted(tell(store, "a", "b")) == [(2, 2), (3, 2)]
    assert tell(store, "a", "b") == []
    told = rows(store, "SELECT r.outcome_id, r.number FROM completion JOIN review r USING (review_id) ORDER BY 1")
    assert [tuple(row.values()) for row in told] == [(1, 2), (2, 1)]


def test_a_review_waits_for_the_result_of_its_study(store: Store) -> None:
    with store.database.connection() as connection:
        connection.execute("UPDATE study SET open = true")
    sign_off(store, 1)
    assert tell(store, "a") == []
    with store.database.connection() as connection:
        connection.execute("UPDATE study SET open = false")
    assert tell(store, "a") == [(2, 1)]


def test_a_draft_or_an_undo_of_what_was_never_sent_is_not_sent(store: Store) -> None:
    sign_off(store, 1, signed_off=False)
    assert tell(store, "a") == []
    sign_off(store, 1)
    sign_off(store, 1, signed_off=False)  # before anybody looked
    assert tell(store, "a") == []
    assert not rows(store, "SELECT FROM review WHERE open")


def test_what_is_final_does_not_overtake_what_is_preliminary_nor_the_other_way_round(store: Store) -> None:
    for _ in range(2):
        sign_off(store, 1)
        tell(store, "a")
    first, second = (deliveries.delivery(store, number) for number in (1, 2))
    assert first
    assert second
    assert (first["waits"], second["waits"]) == (False, True)
    deliveries.note_attempt(store, 1, state="dead", reason="x")
    again = deliveries.delivery(store, 2)
    assert again
    assert not again["waits"]
    assert again["review"]["predecessor"] == 1
    assert again["review"]["amends"]
    deliveries.note_attempt(store, 2, state="delivered")
    stale = deliveries.delivery(store, 1)
    assert stale
    assert stale["superseded"] == [1]
