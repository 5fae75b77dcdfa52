"""What is one document for a completion, whatever the number of its radiographs: bytes, ready to be sent."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from serving.presentations.completion_json import completion_json, uid_of
from serving.presentations.fhir.bundle import Release, bundle
from serving.presentations.hl7_message import message
from serving.presentations.kinds import KINDS, Kind
from serving.presentations.review import Review

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Document:
    """A completion in one kind; the same each time it is made."""

    #: Of the completion: its Idempotency-Key, and the name of its file.
    uid: str
    kind: Kind
    body: bytes


def document(kind: str, completion: Row, outcomes: Sequence[Row], review: Review | None) -> Document | None:
    """``completion`` is a row of ``store.deliveries.delivery``, ``outcomes`` and ``review`` what it consists of.

    What a later version took the place of is left out of a kind that ``replaces``. None: there is nothing to tell then,
    or nothing that a radiologist would want to be told.
    """
    if KINDS[kind].replaces:
        outcomes = [row for row in outcomes if row["outcome_id"] not in completion["superseded"]]
    body = MAKERS[kind](completion, outcomes, review)
    return Document(uid=uid_of(completion), kind=KINDS[kind], body=body) if body is not None else None


def _json(completion: Row, outcomes: Sequence[Row], review: Review | None) -> bytes:
    return _encoded(completion_json(completion, outcomes, review))


def _fhir(completion: Row, outcomes: Sequence[Row], review: Review | None, *, release: Release) -> bytes | None:
    made = bundle(completion, outcomes, review, release)
    return _encoded(made) if made is not None else None


def _encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


MAKERS: Mapping[str, Callable[[Row, Sequence[Row], Review | None], bytes | None]] = {
    "json": _json,
    "fhir-r4": partial(_fhir, release=Release.R4),
    "fhir-r5": partial(_fhir, release=Release.R5),
    "oru": message,
}
