"""A decoder that dies, hangs, fails or takes too much costs one request, never the one after it."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from model.errors import NotReadable, RefusalCode, Unavailable
from serving.decoders import Decoders
from serving.problems import DecoderFailed

_MiB = 2**20


def echo(data: bytes) -> bytes:
    return data


def die() -> bytes:
    os.kill(os.getpid(), signal.SIGSEGV)
    return b""


def hang() -> bytes:
    time.sleep(600)
    return b""


def swell() -> bytes:
    return bytes(8 * 2**30)


def refuse() -> bytes:
    raise NotReadable(RefusalCode.CORRUPT, "It must be whole.")


def blunder() -> bytes:
    raise KeyError("a patient's name")


@pytest.fixture(scope="module")
def decoders() -> Iterator[Decoders]:
    made = Decoders(count=1, most_memory=512 * _MiB, seconds=5, patience=60)
    yield made
    made.close()


def test_it_answers_with_what_the_function_gives(decoders: Decoders) -> None:
    large = os.urandom(20 * _MiB)
    assert decoders.do(echo, large) == large
    assert decoders.do(echo, b"") == b""


def test_it_is_the_same_process_as_long_as_all_goes_well(decoders: Decoders) -> None:
    first, second = (decoders.do(getpid) for _ in range(2))
    assert first == second != str(os.getpid()).encode()


def test_one_that_died_while_it_had_nothing_to_do_costs_nothing(decoders: Decoders) -> None:
    idle = int(decoders.do(getpid))
    os.kill(idle, signal.SIGKILL)
    os.waitid(os.P_PID, idle, os.WEXITED | os.WNOWAIT)  # until it is gone, with all its threads
    assert int(decoders.do(getpid)) != idle


def environment() -> bytes:
    return "\n".join(os.environ).encode()


def test_it_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HILUM_DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    alone = Decoders(count=1, most_memory=512 * _MiB, patience=60)
    names = alone.do(environment).decode().split("\n")
    alone.close()
    assert "PATH" in names
    assert not [name for name in names if name.startswith(("HILUM_", "AWS_"))]


def getpid() -> bytes:
    return str(os.getpid()).encode()


@pytest.mark.parametrize("function", [die, hang, swell, blunder])
def test_what_goes_wrong_is_said_and_the_next_one_is_served(decoders: Decoders, function) -> None:
    with pytest.raises(DecoderFailed) as raised:
        decoders.do(function)
    assert "patient" not in str(raised.value)
    assert decoders.do(echo, b"next") == b"next"


def test_a_refusal_comes_through(decoders: Decoders) -> None:
    with pytest.raises(NotReadable, match="It must be whole") as raised:
        decoders.do(refuse)
    assert raised.value.code is RefusalCode.CORRUPT


def test_when_all_are_busy_it_is_said() -> None:
    busy = Decoders(count=1, most_memory=512 * _MiB, seconds=10, patience=0.1)

    def wait_for_nothing() -> None:
        with pytest.raises(DecoderFailed):
            busy.do(hang)

    hanging = threading.Thread(target=wait_for_nothing)
    hanging.start()
    while busy._turns._value:  # until it has the only turn
        time.sleep(0.01)
    with pytest.raises(Unavailable, match="busy"):
        busy.do(echo, b"")
    hanging.join()
    busy.close()
