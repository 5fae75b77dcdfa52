"""``POST /api/instances``: the door for files that a person or a script sends.

multipart/form-data    any number of files, each DICOM, PNG, JPEG or a ZIP of them
application/zip        one ZIP
application/dicom, image/png, image/jpeg    one file
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from model.errors import Unavailable
from serving.doors.archive import is_archive, open_archive
from serving.instances import receive
from serving.problems import Problem, problem_of
from serving.settings import Settings
from serving.store import Receipt, Store

_SINGLE = ("application/dicom", "image/png", "image/jpeg")
_ARCHIVES = ("application/zip", "application/x-zip-compressed")
_SPOOL_BYTES = 2**20


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One file of an upload and what became of it."""

    #: Number of the file in the request, from 0.
    part: int
    #: Number of the file in its ZIP, from 0; None outside a ZIP.
    entry: int | None
    #: None when ``problem`` says why the file was not received.
    receipt: Receipt | None = None
    sop_instance_uid: str | None = None
    problem: Problem | None = None


async def take_upload(request: Request, settings: Settings, store: Store) -> list[Sent]:
    """Receive every file of the request.

    Raises:
        Problem: when the request as a whole is refused.
    """
    with ExitStack() as stack:
        files = await _files(request, settings, stack)
        sent = await run_in_threadpool(lambda: list(_take_all(files, settings, store)))
    if not sent:
        raise Problem("malformed", "An upload must hold at least one file; it holds none.")
    return sent


async def _files(request: Request, settings: Settings, stack: ExitStack) -> list[IO[bytes]]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = _bounded(request, settings.max_upload_bytes)
    if media_type == "multipart/form-data":
        return await _multipart(request, body, settings.max_upload_files, stack)
    if media_type in _SINGLE + _ARCHIVES:
        return [await _spool(body, stack)]
    expected = ", ".join(("multipart/form-data", *_ARCHIVES, *_SINGLE))
    raise Problem("unsupported-media", f"Content-Type must be one of {expected}. Send the files as one of these.")


async def _bounded(request: Request, most: int) -> AsyncIterator[bytes]:
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


async def _spool(body: AsyncIterator[bytes], stack: ExitStack) -> IO[bytes]:
    file: IO[bytes] = SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115 - the stack closes it
    stack.callback(file.close)
    async for chunk in body:
        if len(chunk) + file.tell() > _SPOOL_BYTES:
            await run_in_threadpool(file.write, chunk)
        else:
            file.write(chunk)
    return file


async def _multipart(request: Request, body: AsyncIterator[bytes], most: int, stack: ExitStack) -> list[IO[bytes]]:
    parser = MultiPartParser(request.headers, body, max_files=most, max_fields=most)  # type: ignore[arg-type]
    try:
        form = await parser.parse()
    except MultiPartException as error:
        if error.message.startswith("Too many"):
            raise Problem("too-large", f"An upload may hold at most {most} files. Send fewer.", limit=most) from None
        raise Problem("malformed", "The body must be multipart/form-data as RFC 7578 has it.") from None
    uploads = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
    for upload in uploads:
        stack.callback(upload.file.close)
    return [upload.file for upload in uploads]


def _take_all(files: list[IO[bytes]], settings: Settings, store: Store) -> Iterator[Sent]:
    for part, file in enumerate(files):
        if is_archive(file):
            yield from _take_archive(part, file, settings, store)
        else:
            yield _take_file(part, file, settings, store)


def _take_file(part: int, file: IO[bytes], settings: Settings, store: Store) -> Sent:
    file.seek(0)
    data = file.read(settings.max_instance_bytes + 1)
    if len(data) > settings.max_instance_bytes:
        return Sent(part=part, entry=None, problem=_file_too_large(settings.max_instance_bytes))
    return take(data, settings, store, part=part)


def _take_archive(part: int, file: IO[bytes], settings: Settings, store: Store) -> Iterator[Sent]:
    try:
        for entry, content in open_archive(file, settings):
            if isinstance(content, Problem):
                yield Sent(part=part, entry=entry, problem=content)
            else:
                yield take(content, settings, store, part=part, entry=entry)
    except Problem as problem:
        yield Sent(part=part, entry=None, problem=problem)


def take(data: bytes, settings: Settings, store: Store, *, part: int, entry: int | None = None) -> Sent:
    """Receive one file."""
    instance = receive(data, settings.max_instance_bytes)
    uid = instance.sop_instance_uid
    try:
        receipt = store.receive(instance, data)
    except Unavailable as error:
        return Sent(part=part, entry=entry, sop_instance_uid=uid, problem=problem_of(error))
    problem = _conflict() if receipt is Receipt.CONFLICT else None
    return Sent(part=part, entry=entry, receipt=receipt, sop_instance_uid=uid, problem=problem)


def _file_too_large(most: int) -> Problem:
    return Problem("too-large", f"A file may hold at most {most} bytes. Send the radiograph's own file.", limit=most)


def _conflict() -> Problem:
    return Problem(
        "conflict",
        "The content must be the one first received under this SOP Instance UID (0008,0018); it differs. The first "
        "one stays. A changed radiograph needs a UID of its own.",
    )
