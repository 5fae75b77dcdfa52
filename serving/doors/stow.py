"""STOW-RS: the door of DICOMweb (PS3.18, 10.5).

Each part is taken as soon as it is whole, while the next ones are still on their way: what is in memory, or on the disk
for the time being, is one instance of a request.
"""

import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

import anyio
from starlette.requests import Request

from model.errors import Unavailable
from serving.doors.multipart_related import spooled_parts
from serving.doors.spool import Spool, bounded, files_at_once
from serving.doors.statuses import Status
from serving.doors.taking import take_identified
from serving.instances import Instance, Origin, identify
from serving.problems import Problem
from serving.services import Services
from serving.store.reception import Receipt
from serving.users.sight import origin_of

log = logging.getLogger("hilum.stow")


#: What C-STORE answers is why an instance is not stored here: Failure Reason (0008,1197).
_FAILURES = {
    Receipt.CONFLICT: Status.DUPLICATE_UID,
    Receipt.NOT_STORED: Status.SOP_CLASS_NOT_SUPPORTED,
}


@dataclass(frozen=True, kw_only=True)
class Stored:
    """One part of a request and what became of it."""

    #: What it is; None where it is no DICOM, or too large to look.
    instance: Instance | None = None
    #: None when it is stored.
    failure: Status | None = None
    #: Whether it is kept here: a result of ours that comes back is not.
    kept: bool = True
    #: Set where the same part may be stored later.
    unavailable: Unavailable | None = None


async def store_instances(
    request: Request, boundary: str | None, services: Services, study_instance_uid: str | None
) -> list[Stored]:
    """Take every part of a multipart request, or the one instance of another.

    Where a study is named, only its instances are stored.

    Raises:
        Problem: malformed, too-large. What came whole before it is stored.
        Unavailable: when every upload's place is taken.
    """
    settings = services.settings
    with services.capacity.upload():
        body = bounded(request, settings.max_upload_bytes)
        most = settings.max_instance_bytes
        parts = spooled_parts(body, boundary, most) if boundary is not None else _whole(body, most)
        stored: list[Stored] = []
        origin = origin_of(request, "stow")
        async with aclosing(parts):
            async for spool in parts:
                if len(stored) == settings.max_upload_files:
                    limit = settings.max_upload_files
                    words = f"A request may store at most {limit} instances. Send them in parts."
                    raise Problem("too-large", words, limit=limit)
                stored.append(
                    await anyio.to_thread.run_sync(
                        _store, spool, services, origin, study_instance_uid, limiter=files_at_once()
                    )
                )
    return stored


async def _whole(body: AsyncIterator[bytes], most: int) -> AsyncGenerator[Spool, None]:
    spool = Spool()
    try:
        async for chunk in body:
            await spool.write(chunk[: most + 1 - spool.size])
        yield spool
    finally:
        spool.close()


def _store(spool: Spool, services: Services, origin: Origin, study_instance_uid: str | None) -> Stored:
    most = services.settings.max_instance_bytes
    if spool.size > most:
        log.warning("an instance of more than %d bytes was not stored", most)
        return Stored(failure=Status.CANNOT_UNDERSTAND)
    data = spool.file().read()
    instance = identify(data, most)
    if not instance.transfer_syntax:
        return Stored(failure=Status.CANNOT_UNDERSTAND)
    if not instance.is_complete or study_instance_uid not in {None, instance.study_instance_uid}:
        return Stored(instance=instance, failure=Status.DOES_NOT_MATCH)
    try:
        taken = take_identified(instance, data, services, origin)
    except Unavailable as error:
        log.warning("not stored now: %s", error)
        return Stored(instance=instance, failure=Status.OUT_OF_RESOURCES, unavailable=error)
    if taken.receipt in _FAILURES:
        return Stored(instance=instance, failure=_FAILURES[taken.receipt])
    return Stored(instance=instance, kept=taken.receipt is not Receipt.OWN_RESULT)
