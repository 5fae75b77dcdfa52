"""The body of a request as it comes: bounded, in memory while it is small, on the disk once it is large."""

from collections.abc import AsyncIterator
from functools import cache
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from serving.problems import Problem

#: What comes goes to a temporary file once it is larger; most radiographs are smaller.
_IN_MEMORY_BYTES = 32 * 2**20
_FILES_AT_ONCE = 8


@cache
def files_at_once() -> anyio.CapacityLimiter:
    """Files of requests that are whole in memory at the same time."""
    return anyio.CapacityLimiter(_FILES_AT_ONCE)


async def bounded(request: Request, most: int) -> AsyncIterator[bytes]:
    """The body's chunks, counted as they come: what is too large is refused before it is stored."""
    too_large = Problem("too-large", f"An upload may hold at most {most} bytes. Send it in parts.", limit=most)
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > most:
        raise too_large
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > most:
            raise too_large
        yield chunk


class Spool:
    """One file as it comes. To be closed."""

    def __init__(self) -> None:
        self.size = 0
        self._chunks: list[bytes] = []
        self._file: IO[bytes] | None = None

    async def write(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self._file is not None:
            await run_in_threadpool(self._file.write, chunk)
            return
        self._chunks.append(chunk)
        if self.size > _IN_MEMORY_BYTES:
            self._file = TemporaryFile()  # noqa: SIM115 - closed by ``close``
            await run_in_threadpool(self._file.writelines, self._chunks)
            self._chunks.clear()

    def file(self) -> IO[bytes]:
        """All that came, at its beginning; one in memory is not copied again when all of it is read at once."""
        if self._file is None:
            return BytesIO(b"".join(self._chunks))
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        self._chunks.clear()
        if self._file is not None:
            self._file.close()
