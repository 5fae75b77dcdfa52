"""multipart/related (RFC 2387, RFC 2046): its parts, one after the other, as they come."""

import re
from collections.abc import AsyncGenerator, AsyncIterator

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser

from serving.doors.spool import Spool
from serving.problems import Problem

#: What stands before the first part is passed over (RFC 2046, 5.1.1), up to so many bytes.
_LONGEST_PREAMBLE = 65536


async def spooled_parts(body: AsyncIterator[bytes], boundary: str, most: int) -> AsyncGenerator[Spool, None]:
    """Each part once it is whole, as (at most ``most`` + 1 bytes of) its content: closed when the next is asked for.

    Raises:
        Problem: malformed, when there is no part, or the body ends before its last boundary.
    """
    splitter = _Splitter(boundary)
    spool: Spool | None = None
    try:
        async for chunk in body:
            for content in splitter.feed(chunk):
                spool = spool or Spool()
                if content is not None:
                    await spool.write(content[: most + 1 - spool.size])
                    continue
                yield spool
                spool.close()
                spool = None
    finally:
        if spool is not None:
            spool.close()
    if not splitter.ended:
        raise _malformed("its last boundary must stand at its end, but is missing: it came cut short")


class _Splitter:
    """Chunks in, contents of parts out: bytes, and None where a part ends."""

    def __init__(self, boundary: str) -> None:
        self.ended = False
        encoded = boundary.encode("latin-1", "replace")
        self._first = re.compile(rb"(?:\A|\r\n)(--" + re.escape(encoded) + rb"(?:--|[ \t]{0,80}\r\n))")
        #: What a piece of the first boundary may have been, at most.
        self._longest = len(encoded) + 88
        #: None once the first part began.
        self._preamble: bytearray | None = bytearray()
        self._found: list[bytes | None] = []
        try:
            self._parser = MultipartParser(
                encoded,
                {
                    "on_part_data": lambda data, start, end: self._found.append(data[start:end]),
                    "on_part_end": lambda: self._found.append(None),
                    "on_end": self._end,
                },
            )
        except FormParserError:
            raise _malformed("the boundary in Content-Type must be at most 256 bytes long") from None

    def feed(self, chunk: bytes) -> list[bytes | None]:
        try:
            self._parser.write(chunk if self._preamble is None else self._behind_preamble(chunk))
        except FormParserError:
            raise _malformed("boundaries and part headers must stand on lines of their own") from None
        found, self._found = self._found, []
        return found

    def _behind_preamble(self, chunk: bytes) -> bytes:
        """What came, once the first boundary did."""
        came = self._preamble
        assert came is not None
        looked_at = max(0, len(came) - self._longest)
        came += chunk
        first = self._first.search(came, looked_at)
        if first is None:
            if len(came) > _LONGEST_PREAMBLE:
                raise _malformed("a part must begin with the boundary that Content-Type names")
            return b""
        self._preamble = None
        return bytes(came[first.start(1) :])

    def _end(self) -> None:
        self.ended = True


def _malformed(why: str) -> Problem:
    return Problem("malformed", f"The body must be multipart/related as RFC 2387 has it; {why}.")
