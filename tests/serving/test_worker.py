"""Jobs: done once, tried again, given up, given to the living; studies completed and delivered."""

import json
import socketserver
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock
from typing import Any, ClassVar

import httpx
import pytest
from procrastinate.jobs import Job

from model.errors import Unavailable
from serving.instances import Origin, Priority, identify
from serving.jobs import Backoff
from serving.outcome import State
from serving.reading_task import make_instance_reader
from serving.store import dead_letters, readings, stalled, worklist
from serving.store.objects import content_name
from serving.store.reception import receive
from serving.store.store import Store
from serving.who import service
from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.hold import Hold
from tests.serving.live import live, new_store, serving, working
from tests.serving.pacs import pacs
from tests.threaded import threaded

DICOM = {"Content-Type": "application/dicom"}
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def until(done: Callable[[], Any], seconds: float = 20) -> Any:
    """What ``done`` gives once it is true."""
    end = time.monotonic() + seconds
    while not (found := done()):
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.02)
    return found


def send(store: Store, data: bytes, priority: Priority = Priority.ROUTINE) -> None:
    receive(store, identify(data, 10**6), Origin(door="http", priority=priority), data)


def state(store: Store, uid: str) -> State:
    entry = readings.find(store, uid)
    assert entry
    return entry.state


@pytest.mark.parametrize(
    ("attempts", "error", "chance", "pause"),
    [
        (0, Unavailable("x"), 0.5, 1.0),  # first pause 1 s, half plus a chance of a half
        (3, Unavailable("x"), 0.5, 8.0),  # 1 * 2**3
        (3, Unavailable("x"), 0.0, 4.0),  # half of it at least
        (9, Unavailable("x"), 0.5, 60.0),  # at most the longest
        (99, Unavailable("x"), 0.5, None),  # the hundredth try was the last
        (1, ZeroDivisionError(), 0.5, 2.0),
        (2, ZeroDivisionError(), 0.5, None),  # an error of ours is tried three times
    ],
)
def test_pauses_grow_and_end(attempts: int, error: Exception, chance: float, pause: float | None) -> None:
    backoff = Backoff(lambda: NOW, attempts=100, first_pause=1, longest_pause=60, chance=lambda: chance)
    job = Job(id=1, queue="read", lock=None, queueing_lock=None, task_name="read", attempts=attempts)
    decision = backoff.get_retry_decision(exception=error, job=job)
    assert (decision is None) == (pause is None)
    if decision and decision.retry_at:
        assert (decision.retry_at - NOW).total_seconds() == pause


def test_stat_is_read_before_routine_before_backfill() -> None:
    reader = StubReader()
    with new_store() as (settings, store):
        send(store, dicom("1.2.3.1"), Priority.BACKFILL)
        send(store, dicom("1.2.3.2"))
        send(store, dicom("1.2.3.3"), Priority.STAT)
        # the file itself says that it cannot wait (0040,1003)
        urgent = identify(dicom("1.2.3.4", RequestedProcedurePriority="STAT"), 10**6)
        assert urgent.is_urgent
        with working(settings, store, reader):
            until(lambda: len(reader.read_uids) == 3)
    assert reader.read_uids[0] == "1.2.3.3"
    assert reader.read_uids.index("1.2.3.2") < reader.read_uids.index("1.2.3.1")


def test_an_instance_is_read_once_by_a_reader_and_again_by_the_next_version() -> None:
    with new_store() as (settings, store):
        send(store, dicom("1.2.3.1"))
        for name, times in (("stub 1", 1), ("stub 1", 0), ("stub 2", 1)):
            reader = StubReader(name=name)
            instances = make_instance_reader(store, reader, limits=_limits(), urgent=(), display_pixels=64)
            instances.read(1)
            assert len(reader.read_uids) == times
        entry = readings.find(store, "1.2.3.1")
        assert entry
        assert entry.document["reader"] == "stub 2"
        assert settings.data.is_dir()


def _limits() -> Any:
    from model.limits import Limits

    return Limits()


