"""``hilum send``: files to a service, one at a time, each tried again while the service cannot take it now."""

import ssl
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from model.errors import Misconfigured
from serving.settings import Settings
from serving.walk import walk

#: Times that a file is tried while the service is busy or away, and the longest pause between two.
_TRIES, _LONGEST_PAUSE = 10, 30.0
_CONNECT_SECONDS = 5.0
_BUSY = {429, 503, 507}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one file."""

    path: Path
    #: Of each radiograph in it, as ``POST /api/instances`` answers; empty when none was taken.
    instances: Sequence[dict[str, Any]] = ()
    #: Why it was not taken.
    problem: str | None = None

    @property
    def taken(self) -> bool:
        return self.problem is None and all(one["problem"] is None for one in self.instances)


def send(settings: Settings, paths: Sequence[Path], *, wait: float, first_pause: float = 1.0) -> Iterator[Outcome]:
    """Send files, and those of folders; ``wait`` in seconds for the readings.

    Raises:
        Misconfigured: when the service does not know the key, which no other file would change.
    """
    headers = {"Authorization": f"Bearer {settings.send_key}"} if settings.send_key else {}
    timeout = httpx.Timeout(wait + 60, connect=_CONNECT_SECONDS)
    with httpx.Client(base_url=settings.send_url, headers=headers, timeout=timeout, verify=_trust(settings)) as client:
        for path, _ in walk(paths):
            yield _send(client, path, wait, first_pause)


def _trust(settings: Settings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.send_ca)
    except OSError as error:
        raise Misconfigured(f"HILUM_SEND_CA must be a file in PEM that can be read: {type(error).__name__}.") from None


def _send(client: httpx.Client, path: Path, wait: float, pause: float) -> Outcome:
    problem = ""
    for _ in range(_TRIES):
        try:
            with path.open("rb") as file:
                # Its name stays here: it may name the patient.
                answer = client.post("/api/instances", params={"wait": wait}, files={"files": ("radiograph", file)})
        except OSError as error:
            return Outcome(path=path, problem=f"The file must be readable: {error.strerror}.")
        except httpx.TransportError as error:
            problem, after = f"The service must be reachable, but is not ({type(error).__name__}).", 0.0
        else:
            if answer.status_code not in _BUSY:
                return _outcome(path, answer)
            problem, after = _detail(answer), float(answer.headers.get("Retry-After", 0))
        time.sleep(min(max(after, pause), _LONGEST_PAUSE))
        pause *= 2
    return Outcome(path=path, problem=problem)


def _outcome(path: Path, answer: httpx.Response) -> Outcome:
    if answer.status_code in {401, 403}:
        raise Misconfigured(f"HILUM_SEND_KEY must be a key that may send. {_detail(answer)}")
    try:
        return Outcome(path=path, instances=answer.json()["instances"])
    except (ValueError, KeyError):
        return Outcome(path=path, problem=_detail(answer))


def _detail(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"The service answered {answer.status_code}."
