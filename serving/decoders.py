"""Processes that decode for the API, which decodes nothing itself: what a file does to a decoder ends there.

A decoder that dies, hangs or takes too much memory costs the request that it worked for, not the next one: a new one
takes its place. They start when they are first needed.
"""

import contextlib
import json
import logging
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, Pipe

from model.errors import NotReadable, RefusalCode, Unavailable
from serving.decoder_process import DONE, NOT_READABLE
from serving.problems import DecoderFailed

log = logging.getLogger("hilum.decoders")

#: Seconds that one thing may take, and that a request waits for its turn.
_SECONDS, _PATIENCE = 20.0, 20.0


#: All that a decoder learns of its surroundings: not where the database is, and no secrets.
_KNOWN_TO_DECODERS = ("PATH", "HOME", "LANG", "LC_", "LD_LIBRARY_PATH", "MALLOC_", "PYTHON", "TMPDIR", "VIRTUAL_ENV")


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(_KNOWN_TO_DECODERS)}


class _Decoder:
    """One of the processes, and the connection to it."""

    def __init__(self, most_memory: int, modules: str) -> None:
        self._connection, theirs = Pipe()
        module = ["-P", "-m", "serving.decoder_process"]
        command = [sys.executable, *module, str(theirs.fileno()), str(most_memory), modules]
        self._process = subprocess.Popen(  # noqa: S603 - a program of ours
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True, env=_environment()
        )
        theirs.close()

    def ask(self, request: bytes, seconds: float) -> tuple[bytes, bytes]:
        """
        Raises:
            OSError, EOFError: when it died or was not done in time.
        """
        connection: Connection[bytes, bytes] = self._connection
        connection.send_bytes(request)
        if not connection.poll(seconds):
            raise TimeoutError
        return connection.recv_bytes(), connection.recv_bytes()

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        self._connection.close()
        self._process.kill()
        self._process.wait()


class Decoders:
    """At most ``count`` processes. Safe to share between threads."""

    def __init__(
        self,
        *,
        count: int = 0,
        most_memory: int,
        modules: Sequence[str] = (),
        seconds: float = _SECONDS,
        patience: float = _PATIENCE,
    ) -> None:
        self._most_memory, self._modules = most_memory, ",".join(modules)
        self._seconds, self._patience = seconds, patience
        self._turns = threading.Semaphore(count or len(os.sched_getaffinity(0)))
        self._idle: queue.LifoQueue[_Decoder] = queue.LifoQueue()

    def start(self) -> None:
        """Have one at hand, so that the first who asks does not wait for it."""
        self._idle.put(self._new())

    def close(self) -> None:
        """End those that have nothing to do."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().end()

    def do(self, function: Callable[..., bytes], *arguments: object) -> bytes:
        """``function(*arguments)``, of a module's top level, done by one of them.

        Raises:
            NotReadable: as the function raised it.
            DecoderFailed: when it raised something else, died or was not done in time.
            Unavailable: when all are busy.
        """
        request = pickle.dumps((function, arguments), protocol=pickle.HIGHEST_PROTOCOL)
        with self._turn() as decoder:
            try:
                kind, data = decoder.ask(request, self._seconds)
            except (OSError, EOFError) as error:
                late = isinstance(error, TimeoutError)
                log.error("a decoder %s, asked for %s", "hung" if late else "died", function.__name__)
                words = f"The pixel data must decode, but their decoder {'was not done in time' if late else 'died'}."
                raise DecoderFailed(f"{words} Fetch the instance as it is stored.") from None
        if kind == DONE:
            return data
        if kind == NOT_READABLE:
            code, reason = json.loads(data)
            raise NotReadable(RefusalCode(code), reason)
        log.error("a decoder failed, asked for %s: %s", function.__name__, data.decode())
        raise DecoderFailed(f"An error of ours ({data.decode()}). Fetch the instance as it is stored.")

    @contextmanager
    def _turn(self) -> Iterator[_Decoder]:
        """One of them, for as long as nobody else has it; one that failed does not come back."""
        if not self._turns.acquire(timeout=self._patience):
            raise Unavailable("All decoders are busy. Ask again later.")
        try:
            decoder = self._idle_one() or self._new()
            try:
                yield decoder
            except BaseException:
                decoder.end()
                raise
            self._idle.put(decoder)
        finally:
            self._turns.release()

    def _idle_one(self) -> _Decoder | None:
        """One that has nothing to do and did not die of it."""
        with contextlib.suppress(queue.Empty):
            while True:
                decoder = self._idle.get_nowait()
                if decoder.is_alive():
                    return decoder
                decoder.end()
        return None

    def _new(self) -> _Decoder:
        return _Decoder(self._most_memory, self._modules)
