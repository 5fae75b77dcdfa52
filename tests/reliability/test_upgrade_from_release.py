"""What the program of the last release kept, of people, machines and radiographs, the program of now goes on with."""

import io
import itertools
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.reliability.checks import settle
from tests.reliability.radiographs import Sent, radiographs
from tests.reliability.sending import file_of
from tests.reliability.service import HILUM, Service, environment, short_folder

_ROOT = Path(__file__).parents[2]
_HEADING = r"^## [0-9]+\.[0-9]+\.[0-9]+ - "
_PASSWORD = "a long enough sentence"
_BEFORE, _AFTER = 6, 2
_REVIEW = {"verdicts": [], "missed": [], "comment": "seen", "signed_off": True}


def _git(*words: str) -> str:
    """What git says; nothing where it fails."""
    return subprocess.run(["git", "-C", _ROOT, *words], capture_output=True, text=True, check=False).stdout.strip()


def _last_release() -> str:
    """The last version that is tagged before this commit; without tags, the commit that headed the changelog with it.

    Empty where the history is not here.
    """
    if tagged := _git("describe", "--tags", "--abbrev=0", "--match=v[0-9]*"):
        return tagged
    if _git("rev-parse", "--is-shallow-repository") == "true":
        return ""
    return _git("log", "-1", "--format=%H", f"-G{_HEADING}", "--", "CHANGELOG.md")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the last release."""
    version = _last_release()
    if not version:
        pytest.skip("this clone does not reach back to a release: git fetch --unshallow --tags")
    folder = tmp_path_factory.mktemp("release") / version
    packed = subprocess.run(["git", "-C", _ROOT, "archive", version], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(folder, filter="data")
    return folder


def test_the_service_goes_on_with_what_the_last_release_kept(release: Path) -> None:
    before, after = _two_parts()
    its_code = {"PYTHONPATH": str(release)}
    assert _code(its_code) == release / "serving"
    with short_folder() as folder:
        service = Service(folder / "data", demo=False, workers=1, quiet_seconds=1)
        try:
            service.started(its_code)
            _hilum(service, its_code, "users", "add", "reader-7", typed=f"{_PASSWORD}\n")
            key = _hilum(service, its_code, "keys", "add", "pacs", "--scope", "send", "--scope", "read").split()[-1]
            _send(service, key, before)
            settle(service, 120)
            _review(service)
            kept = _seen(service, key), _reviews(service)
            service.stop()

            service.started()
            assert (_seen(service, key), _reviews(service)) == kept
            for one in before:
                assert file_of(service.data, one.content_hash).read_bytes() == one.content
            _send(service, key, [*before, *after])
            settle(service, 120)
            states = {uid: state for uid, (state, _) in _seen(service, key).items()}
            assert states == {one.sop_instance_uid: one.expected for one in [*before, *after]}
            assert _hilum(service, {}, "audit", "verify")
            service.stop()
        finally:
            service.end()


def _two_parts() -> tuple[list[Sent], list[Sent]]:
    sent = list(itertools.islice(radiographs("release"), _BEFORE + _AFTER))
    return sent[:_BEFORE], sent[_BEFORE:]


def _code(more: dict[str, str]) -> Path:
    """Where the programs that are started so come from."""
    asked = [sys.executable, "-P", "-c", "import serving; print(serving.__path__[0])"]
    answer = subprocess.run(asked, env=environment(more), capture_output=True, text=True, check=True)
    return Path(answer.stdout.strip())


def _hilum(service: Service, more: dict[str, str], *words: str, typed: str = "") -> str:
    ours = environment({**more, "HILUM_DATA": str(service.data)})
    done = subprocess.run(
        [HILUM, *words], env=ours, input=typed, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _machine(service: Service, key: str) -> httpx.Client:
    return httpx.Client(base_url=service.url, headers={"Authorization": f"Bearer {key}"}, timeout=30)


@contextmanager
def _signed_in(service: Service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url, timeout=30) as client:
        answer = client.post("/api/session", json={"name": "reader-7", "password": _PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        yield client


def _send(service: Service, key: str, sent: list[Sent]) -> None:
    with _machine(service, key) as client:
        for one in sent:
            answer = client.post("/api/instances", content=one.content, headers={"Content-Type": "application/dicom"})
            assert answer.is_success, answer.text


def _read(service: Service) -> int:
    """The first reading."""
    (first, *_) = service.rows("SELECT outcome_id FROM outcome WHERE state = 'read' ORDER BY outcome_id")
    return int(first["outcome_id"])


def _review(service: Service) -> None:
    """A radiologist signs the first reading off."""
    with _signed_in(service) as reader:
        answer = reader.post(f"/api/readings/{_read(service)}/review", json=_REVIEW)
    assert answer.status_code == 201, answer.text


def _reviews(service: Service) -> object:
    """What the radiologist, who signs in, finds said of the first reading."""
    with _signed_in(service) as reader:
        (review,) = reader.get(f"/api/readings/{_read(service)}/reviews").json()["reviews"]
    assert (review["reviewer"], review["comment"], review["signed_off"]) == ("reader-7", "seen", True)
    return review


def _seen(service: Service, key: str) -> dict[str, tuple[str, object]]:
    """Of each instance: its state, and what is said of it."""
    found: dict[str, tuple[str, object]] = {}
    with _machine(service, key) as client:
        for row in service.rows("SELECT sop_instance_uid FROM instance ORDER BY instance_id"):
            uid = str(row["sop_instance_uid"])
            reading = client.get(f"/api/instances/{uid}/reading").json()
            found[uid] = (reading["state"], reading)
    return found
