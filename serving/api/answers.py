"""What routes have in common: finding an instance, and answers that a client may have already."""

import hashlib
from collections.abc import Callable

from fastapi import Response

from serving.outcome import Entry
from serving.problems import Problem
from serving.store import readings
from serving.store.store import Store


def found(store: Store, sop_instance_uid: str) -> Entry:
    """The entry of an instance, or 404."""
    entry = readings.find(store, sop_instance_uid)
    if entry is None:
        raise Problem("not-found", "No instance with this SOP Instance UID is kept here.")
    return entry


def said(entry: Entry) -> Entry:
    """The same entry, once something was said of it, or 404."""
    if entry.outcome_id is None:
        raise Problem("not-found", "This instance is not read yet. Ask for its reading first.")
    return entry


def tag(entry: Entry, *parts: object) -> str:
    """An ETag for something that is made of an outcome, which never changes once it is made."""
    text = "\n".join(str(part) for part in (entry.content_hash, entry.outcome_id, *parts))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def tagged(draw: Callable[[], bytes], media_type: str, etag: str, if_none_match: str | None) -> Response:
    """Answer with an ETag, or 304 without drawing when the client has it already."""
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if if_none_match and etag in (part.strip().removeprefix("W/") for part in if_none_match.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(draw(), media_type=media_type, headers=headers)