def test_bytes_that_are_not_there_now_are_tried_again_and_then_read() -> None:
    reader = StubReader()
    with new_store() as (settings, store):
        data = dicom("1.2.3.1")
        send(store, data)
        name = content_name(identify(data, 10**6).content_hash)
        store.objects.delete(name)
        with working(settings, store, reader):
            until(lambda: store.database.all("queue_figures") and jobs_tried(store))
            assert state(store, "1.2.3.1") is State.PENDING
            store.objects.put(name, data)
            until(lambda: state(store, "1.2.3.1") is State.READ)


def jobs_tried(store: Store) -> bool:
    with store.database.transaction() as connection:
        return bool(connection.execute("SELECT FROM procrastinate_jobs WHERE attempts > 0").fetchall())


def test_what_goes_on_failing_is_a_dead_letter_and_can_be_replayed() -> None:
    reader = StubReader(broken=ZeroDivisionError("of Nguyễn Văn Bí Mật"))
    with live(reader) as client:
        client.post("/api/instances?wait=20", content=dicom("1.2.3.1"), headers=DICOM)
        (letter,) = client.get("/api/dead-letters").json()["dead_letters"]
        assert (letter["task"], letter["kind"], letter["sop_instance_uid"]) == ("read", "failed", "1.2.3.1")
        assert "Mật" not in letter["reason"]
        assert client.get("/api/studies?state=failed").json()["studies"][0]["urgency"] == 2
        reader.broken = None
        again = client.post(f"/api/dead-letters/{letter['dead_letter_id']}/replay")
        assert (again.status_code, again.json()["state"]) == (202, "queued")
        until(lambda: client.get("/api/instances/1.2.3.1/reading").json().get("state") == "read")
        assert client.get("/api/dead-letters").json()["dead_letters"] == []
        assert client.post(f"/api/dead-letters/{letter['dead_letter_id']}/replay").status_code == 404
        metrics = client.get("/metrics").text
        assert 'hilum_dead_total{kind="failed",task="read"}' in metrics


@contextmanager
def doing(store: Store, silent_for: float) -> Iterator[int]:
    """A job that a worker holds which gave its last sign of life ``silent_for`` seconds ago."""
    with store.database.transaction() as connection:
        worker = connection.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [silent_for],
        ).fetchone()
        assert worker
        connection.execute("SELECT procrastinate_fetch_job_v2(NULL, %s)", [worker["id"]])
    yield worker["id"]


def statuses(store: Store) -> list[tuple[str, int | None]]:
    with store.database.transaction() as connection:
        return [
            (row["status"], row["kills"])
            for row in connection.execute(
                "SELECT j.status::text, k.kills FROM procrastinate_jobs j LEFT JOIN killed_job k ON k.job_id = j.id"
            ).fetchall()
        ]


def test_a_job_that_kills_its_worker_three_times_is_poison() -> None:
    reader = StubReader()
    with new_store() as (_, store):
        send(store, dicom("1.2.3.1"))
        instances = make_instance_reader(store, reader, limits=_limits(), urgent=(), display_pixels=64)

        def epitaph(dead: dead_letters.DeadJob) -> readings.Record | None:
            return instances.failed(dead.arguments["instance_id"], dead.reason)

        def rescue() -> tuple[int, int]:
            with store.database.transaction() as connection:  # whoever rescues lives
                connection.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
            return stalled.rescue(store, epitaph, (), silent_seconds=10)

        with doing(store, silent_for=3):
            assert rescue() == (0, 0)  # it may still live
        for kills in (1, 2):
            if kills > 1:
                with doing(store, silent_for=60):
                    pass
            else:
                with store.database.transaction() as connection:
                    connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
            assert rescue() == (1, 0)
            assert statuses(store) == [("todo", kills)]
        with doing(store, silent_for=60):
            assert rescue() == (0, 1)
        assert statuses(store) == [("failed", 3)]
        assert state(store, "1.2.3.1") is State.FAILED
        (letter,) = dead_letters.listed(store, limit=9, before=None)
        assert (letter["kind"], letter["reason"]) == ("poison", stalled.POISON)
        assert dead_letters.replay(store, letter["dead_letter_id"], who=service("test"), urgent=())
        assert state(store, "1.2.3.1") is State.PENDING
        assert [line["object"] for line in store.database.all("audit_trail", action="replay")] == ["1"]


def test_what_a_worker_holds_when_it_loses_the_database_counts_as_no_kill() -> None:
    with new_store() as (_, store):
        send(store, dicom("1.2.3.1"))
        with doing(store, silent_for=0) as worker:
            assert stalled.release(store, [worker]) == 1
        assert statuses(store) == [("todo", None)]


