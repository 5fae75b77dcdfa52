"""One HTTP connection, from a client that may be slow, silent or endless.

uvicorn takes a request's head at any length and waits for it, and for a body, for ever: a few clients that send a byte
a minute would hold every upload's place, one that never ends its headers the memory. Here what is sent has a time,
which each byte lengthens, and all that is not body a size.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: A request has so long, and each byte of it wins it this part of a second, as an association's messages do.
MOST_SECONDS, LEAST_BYTES_A_SECOND = 30.0, 1024
#: Of request line, headers and trailers together; and what the framing of chunks may take for each byte of body.
MOST_HEAD_BYTES, _MOST_FRAMING = 64 * 1024, 8
#: Seconds between looks at the clock.
_TICK = 1.0
#: How uvicorn is set, here and in tests. Open files of a process are 1,024 on many systems.
SERVED: dict[str, Any] = {
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "ws": "none",
    "backlog": 2048,
    "limit_concurrency": 900,
}


class Connection(HttpToolsProtocol):
    """uvicorn's own, whose patience ends."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        #: A request is on its way; it had so many seconds, not counting those in which we did not listen.
        self._coming = True
        self._seconds = 0.0
        #: Bytes of this request: all, and of its body.
        self._received = self._body = 0
        #: Seconds for which the client took nothing of what we send, and how much of that waits.
        self._untaken, self._waits = 0.0, 0
        self._look: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._look = self.loop.call_later(_TICK, self._tick)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._look:
            self._look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)
        if self._received - _MOST_FRAMING * self._body > MOST_HEAD_BYTES + len(data):
            self._refuse(b"431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        self._coming, self._seconds, self._received, self._body = True, 0.0, 0, 0
        super().on_message_begin()

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._coming, self._received, self._body = False, 0, 0
        super().on_message_complete()

    def _tick(self) -> None:
        if self._coming and not self.flow.read_paused:
            self._seconds += _TICK
        waits = self.transport.get_write_buffer_size()
        self._untaken = self._untaken + _TICK if waits and waits == self._waits else 0.0
        self._waits = waits
        if self._seconds > MOST_SECONDS + self._received / LEAST_BYTES_A_SECOND and self._coming:
            self._refuse(b"408 Request Timeout")
        elif self._untaken > MOST_SECONDS:
            self.transport.abort()
        else:
            self._look = self.loop.call_later(_TICK, self._tick)

    def _refuse(self, status: bytes) -> None:
        """Hang up; with a status where no answer is under way."""
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        self.transport.close()
