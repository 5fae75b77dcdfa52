"""Received means safe: stored, queued, once."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from model.errors import Unavailable
from serving.instances import Origin, Priority, identify
from serving.store import worklist
from serving.store.objects import Objects, content_name
from serving.store.reception import Receipt, receive
from serving.store.store import Store
from tests.serving.files import dicom
from tests.serving.live import new_store

HTTP = Origin(door="http")
LIMIT = 10**6


@pytest.fixture
def store() -> Iterator[Store]:
    with new_store() as (_, store):
        yield store


def send(store: Store, data: bytes, origin: Origin = HTTP) -> Receipt:
    return receive(store, identify(data, LIMIT), origin, data)


def count(store: Store, table: str) -> int:
    with store.database.transaction() as connection:
        row = connection.execute(f"SELECT count(*) AS n FROM {table}").fetchone()  # type: ignore[arg-type]
    assert row
    return int(row["n"])


def jobs(store: Store) -> list[tuple[str, int]]:
    with store.database.transaction() as connection:
        found = connection.execute("SELECT task_name, priority FROM procrastinate_jobs ORDER BY id").fetchall()
    return [(row["task_name"], row["priority"]) for row in found]


def test_what_is_received_is_stored_and_queued(store: Store) -> None:
    data = dicom("1.2.3.1")
    assert send(store, data) is Receipt.RECEIVED
    content_hash = identify(data, LIMIT).content_hash
    assert store.objects.get(content_name(content_hash)) == data
    assert jobs(store) == [("read", 10)]
    (study,) = worklist.studies_of(store, "1.2.3.30")
    assert (study["patient_name"], study["state"], study["modalities"]) == ("Mẫu Bình Thường", "pending", ["DX"])


def test_the_same_again_does_nothing(store: Store) -> None:
    assert [send(store, dicom()) for _ in range(3)] == [Receipt.RECEIVED, Receipt.DUPLICATE, Receipt.DUPLICATE]
    assert (count(store, "instance"), len(jobs(store))) == (1, 1)


def test_other_content_under_a_known_uid_is_kept_aside_and_noted_once(store: Store) -> None:
    send(store, dicom(shade=1))
    other = dicom(shade=2)
    assert [send(store, other), send(store, other)] == [Receipt.CONFLICT, Receipt.CONFLICT]
    assert store.objects.get(content_name(identify(other, LIMIT).content_hash)) == other
    assert (count(store, "instance"), count(store, "conflict"), len(jobs(store))) == (1, 1, 1)
    (line,) = store.database.all("audit_trail", action="conflict")
    assert (line["sop_instance_uid"], line["details"]["door"], line["success"]) == ("1.2.3.1", "http", False)
    (study,) = worklist.studies_of(store, "1.2.3.30")
    (instance,) = worklist.instances(store, [study["study_id"]])[study["study_id"]]
    assert instance["conflicts"] == 1


def test_the_same_bytes_under_two_uids_are_stored_once(store: Store) -> None:
    # a picture has no UID; its instance is its content. The same content cannot come under two UIDs but as a conflict
    send(store, dicom("1.2.3.1", shade=1))
    send(store, dicom("1.2.3.2", shade=1))
    send(store, dicom("1.2.3.1", shade=9))
    assert count(store, "content") == 3  # UIDs are in the bytes
    send(store, dicom("1.2.3.1", shade=9))
    assert count(store, "content") == 3


def test_two_patients_under_one_study_uid_are_both_kept_and_flagged(store: Store) -> None:
    send(store, dicom("1.2.3.1", PatientID="A"))
    send(store, dicom("1.2.3.2", PatientID="B"))
    send(store, dicom("1.2.3.3", PatientID="A"))
    studies = worklist.studies_of(store, "1.2.3.30")
    assert [(study["patient_id"], study["shared_uid"]) for study in studies] == [("A", True), ("B", True)]
    instances = worklist.instances(store, [study["study_id"] for study in studies])
    of_a, of_b = (instances[study["study_id"]] for study in studies)
    assert {row["sop_instance_uid"] for row in of_a} == {"1.2.3.1", "1.2.3.3"}
    assert {row["sop_instance_uid"] for row in of_b} == {"1.2.3.2"}
    assert [line["study_instance_uid"] for line in store.database.all("audit_trail", action="shared-uid")][:1] == [
        "1.2.3.30"
    ]


@pytest.mark.parametrize(
    ("origin", "more", "priority"),
    [
        (HTTP, {}, 10),
        (Origin(door="http", priority=Priority.STAT), {}, 20),
        (Origin(door="backfill", priority=Priority.BACKFILL), {}, 0),
    ],
)
def test_a_job_has_the_priority_of_its_origin(
    store: Store, origin: Origin, more: dict[str, str], priority: int
) -> None:
    send(store, dicom(**more), origin)
    assert jobs(store) == [("read", priority)]


def test_many_senders_of_the_same_instance_make_one(store: Store) -> None:
    start = threading.Barrier(8)

    def sender(number: int) -> Receipt:
        start.wait()
        # the same UID from all; every second one sends other content
        return send(store, dicom("1.2.3.1", shade=number % 2))

    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(sender, range(8)))
    assert receipts.count(Receipt.RECEIVED) == 1
    assert receipts.count(Receipt.CONFLICT) == 4
    assert (count(store, "instance"), count(store, "conflict"), len(jobs(store))) == (1, 1, 1)


class _Full(Objects):
    def put(self, name: str, data: bytes) -> None:
        raise Unavailable("The object store must take the bytes, but is full.")


def test_when_the_bytes_cannot_be_stored_nothing_is_kept(store: Store) -> None:
    full = Store(store.database, _Full.at(None, Path(store.objects.folder or "")))
    with pytest.raises(Unavailable, match="full"):
        send(full, dicom())
    assert [count(store, table) for table in ("study", "instance", "content")] == [0, 0, 0]
    assert jobs(store) == []
    assert send(store, dicom()) is Receipt.RECEIVED


def test_a_database_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    from serving.store.database import Database

    database = Database(f"postgresql:///x?host={tmp_path}", connections=2).open()
    try:
        with pytest.raises(Unavailable, match="must be reachable"):
            send(Store(database, Objects.at(None, tmp_path / "objects")), dicom())
    finally:
        database.close()