def test_a_study_is_complete_after_the_quiet_time_and_late_images_are_an_addendum(tmp_path: Path) -> None:
    with live(StubReader(), quiet_seconds=1, destinations=f"here=file://{tmp_path}") as client:
        client.post("/api/instances?wait=20", content=dicom("1.2.3.1"), headers=DICOM)
        client.post("/api/instances?wait=20", content=dicom("1.2.3.2"), headers=DICOM)
        first = until(lambda: client.get("/api/studies/1.2.3.30").json()["completions"])
        assert [(one["number"], one["kind"], len(one["reading_ids"])) for one in first] == [(1, "result", 2)]
        client.post("/api/instances?wait=20", content=dicom("1.2.3.3"), headers=DICOM)
        until(lambda: len(client.get("/api/studies/1.2.3.30").json()["completions"]) == 2)
        sent = until(lambda: found if len(found := list(tmp_path.glob("*.json"))) == 2 else None)
        documents = sorted((json.loads(path.read_text()) for path in sent), key=lambda one: one["number"])
        assert [one["kind"] for one in documents] == ["result", "addendum"]
        assert [len(one["readings"]) for one in documents] == [2, 1]
        assert documents[1]["predecessor"] == documents[0]["completion_uid"]
        assert documents[1]["readings"][0]["sop_instance_uid"] == "1.2.3.3"
        states = until(
            lambda: [
                one["deliveries"][0]["state"]
                for one in client.get("/api/studies/1.2.3.30").json()["completions"]
                if one["deliveries"][0]["state"] != "queued"
            ]
        )
        assert set(states) == {"delivered"}


