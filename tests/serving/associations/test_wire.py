"""A peer has its time, and what it sends wins it more."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from serving.associations.wire import Gone, TooSlow, Wire


@pytest.fixture
def ends() -> Iterator[tuple[Wire, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Wire(ours), theirs


def test_what_comes_in_pieces_is_given_whole(ends: tuple[Wire, socket.socket]) -> None:
    wire, peer = ends
    wire.within(30)
    peer.sendall(b"abc")
    threading.Timer(0.2, peer.sendall, [b"defgh"]).start()
    assert wire.exactly(5) == b"abcde"
    assert bytes(wire.some(100)) == b"fgh"


def test_the_end_is_told(ends: tuple[Wire, socket.socket]) -> None:
    wire, peer = ends
    wire.within(30)
    peer.sendall(b"abc")
    peer.shutdown(socket.SHUT_RDWR)
    with pytest.raises(Gone):
        wire.exactly(5)


def test_silence_ends_it(ends: tuple[Wire, socket.socket]) -> None:
    ends[0].within(0.1)
    with pytest.raises(TooSlow):
        ends[0].exactly(1)


def test_a_byte_now_and_then_ends_it_too(ends: tuple[Wire, socket.socket]) -> None:
    """10 bytes a second win 0.01 s a second: after little more than the 1 s it had, its time is up."""
    wire, peer = ends
    stop = threading.Event()

    def drip() -> None:
        while not stop.wait(0.1):
            peer.send(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    wire.within(1)
    began = time.monotonic()
    with pytest.raises(TooSlow):
        wire.exactly(10_000)
    stop.set()
    dripping.join()
    assert time.monotonic() - began < 20


def test_a_steady_peer_may_take_longer_than_its_first_time(ends: tuple[Wire, socket.socket]) -> None:
    """4096 bytes every 0.2 s win 4 s each time, of which 1 s is kept: it ends after 1.6 s, as all of it came."""
    wire, peer = ends

    def send() -> None:
        for _ in range(8):
            time.sleep(0.2)
            peer.sendall(bytes(4096))

    sending = threading.Thread(target=send)
    sending.start()
    wire.within(1.5)
    assert len(wire.exactly(8 * 4096)) == 8 * 4096
    sending.join()
