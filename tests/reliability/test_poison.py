"""A radiograph that ends every worker that reads it."""

import itertools
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from serving.settings import variable
from serving.store.stalled import MOST_KILLS
from tests.reliability.checks import check_readings
from tests.reliability.radiographs import radiographs
from tests.reliability.sending import Acknowledged, send_all
from tests.reliability.service import LONG, Service, a_database, environment, short_folder, until

#: To die by a signal is what the first test is about.
_LONG_FORM = pytest.mark.skipif(not LONG, reason="HILUM_TEST_LONG=1")
_WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"


def test_what_kills_its_worker_three_times_is_set_aside_alone_and_can_be_replayed() -> None:
    sent = list(itertools.islice(radiographs("poison"), 12))
    deadly = sent[0].sop_instance_uid
    with _api() as service:
        acknowledged = Acknowledged()
        send_all(sent, service.url, acknowledged)
        assert _deaths(service, f"{deadly}=killed") == [-signal.SIGKILL] * MOST_KILLS
        (letter,) = httpx.get(f"{service.url}/api/dead-letters").json()["dead_letters"]
        assert (letter["task"], letter["kind"], letter["sop_instance_uid"]) == ("read", "poison", deadly)
        reading = httpx.get(f"{service.url}/api/instances/{deadly}/reading").json()
        assert reading["state"] == "failed"
        assert letter["reason"] in reading["failure"]
        others = service.rows("SELECT DISTINCT state FROM instance WHERE sop_instance_uid <> %s", deadly)
        assert {row["state"] for row in others} == {"read", "refused"}

        replay = f"{service.url}/api/dead-letters/{letter['dead_letter_id']}/replay"
        assert httpx.post(replay).status_code == 202
        assert _deaths(service, "") == []  # it is cured
        assert httpx.get(f"{service.url}/api/dead-letters").json()["dead_letters"] == []
        assert httpx.post(replay).status_code == 404
        check_readings(service, acknowledged, dead=[deadly])


@pytest.mark.parametrize(
    ("way", "ends"),
    [
        pytest.param("segfault", [-signal.SIGSEGV] * MOST_KILLS, marks=_LONG_FORM),
        pytest.param("abort", [-signal.SIGABRT] * MOST_KILLS, marks=_LONG_FORM),
        ("hang", [1] * MOST_KILLS),
        ("swell", []),  # what there is no memory for ends no worker
    ],
)
def test_however_a_decoder_ends_its_instance_has_failed_and_the_service_goes_on(way: str, ends: list[int]) -> None:
    sent = list(itertools.islice(radiographs(way), 3))
    deadly = sent[0].sop_instance_uid
    with _api() as service:
        send_all(sent, service.url, Acknowledged())
        assert _deaths(service, f"{deadly}={way}") == ends
        (letter,) = httpx.get(f"{service.url}/api/dead-letters").json()["dead_letters"]
        assert (letter["sop_instance_uid"], letter["kind"]) == (deadly, "poison" if ends else "failed")
        assert httpx.get(f"{service.url}/api/instances/{deadly}/reading").json()["state"] == "failed"
        others = service.rows("SELECT DISTINCT state FROM instance WHERE sop_instance_uid <> %s", deadly)
        assert {row["state"] for row in others} <= {"read", "refused"}


@contextmanager
def _api() -> Iterator[Service]:
    """An API on a database and an object store, without workers."""
    with short_folder() as folder, a_database() as url:
        service = Service(folder / "data", command="api", database_url=url, min_free_bytes=0)
        service.start()
        try:
            until(service.answers, 60, "the API answers")
            yield service
        finally:
            service.end()


def _deaths(service: Service, deadly: str) -> list[int]:
    """Start a worker, again and again, until no job waits; how it ended before that, each time."""
    deaths: list[int] = []
    settings = {variable("database_url"): service.database_url, variable("data"): str(service.data)}
    while True:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.deadly_worker"],
            env=environment({**settings, "DEADLY_UIDS": deadly}),
        )
        try:
            until(lambda: worker.poll() is not None or service.number(_WAITING) == 0, 60, "the jobs end")  # noqa: B023
        finally:
            worker.terminate()
            worker.wait(30)
        if worker.returncode == 0:
            return deaths
        deaths.append(worker.returncode)
