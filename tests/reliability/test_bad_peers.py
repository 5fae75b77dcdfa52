"""Peers that break off, write nonsense, ask for too much or for nothing, while a good one sends: it is served, and no
trace of the others is left, neither in the store nor in the receiver.

The long form (``HILUM_TEST_LONG=1``): 10,000 associations instead of 300, an object of 2 GB instead of 60 MB.
"""

import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psutil
import pytest

from serving.doors.statuses import Status
from tests.reliability.service import LONG, SEED, Service, running, short_folder, until
from tests.serving.files import dicom
from tests.serving.raw_peer import ABORT, ACCEPT, DATA, RELEASE_REQUEST, pdu, raw_peer, store_request, value
from tests.serving.receiver import send

MANY = 10_000 if LONG else 300
LARGE = 2**31 if LONG else 60 * 2**20
#: Of the service; a large object is larger.
MOST = 20 * 2**20
_PIECE = bytes(120_000)
#: What a process' memory may grow by: Python's arenas and a buffer for each association that it served at a time.
_GROWTH = 48 * 2**20

Misbehave = Callable[[int, random.Random], None]


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with (
        short_folder() as folder,
        running(folder / "data", workers=1, receivers=1, max_instance_bytes=MOST, min_free_bytes=0) as service,
    ):
        assert (
            send(service.dimse_port, dicom("1.2.10.1")) == Status.SUCCESS
        )  # what is loaded at the first one is loaded
        yield service


def breaks_off(port: int, chance: random.Random) -> None:
    """In the middle of a data set: by A-ABORT, by closing, by a reset."""
    with raw_peer(port) as peer:
        assert peer.associate()[0] == ACCEPT
        peer.send(store_request("1.2.11.1"))
        for _ in range(chance.randrange(1, 20)):
            peer.send(pdu(DATA, value(_PIECE, last=False)))
        how = chance.randrange(3)
        if how == 0:
            peer.send(pdu(ABORT, bytes(4)))
        if how == 1:
            peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def writes_nonsense(port: int, chance: random.Random) -> None:
    """Instead of an association request, or after it."""
    with raw_peer(port) as peer, suppress(OSError):
        if chance.random() < 0.5:
            peer.associate()
        peer.send(chance.randbytes(chance.randrange(1, 5000)))
        peer.send(pdu(chance.randrange(256), chance.randbytes(100), claimed=chance.randrange(2**32)))


def claims_wrong_lengths(port: int, chance: random.Random) -> None:
    """Of PDUs and of the values in them."""
    with raw_peer(port) as peer, suppress(OSError):
        assert peer.associate()[0] == ACCEPT
        peer.send(store_request("1.2.11.2"))
        peer.send(pdu(DATA, value(_PIECE[:100], last=False, claimed=chance.choice([0, 1, 101, 2**16, 2**32 - 1]))))
        peer.send(pdu(DATA, b"", claimed=2**32 - 1))
        while peer.receive()[0]:
            pass


def asks_for_nothing(port: int, chance: random.Random) -> None:
    """An association, and its release; or not even that."""
    with raw_peer(port) as peer:
        if chance.random() < 0.1:
            return
        assert peer.associate()[0] == ACCEPT
        peer.send(pdu(RELEASE_REQUEST, bytes(4)))
        peer.receive()


@pytest.mark.parametrize(
    ("misbehave", "times"),
    [(breaks_off, 40), (writes_nonsense, 100), (claims_wrong_lengths, 60), (asks_for_nothing, MANY)],
)
def test_a_bad_peer_leaves_nothing_behind(service: Service, misbehave: Misbehave, times: int) -> None:
    chance = random.Random(SEED)
    with nothing_left(service), good_sender(service, misbehave.__name__):
        for _ in range(times):
            misbehave(service.dimse_port, chance)


def test_what_is_too_large_is_heard_to_its_end_and_not_kept(service: Service) -> None:
    with nothing_left(service), good_sender(service, "large"), raw_peer(service.dimse_port) as peer:
        assert peer.associate()[0] == ACCEPT
        peer.send(store_request("1.2.11.3"))
        left = LARGE
        while left > 0:
            left -= len(_PIECE)
            peer.send(pdu(DATA, value(_PIECE, last=left <= 0)))
        kind, content = peer.receive()
        assert kind == DATA
        assert struct.pack("<HHIH", 0, 0x0900, 2, Status.CANNOT_UNDERSTAND) in content
        assert peer.is_alive()


def test_a_flood_of_connections_that_stay_open(service: Service) -> None:
    """Half of them ask for an association and then for nothing: they get the places there are, the others wait."""
    with nothing_left(service):
        flood = [socket.create_connection(("127.0.0.1", service.dimse_port)) for _ in range(300)]
        try:
            assert send(service.dimse_port, dicom("1.2.11.4")) == Status.SUCCESS
        finally:
            for one in flood:
                one.close()


@contextmanager
def good_sender(service: Service, name: str) -> Iterator[None]:
    """Sends all the while; each of its instances is stored."""
    stop, statuses = threading.Event(), []
    prefix = f"1.2.12.{int.from_bytes(name.encode()[:4], 'big')}"

    def send_each() -> None:
        while not stop.is_set():
            statuses.append(send(service.dimse_port, dicom(f"{prefix}.{len(statuses) + 1}")))

    sending = threading.Thread(target=send_each)
    sending.start()
    try:
        yield
    finally:
        stop.set()
        sending.join()
    assert statuses
    assert set(statuses) == {Status.SUCCESS}
    stored = service.number("SELECT count(*) FROM instance WHERE sop_instance_uid LIKE %s", f"{prefix}.%")
    assert stored == len(statuses)


@contextmanager
def nothing_left(service: Service) -> Iterator[None]:
    """The receiver lives on, with no more files, threads or memory; the store has whole instances only."""
    (receiver,) = service.processes("receiver")
    before = _held(receiver)
    memory = receiver.memory_info().rss
    yield
    assert service.processes("receiver") == [receiver]
    until(lambda: _held(receiver) <= before, 60, f"files and threads as before, {before}", lambda: _held(receiver))
    assert receiver.memory_info().rss - memory < _GROWTH
    assert service.number("SELECT count(*) FROM instance WHERE sop_instance_uid LIKE '1.2.11._'") <= 1  # the flood's
    kept = service.number("SELECT count(*) FROM content")
    assert len([file for file in (service.data / "objects/content").rglob("*") if file.is_file()]) == kept
    assert list((service.data / "objects/incoming").iterdir()) == []


def _held(receiver: psutil.Process) -> int:
    """Files and sockets but those of the database's pool, and threads but its own."""
    return len([one for one in receiver.net_connections() if one.laddr and one.laddr.port]) + receiver.num_threads()
