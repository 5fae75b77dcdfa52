"""What is one document for a completion, whatever the number of its radiographs: bytes, ready to be sent."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from serving.presentations.completion_json import completion_json, uid_of
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


def document(kind: str, completion: Row, outcomes: Sequence[Row], review: Review | None) -> Document:
    """``completion`` is a row of ``store.deliveries.delivery``, ``outcomes`` and ``review`` what it consists of."""
    return Document(uid=uid_of(completion), kind=KINDS[kind], body=_MAKERS[kind](completion, outcomes, review))


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


def _json(completion: Row, outcomes: Sequence[Row], review: Review | None) -> bytes:
    return as_json(completion_json(completion, outcomes, review))


_MAKERS: Mapping[str, Callable[[Row, Sequence[Row], Review | None], bytes]] = {"json": _json}
