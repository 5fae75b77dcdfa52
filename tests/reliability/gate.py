"""A way to a server of this machine that can be closed and opened again: for a network, or a machine, that is gone."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.reliability.service import free_port


class Gate:
    """Passes connections on while it is open."""

    def __init__(self, target: int) -> None:
        self.port = free_port()
        self._target = target
        self._listening: socket.socket | None = None
        self._open: set[socket.socket] = set()

    def open(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def close(self) -> None:
        """End every connection and refuse new ones."""
        if self._listening:
            self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
        for one in list(self._open):
            _end(one)
        self._listening = None

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                here, _ = listening.accept()
                there = socket.create_connection(("127.0.0.1", self._target))
                self._open |= {here, there}
                for source, sink in ((here, there), (there, here)):
                    threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for one in (source, sink):
            _end(one)
            self._open.discard(one)


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def gate(target: int) -> Iterator[Gate]:
    """Open at first."""
    made = Gate(target)
    made.open()
    try:
        yield made
    finally:
        made.close()