class Hook(BaseHTTPRequestHandler):
    """A webhook that answers with the next of ``answers`` and keeps what it got."""

    answers: ClassVar[list[int]] = []
    got: ClassVar[list[tuple[dict[str, str], bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((dict(self.headers), body))
        self.send_response(self.answers.pop(0) if self.answers else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[str]:
    Hook.answers, Hook.got = [], []
    with threaded(ThreadingHTTPServer(("127.0.0.1", 0), Hook)) as server:
        yield f"http://127.0.0.1:{server.server_address[1]}/results"


def delivery_state(client: httpx.Client) -> Any:
    completions = client.get("/api/studies/1.2.3.30").json()["completions"]
    return completions[0]["deliveries"][0] if completions else None


def test_a_webhook_that_is_busy_is_asked_again_with_the_same_key(hook: str) -> None:
    Hook.answers = [503]
    with live(StubReader(), destinations=f"ris={hook}", webhook_secret="s3cret") as client:
        client.post("/api/instances?wait=20", content=dicom("1.2.3.1"), headers=DICOM)
        until(lambda: (found := delivery_state(client)) and found["state"] == "delivered")
    keys = {headers["Idempotency-Key"] for headers, _ in Hook.got}
    assert (len(Hook.got), len(keys)) == (2, 1)
    import hashlib
    import hmac

    for headers, body in Hook.got:  # who gets it asks whether the time is a recent one
        content = headers["X-Hilum-Timestamp"].encode() + b"." + body
        assert abs(int(headers["X-Hilum-Timestamp"]) - time.time()) < 300
        assert headers["X-Hilum-Signature"] == "sha256=" + hmac.new(b"s3cret", content, hashlib.sha256).hexdigest()


def test_a_webhook_that_says_no_is_a_dead_letter(hook: str) -> None:
    Hook.answers = [400]
    with live(StubReader(), destinations=f"ris={hook}") as client:
        client.post("/api/instances?wait=20", content=dicom("1.2.3.1"), headers=DICOM)
        until(lambda: (found := delivery_state(client)) and found["state"] == "dead")
        (letter,) = client.get("/api/dead-letters").json()["dead_letters"]
        assert (letter["task"], letter["destination"]) == ("deliver", "ris")
        assert letter["reason"] == "The destination must answer 2xx, not 400."
        client.post(f"/api/dead-letters/{letter['dead_letter_id']}/replay")
        until(lambda: (found := delivery_state(client)) and found["state"] == "delivered")


@dataclass
class Silence:
    """Where a server takes every connection and never answers, until it is told to go on: then it hangs up."""

    place: str = ""
    go_on: Event = field(default_factory=Event)
    #: Connections now, and the most at once.
    held: int = 0
    most: int = 0


@contextmanager
def silence() -> Iterator[Silence]:
    one, lock = Silence(), Lock()

    class Silent(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with lock:
                one.held += 1
                one.most = max(one.most, one.held)
            self.request.setblocking(False)
            while not one.go_on.wait(0.05) and self._is_there():
                pass
            with lock:
                one.held -= 1

        def _is_there(self) -> bool:
            try:
                return bool(self.request.recv(65536))
            except BlockingIOError:
                return True
            except OSError:
                return False

    with threaded(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Silent)) as server:
        one.place = f"127.0.0.1:{server.server_address[1]}"
        try:
            yield one
        finally:
            one.go_on.set()


def test_destinations_that_never_answer_hold_up_neither_another_nor_readings(tmp_path: Path) -> None:
    hold = Hold()
    with silence() as silent, pacs() as peer:
        slow = f"a=http://{silent.place}/,b=stow+http://{silent.place}/dicom-web,c=dicom://PACS@127.0.0.1:{peer.port}"
        peer.held = [hold] * 4
        with live(StubReader(), destinations=f"{slow},fast=file://{tmp_path}") as client:
            for number in range(5):
                data = dicom(f"1.2.{number}", StudyInstanceUID=f"1.3.{number}")
                client.post("/api/instances", content=data, headers=DICOM)
            # Four of each: nobody waits for a thread that another one holds.
            until(lambda: silent.most == 8 and not peer.held, 60)
            until(lambda: len(list(tmp_path.glob("*.json"))) == 5, 60)
            silent.go_on.set()
            hold.go_on.set()


def test_old_studies_go_with_their_bytes_and_the_shared_bytes_stay() -> None:
    from serving.store import retention

    reader = StubReader()
    with new_store(keep_days=30) as (settings, store):
        old, young = dicom("1.2.1", StudyInstanceUID="1.3.1"), dicom("1.2.2", StudyInstanceUID="1.3.2")
        send(store, old)
        send(store, young)
        with working(settings, store, reader):
            until(lambda: all(not study["open"] for study in worklist.studies_of(store, "1.3.1")))
        with store.database.transaction() as connection:
            connection.execute(
                "UPDATE study SET last_received_at = now() - interval '31 days' WHERE study_instance_uid = '1.3.1'"
            )
            connection.execute("UPDATE content SET stored_at = now() - interval '1 hour'")
        assert retention.prune_studies(store, keep_days=30) == 1
        assert retention.prune_studies(store, keep_days=30) == 0
        assert retention.prune_content(store, display_pixels=64) == 1
        assert readings.find(store, "1.2.1") is None
        assert store.objects.get(content_name(identify(old, 10**6).content_hash)) is None
        assert store.objects.get(content_name(identify(young, 10**6).content_hash)) == young
        # what was pruned can come again
        send(store, old)
        assert store.objects.get(content_name(identify(old, 10**6).content_hash)) == old
        assert [line["study_instance_uid"] for line in store.database.all("audit_trail", action="prune")] == ["1.3.1"]


def test_bytes_that_are_marked_but_not_deleted_yet_are_stored_again() -> None:
    with new_store() as (_, store):
        data = dicom("1.2.3.1")
        send(store, data)
        name = content_name(identify(data, 10**6).content_hash)
        with store.database.transaction() as connection:  # a prune that was killed after it deleted the bytes
            connection.execute("DELETE FROM study")
            connection.execute("UPDATE content SET doomed = true")
        store.objects.delete(name)
        send(store, data)
        assert store.objects.get(name) == data


def test_a_worker_waits_for_its_database_and_ends_when_asked() -> None:
    with new_store() as (settings, store):
        store.database.close()
        with working(settings, store, StubReader()):
            time.sleep(0.1)


def test_readiness_says_what_is_missing() -> None:
    with new_store() as (settings, store), serving(settings, store, "stub 1") as client:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["status"], answer.json()["workers"]) == (503, "not-ready", 0)
        with working(settings, store, StubReader()):
            until(lambda: client.get("/readyz").status_code == 200)
        assert worklist.studies_of(store, "1.2.3") == []
