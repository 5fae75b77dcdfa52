"""``multipart/related`` (RFC 2387) of parts that are sent one at a time."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: Bytes that are handed on at once.
_PIECE = 2**18

Bytes = bytes | memoryview


@dataclass(frozen=True)
class Part:
    """A part and what it is."""

    content_type: str
    #: Where it can be had alone.
    location: str
    content: Bytes


class Multipart:
    """Its boundary is drawn: no part can hold it but by chance of 1 in 2**128."""

    def __init__(self, media_type: str) -> None:
        self._boundary = secrets.token_hex(16)
        self.content_type = f'multipart/related; type="{media_type}"; boundary={self._boundary}'

    def written(self, parts: Iterable[Part]) -> Iterator[Bytes]:
        """The body, piece by piece; a part is asked for when the one before it is written."""
        for part in parts:
            yield self._head(part)
            yield from pieces(part.content)
            yield b"\r\n"
        yield self._end

    def length(self, parts: Iterable[Part]) -> int:
        """Bytes of the body with these parts."""
        return sum(len(self._head(part)) + len(part.content) + 2 for part in parts) + len(self._end)

    def _head(self, part: Part) -> bytes:
        lines = (
            f"--{self._boundary}",
            f"Content-Type: {part.content_type}",
            f"Content-Length: {len(part.content)}",
            f"Content-Location: {part.location}",
        )
        return "".join(f"{line}\r\n" for line in (*lines, "")).encode()

    @property
    def _end(self) -> bytes:
        return f"--{self._boundary}--\r\n".encode()


def pieces(content: Bytes) -> Iterator[Bytes]:
    """Without copying."""
    view = memoryview(content)
    for at in range(0, len(view), _PIECE):
        yield view[at : at + _PIECE]
