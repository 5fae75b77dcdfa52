"""Senders that give up on nothing: each radiograph is sent, the very same one, until it is acknowledged."""

import random
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
from pydicom import dcmread
from pynetdicom import AE
from pynetdicom.sop_class import DigitalXRayImageStorageForPresentation

from tests.reliability.radiographs import Sent

#: Answers after which a sender tries again: for now busy, or full.
LATER = {503, 507}
#: C-STORE (PS3.4, table B.2-1): Success, and Refused: Out of Resources.
SUCCESS, OUT_OF_RESOURCES = 0x0000, 0xA700
_DICOM = {"Content-Type": "application/dicom"}
_PAUSE = 0.2

#: Sends once: True when it is acknowledged, False when it is to be sent again. What must not happen is an assertion.
Send = Callable[[Sent], bool]


class Acknowledged:
    """What the service said it has, by SOP Instance UID; what it said wrongly, in words."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.sent: dict[str, Sent] = {}
        self.wrong: list[str] = []

    def note(self, one: Sent) -> None:
        with self._lock:
            self.sent[one.sop_instance_uid] = one

    def __len__(self) -> int:
        with self._lock:
            return len(self.sent)


def by_http(client: httpx.Client, url: str) -> Send:
    """POST /api/instances."""

    def send(one: Sent) -> bool:
        try:
            answer = client.post(f"{url}/api/instances", content=one.content, headers=_DICOM)
        except httpx.TransportError:
            return False
        if answer.status_code in LATER:
            assert answer.headers["Content-Type"] == "application/problem+json", answer.text
            assert int(answer.headers["Retry-After"]) >= 1
            return False
        assert answer.status_code in {200, 202}, answer.text
        told = answer.json()["instances"][0]
        assert told["receipt"] in {"received", "duplicate"}, answer.text
        assert told["sop_instance_uid"] == one.sop_instance_uid
        return True

    return send


def c_store(one: Sent, port: int) -> int | None:
    """The status of one C-STORE; None when there was no association, or it broke off."""
    with tempfile.NamedTemporaryFile(suffix=".dcm") as file:
        file.write(one.content)
        file.flush()
        entity = AE(ae_title="STORM")
        entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = 20
        entity.connection_timeout = 5
        syntax = dcmread(file.name, stop_before_pixels=True).file_meta.TransferSyntaxUID
        entity.add_requested_context(DigitalXRayImageStorageForPresentation, syntax)
        association = entity.associate("127.0.0.1", port)
        if not association.is_established:
            return None
        try:
            status = association.send_c_store(file.name)
        except (RuntimeError, ValueError):  # the association broke off before the request was out
            return None
        finally:
            association.release()
        return int(status.Status) if "Status" in status else None


def by_c_store(port: int) -> Send:
    def send(one: Sent) -> bool:
        status = c_store(one, port)
        assert status in {None, SUCCESS, OUT_OF_RESOURCES}, f"C-STORE status {status:#06x}"
        return status == SUCCESS

    return send


@contextmanager
def streaming(
    senders: list[tuple[str, Send]], source: Iterator[Sent], acknowledged: Acknowledged, seed: object
) -> Iterator[threading.Event]:
    """Every sender in a thread of its own, until the end of the block: then each ends what it began.

    A fifth of what was acknowledged is sent once more. The event, when it is set, ends the stream early.
    """
    enough, hurry = threading.Event(), threading.Event()
    taking = threading.Lock()

    def work(door: str, send: Send, chance: random.Random) -> None:
        while not enough.is_set():
            with taking:
                one = next(source, None)
            if one is None:
                return
            try:
                _insist(send, one, hurry)
                acknowledged.note(one)
                if chance.random() < 0.2:
                    _insist(send, one, hurry)
            except AssertionError as error:
                acknowledged.wrong.append(f"{door}: {error}")
                return

    threads = [
        threading.Thread(target=work, args=(door, send, random.Random(f"{seed} {number}")))
        for number, (door, send) in enumerate(senders)
    ]
    for thread in threads:
        thread.start()
    try:
        yield enough
    except BaseException:
        hurry.set()
        raise
    finally:
        enough.set()
        for thread in threads:
            thread.join(120)
    assert not any(thread.is_alive() for thread in threads), "every sender ends what it began"


def _insist(send: Send, one: Sent, hurry: threading.Event) -> None:
    """Send until it is acknowledged."""
    while not send(one):
        assert not hurry.wait(_PAUSE), "not acknowledged"


def send_all(sent: Sequence[Sent], url: str, acknowledged: Acknowledged) -> None:
    """Send these by HTTP, one after the other, each until it is acknowledged."""
    with httpx.Client(timeout=20) as client:
        for one in sent:
            _insist(by_http(client, url), one, threading.Event())
            acknowledged.note(one)


def file_of(data: Path, content_hash: str) -> Path:
    """Where the data folder keeps the bytes."""
    return data / "objects/content" / content_hash[:2] / content_hash
