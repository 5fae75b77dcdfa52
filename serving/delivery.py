"""Sending a completed study to a destination. Sent twice, it is the same file, Idempotency-Key or SOP Instance UID."""

import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx

from model.errors import Unavailable
from model.limits import Limits
from serving import storage_scu
from serving.destinations import Destination, Peer, Rejected
from serving.dicom_results import results
from serving.presentations.documents import Document, document
from serving.settings import Settings
from serving.store import deliveries
from serving.store.objects import sync
from serving.store.store import Store

_TIMEOUT = httpx.Timeout(20, connect=5)
#: Answers that time may cure (RFC 9110, RFC 6585); other 4xx are final.
_LATER = {408, 409, 423, 425, 429}


def deliver(store: Store, destination: Destination, delivery_id: int, settings: Settings) -> None:
    """Send one delivery, if it is still to be sent, and note that it arrived.

    Raises:
        Unavailable: when the destination or the database is not there.
        Rejected: when the destination says that it will not take it.
    """
    row = deliveries.delivery(store, delivery_id)
    if row is None or row["delivery_state"] != "queued":
        return
    outcomes = deliveries.outcomes(store, row["outcome_ids"])
    if destination.peer is not None:
        _store(store, destination.peer, outcomes, settings)
    else:
        _send(destination, document("json", row, outcomes), settings.webhook_secret)
    deliveries.note_attempt(store, delivery_id, state="delivered")


def _store(store: Store, peer: Peer, outcomes: Sequence[Mapping[str, Any]], settings: Settings) -> None:
    """Nobody is bothered by an association for nothing."""
    made = results(store, outcomes, peer.kinds, Limits(max_bytes=settings.max_instance_bytes))
    first = next(made, None)
    if first is not None:
        storage_scu.store(peer, settings.ae_title, chain([first], made))


def _send(destination: Destination, made: Document, secret: str | None) -> None:
    if destination.url.startswith("file:"):
        _write(Path(unquote(urlsplit(destination.url).path)), made)
    else:
        _post(destination.url, made, secret)


def _write(folder: Path, made: Document) -> None:
    """Whole or not at all, under a name that is the same each time."""
    target = folder / f"{made.uid}{made.kind.suffix}"
    partial = target.with_suffix(".partial")  # the same each time, so that a kill leaves none behind
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            file.write(made.body)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
        sync(folder)
    except OSError as error:
        raise Unavailable(f"The destination's folder must be writable, but is not: {error.strerror}.") from error


def _post(url: str, made: Document, secret: str | None) -> None:
    headers = {"Content-Type": made.kind.media_type, "Idempotency-Key": made.uid}
    if secret is not None:
        headers["X-Hilum-Signature"] = "sha256=" + hmac.new(secret.encode(), made.body, hashlib.sha256).hexdigest()
    try:
        answer = httpx.post(url, content=made.body, headers=headers, timeout=_TIMEOUT)
    except httpx.HTTPError as error:
        raise Unavailable(f"The destination must be reachable, but is not ({type(error).__name__}).") from error
    if answer.is_success:
        return
    words = f"The destination must answer 2xx, not {answer.status_code}."
    if answer.is_client_error and answer.status_code not in _LATER:
        raise Rejected(words)
    raise Unavailable(words)
