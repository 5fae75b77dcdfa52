"""``POST /api/instances``: the door for files that a person or a script sends.

multipart/form-data    any number of files, each DICOM, PNG, JPEG or a ZIP of them
application/zip        one ZIP
application/dicom, image/png, image/jpeg    one file
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO

import anyio
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from model.errors import Unavailable
from serving.doors.archive import is_archive, open_archive
from serving.doors.spool import Spool, bounded, files_at_once
from serving.doors.taking import Taken, take
from serving.instances import Origin
from serving.problems import Problem, problem_of
from serving.services import Services
from serving.settings import Settings
from serving.store.reception import Receipt

_SINGLE = ("application/dicom", "image/png", "image/jpeg")
_ARCHIVES = ("application/zip", "application/x-zip-compressed")


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


async def take_upload(request: Request, services: Services, origin: Origin) -> list[Sent]:
    """Receive every file of the request.

    Raises:
        Problem: when the request as a whole is refused.
        Unavailable: when nothing can be taken now.
    """
    with ExitStack() as stack:
        stack.enter_context(services.capacity.upload())
        files = await _files(request, services.settings, stack)
        sent = await anyio.to_thread.run_sync(lambda: list(_take_all(files, services, origin)), limiter=files_at_once())
    if not sent:
        raise Problem("malformed", "An upload must hold at least one file; it holds none.")
    return sent


async def _files(request: Request, settings: Settings, stack: ExitStack) -> list[IO[bytes]]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = bounded(request, settings.max_upload_bytes)
    if media_type == "multipart/form-data":
        return await _multipart(request, body, settings.max_upload_files, stack)
    if media_type in _SINGLE + _ARCHIVES:
        return [await _spooled(body, stack)]
    expected = ", ".join(("multipart/form-data", *_ARCHIVES, *_SINGLE))
    raise Problem("unsupported-media", f"Content-Type must be one of {expected}. Send the files as one of these.")


async def _spooled(body: AsyncIterator[bytes], stack: ExitStack) -> IO[bytes]:
    spool = Spool()
    stack.callback(spool.close)
    async for chunk in body:
        await spool.write(chunk)
    return spool.file()


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


def _take_all(files: list[IO[bytes]], services: Services, origin: Origin) -> Iterator[Sent]:
    for part, file in enumerate(files):
        if is_archive(file):
            yield from _take_archive(part, file, services, origin)
        else:
            yield _take_file(part, file, services, origin)


def _take_file(part: int, file: IO[bytes], services: Services, origin: Origin) -> Sent:
    most = services.settings.max_instance_bytes
    file.seek(0)
    data = file.read(most + 1)
    if len(data) > most:
        return Sent(part=part, entry=None, problem=_file_too_large(most))
    return _take(data, services, origin, part=part)


def _take_archive(part: int, file: IO[bytes], services: Services, origin: Origin) -> Iterator[Sent]:
    try:
        for entry, content in open_archive(file, services.settings):
            if isinstance(content, Problem):
                yield Sent(part=part, entry=entry, problem=content)
            else:
                yield _take(content, services, origin, part=part, entry=entry)
    except Problem as problem:
        yield Sent(part=part, entry=None, problem=problem)


def _take(data: bytes, services: Services, origin: Origin, *, part: int, entry: int | None = None) -> Sent:
    try:
        taken: Taken = take(data, services, origin)
    except Unavailable as error:
        return Sent(part=part, entry=entry, problem=problem_of(error))
    problem = _PROBLEMS[taken.receipt]() if taken.receipt in _PROBLEMS else None
    return Sent(part=part, entry=entry, receipt=taken.receipt, sop_instance_uid=taken.sop_instance_uid, problem=problem)


def _file_too_large(most: int) -> Problem:
    return Problem("too-large", f"A file may hold at most {most} bytes. Send the radiograph's own file.", limit=most)


def _conflict() -> Problem:
    return Problem(
        "conflict",
        "The content must be the one first received under this SOP Instance UID (0008,0018); it differs. The first "
        "one stays and is read; this one is kept aside. A changed radiograph needs a UID of its own.",
    )


def _not_stored() -> Problem:
    return Problem("not-stored", "Only CR, DX and Secondary Capture are stored here (HILUM_OTHER_OBJECTS).")


_PROBLEMS = {Receipt.CONFLICT: _conflict, Receipt.NOT_STORED: _not_stored}
