"""A destination that is not always well: it answers 503 to some when they come first, and keeps what it was sent."""

import hashlib
import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.serving.hold import Hold
from tests.threaded import threaded


class Webhook:
    """What came, by Idempotency-Key."""

    def __init__(self, seed: object, unwell: float) -> None:
        self._chance = random.Random(f"{seed} webhook")
        self._unwell = unwell
        self._lock = threading.Lock()
        self.port = 0
        #: Key to the SHA-256 of every body that came with it.
        self.bodies: dict[str, set[str]] = {}
        #: Key to the document that was answered 204.
        self.documents: dict[str, dict[str, Any]] = {}
        #: Of the next requests: what holds up their answers, though they are kept.
        self.held: list[Hold] = []

    def take(self, key: str, body: bytes) -> int:
        with self._lock:
            is_first = key not in self.bodies
            self.bodies.setdefault(key, set()).add(hashlib.sha256(body).hexdigest())
            if is_first and self._chance.random() < self._unwell:
                return 503
            self.documents[key] = json.loads(body)
            return 204


@contextmanager
def webhook(seed: object, unwell: float = 0.25) -> Iterator[Webhook]:
    """Listens on a free port of this machine."""
    hook = Webhook(seed, unwell)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = hook.take(self.headers["Idempotency-Key"], body)
            if hook.held:
                hook.held.pop(0).wait()
            self.send_response(status)
            self.send_header("Content-Length", "0")
            with suppress(BrokenPipeError, ConnectionResetError):  # who asked may have been killed
                self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with threaded(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        hook.port = server.server_address[1]
        yield hook
