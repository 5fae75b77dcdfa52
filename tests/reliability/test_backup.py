"""A service under load is backed up, dies with all that it has, and is brought back from the backup."""

import itertools
import shutil
import subprocess
from pathlib import Path

import httpx

from tests.reliability.checks import settle
from tests.reliability.radiographs import Sent, radiographs
from tests.reliability.sending import Acknowledged, by_http, file_of, send_all, streaming
from tests.reliability.service import HILUM, LONG, SEED, Service, environment, short_folder, until
from tests.reliability.webhook import Webhook, webhook

_BEFORE, _MEANWHILE = (90, 300) if LONG else (9, 60)
_UNDELIVERED = "SELECT count(*) FROM delivery WHERE state <> 'delivered'"
_SERIES = "SELECT series_instance_uid FROM instance JOIN series USING (series_id) WHERE sop_instance_uid = %s"
_AS_STORED = {"Accept": "application/dicom; transfer-syntax=*"}


def hilum(*words: str | Path, data: Path) -> subprocess.CompletedProcess[str]:
    command = [HILUM, *words, "--data", data]
    return subprocess.run(command, env=environment({}), capture_output=True, text=True, timeout=110, check=False)


def test_what_was_backed_up_is_there_again_and_nothing_is_sent_twice() -> None:
    sent = list(itertools.islice(radiographs("backup"), _BEFORE + _MEANWHILE))
    with short_folder() as folder, webhook(SEED, unwell=0.0) as hook:
        settings = {"quiet_seconds": 1, "workers": 1, "destinations": f"hook=http://127.0.0.1:{hook.port}/"}
        service = Service(folder / "data", **settings)
        try:
            before = _fill(service.started(), sent[:_BEFORE])
            delivered = _delivered(service, hook)
            safe = [*before.sent.values(), *_back_up_under_load(service, sent[_BEFORE:], folder / "backup")]
            retrieved = _retrieved(service, safe)
            assert hilum("restore", folder / "backup", data=service.data).returncode == 2  # it is in use
        finally:
            service.end()
        shutil.rmtree(service.data)
        hook.bodies.clear()

        back = hilum("restore", folder / "backup", data=service.data)
        assert back.returncode == 0, back.stderr
        try:
            service.started()
            _check(service, safe, retrieved)
            settle(service, 120)
            until(lambda: service.number(_UNDELIVERED) == 0, 60, "all is delivered", service.words)
            assert not delivered & hook.bodies.keys(), "what was delivered is not sent again"
            verified = hilum("audit", "verify", data=service.data)
            assert verified.returncode == 0, verified.stderr
            again = hilum("restore", folder / "backup", data=service.data)
            assert (again.returncode, "must not run" in again.stderr) == (2, True)
            service.stop()
            again = hilum("restore", folder / "backup", data=service.data)
            assert (again.returncode, "overwrites nothing" in again.stderr) == (2, True)
        finally:
            service.end()


def _fill(service: Service, sent: list[Sent]) -> Acknowledged:
    """Read, one of them reviewed and signed off."""
    acknowledged = Acknowledged()
    send_all(sent, service.url, acknowledged)
    settle(service, 120)
    (first, *_) = service.rows("SELECT outcome_id FROM outcome WHERE state = 'read' ORDER BY outcome_id")
    review = {"verdicts": [], "missed": [], "comment": "seen", "signed_off": True, "reviewer": "r"}
    answer = httpx.post(f"{service.url}/api/readings/{first['outcome_id']}/review", json=review)
    assert answer.status_code == 201, answer.text
    return acknowledged


def _delivered(service: Service, hook: Webhook) -> set[str]:
    """The keys of what arrived, once there is nothing more to send."""
    reviewed = "SELECT count(*) FROM completion WHERE review_id IS NOT NULL"
    until(lambda: service.number(reviewed) == 1, 60, "the review is to be sent", service.words)
    until(lambda: service.number(_UNDELIVERED) == 0, 60, "all is delivered", service.words)
    return set(hook.documents)


def _back_up_under_load(service: Service, sent: list[Sent], backup: Path) -> list[Sent]:
    """Twice: once whole, once what is new. What was acknowledged before the second one began."""
    acknowledged = Acknowledged()
    with httpx.Client(timeout=20) as client:
        senders = [("http", by_http(client, service.url))] * 2
        with streaming(senders, iter(sent), acknowledged, SEED) as enough:
            until(lambda: len(acknowledged) > 2, 60, "some are received", service.words)
            made = hilum("backup", backup, data=service.data)
            assert made.returncode == 0, made.stderr
            until(lambda: len(acknowledged) > 6, 60, "more are received", service.words)
            safe = list(acknowledged.sent.values())
            again = hilum("backup", backup, data=service.data)
            assert again.returncode == 0, again.stderr
            enough.set()
    return safe


def _retrieved(service: Service, sent: list[Sent]) -> dict[str, bytes]:
    """What DICOMweb gives of each, in the syntax that it is stored in if that is one for the web."""
    found: dict[str, bytes] = {}
    with httpx.Client(base_url=service.url, timeout=20) as client:
        for one in sent:
            (row,) = service.rows(_SERIES, one.sop_instance_uid)
            series = f"/dicom-web/studies/{one.study_instance_uid}/series/{row['series_instance_uid']}"
            answer = client.get(f"{series}/instances/{one.sop_instance_uid}", headers=_AS_STORED)
            assert answer.status_code == 200, answer.text
            found[one.sop_instance_uid] = answer.content
    return found


def _check(service: Service, sent: list[Sent], retrieved: dict[str, bytes]) -> None:
    assert _retrieved(service, sent) == retrieved
    for one in sent:
        assert file_of(service.data, one.content_hash).read_bytes() == one.content
    (review,) = service.rows("SELECT reviewer, signed_off, document->>'comment' AS comment FROM review")
    assert review["signed_off"]
    assert review["comment"] == "seen"
