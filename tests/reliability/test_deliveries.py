"""A worker that is killed in the middle of a delivery of every kind: after that, everything arrives, and once."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serving.presentations.completion_json import uid_of
from serving.settings import Settings
from serving.settings import environment as settings_as_variables
from serving.store.store import Store
from serving.store.worklist import studies_of
from tests.reliability.service import environment, until
from tests.reliability.webhook import Webhook, webhook
from tests.serving.files import dicom
from tests.serving.hold import Hold
from tests.serving.live import new_store
from tests.serving.pacs import Pacs, pacs
from tests.serving.stow_server import DicomWeb, dicomweb
from tests.serving.test_worker import send

_STATES = "SELECT state FROM delivery"
_UNDER_WAY = "SELECT FROM procrastinate_jobs WHERE task_name = 'deliver' AND status = 'doing'"


def test_a_worker_killed_while_it_delivers_has_everything_arrive_once(tmp_path: Path) -> None:
    with pacs() as peer, dicomweb() as server, webhook("kill", unwell=0) as hook:
        destinations = {
            "folder": f"file://{tmp_path}",
            "hook": f"http://127.0.0.1:{hook.port}/",
            "pacs": f"dicom://PACS@127.0.0.1:{peer.port}",
            "web": server.url,
        }
        listed = ",".join(f"{name}={url}" for name, url in destinations.items())
        with new_store(destinations=listed) as (settings, store):
            send(store, dicom("1.2.3.1"))
            pipe = _pipe(store, tmp_path)
            held = [Hold(), Hold(), Hold()]
            peer.held, server.held, hook.held = [None, held[0]], [held[1]], [held[2]]
            with _worker(settings) as worker:
                for one in held:
                    assert one.begun.wait(60)
                until(lambda: len(_rows(store, _UNDER_WAY)) == 4, 60, "the folder is written to")
                worker.kill()
                worker.wait(20)
            assert [row["state"] for row in _rows(store)] == ["queued"] * 4
            pipe.unlink()
            pipe.write_bytes(b"half of a document")
            for one in held:
                one.go_on.set()
            with _worker(settings):
                until(lambda: {row["state"] for row in _rows(store)} == {"delivered"}, 90, "all arrives")
        (path,) = tmp_path.iterdir()
        assert json.loads(path.read_text())["completion_uid"] == path.stem
        _check_once(peer, server, hook, path.stem)


def _check_once(peer: Pacs, server: DicomWeb, hook: Webhook, completion_uid: str) -> None:
    """By SOP Instance UID and Idempotency-Key; what came twice is the same."""
    for got in (peer.got, server.got):
        assert len(got) == 2
        assert all(len(set(copies)) == 1 for copies in got.values())
    assert {key: len(bodies) for key, bodies in hook.bodies.items()} == {completion_uid: 1}


def _pipe(store: Store, folder: Path) -> Path:
    """Where a worker will write the document, and wait for a reader who does not come."""
    (study,) = studies_of(store, "1.2.3.30")
    pipe = folder / f"{uid_of({**study, 'number': 1})}.json.partial"
    os.mkfifo(pipe)
    return pipe


@contextmanager
def _worker(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    variables = environment(settings_as_variables(settings))
    worker = subprocess.Popen([sys.executable, "-m", "tests.reliability.stub_worker"], env=variables)
    try:
        yield worker
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(60)


def _rows(store: Store, query: str = _STATES) -> list[dict[str, object]]:
    with store.database.connection() as connection:
        return connection.execute(query).fetchall()  # type: ignore[call-overload]
