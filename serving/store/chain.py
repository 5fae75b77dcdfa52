"""The chain of the audit trail: each row carries the hash of the row before it, so that none is changed, left out or
put in without a trace (docs/decisions/0011).

What is cut off at its end leaves a chain that is whole. Against that, the newest position and hash are told to the log
and to an anchor in the object store, where the database's user has no hand in it; the metrics tell the position.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Self

from psycopg.types.json import Jsonb

from serving.store.database import execute, only
from serving.store.objects import ANCHOR_NAME
from serving.store.store import Store

#: What stands for the hash of the row before the first.
GENESIS = "0" * 64
_AT_ONCE = 1000
#: What a hash covers, in this order: the position and the hash before it, then what the entry says.
_COVERED = (
    "position",
    "previous",
    "entry_id",
    "at",
    "actor_kind",
    "actor",
    "address",
    "action",
    "success",
    "study_instance_uid",
    "sop_instance_uid",
    "object",
    "details",
)


@dataclass(frozen=True, kw_only=True)
class Head:
    """Where the chain ends."""

    position: int = 0
    hash: str = GENESIS

    @classmethod
    def of(cls, row: Mapping[str, Any] | None) -> Self:
        return cls(position=row["position"], hash=row["hash"]) if row else cls()


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a look at the whole chain found."""

    head: Head
    #: What is wrong first; None when it is whole.
    fault: str | None = None


def hash_of(row: Mapping[str, Any]) -> str:
    """SHA-256, hexadecimal, of a row: of a JSON array of what is covered, without spaces, keys sorted, in UTF-8."""
    values = [_plain(row[name]) for name in _COVERED]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if hasattr(value, "astimezone") else value


def chain(store: Store) -> int:
    """Move entries that were committed into the chain; how many. 0 while somebody else does."""
    with store.database.transaction() as connection:
        if not only(execute(connection, "hold_chain"))["held"]:
            return 0
        head = Head.of(execute(connection, "chain_head").fetchone())
        entries = execute(connection, "inbox", limit=_AT_ONCE).fetchall()
        links = []
        for entry in entries:
            link = {"entry_id": entry["entry_id"], "position": head.position + 1, "previous": head.hash}
            head = Head(position=head.position + 1, hash=hash_of({**entry, **link}))
            links.append({**link, "hash": head.hash})
        if links:
            execute(connection, "chain_entries", links=Jsonb(links))
            execute(connection, "empty_inbox", entries=[link["entry_id"] for link in links])
        return len(links)


def chain_all(store: Store) -> None:
    """Chain what there is now."""
    while chain(store) == _AT_ONCE:
        pass


def head_of(store: Store) -> Head:
    """Where the chain ends now."""
    return Head.of(store.database.one("chain_head"))


def rows(store: Store, *, after: int = 0) -> Iterator[dict[str, Any]]:
    """The rows of the chain, the oldest first, from after a position."""
    while found := store.database.all("chain_rows", after=after, limit=_AT_ONCE):
        yield from found
        after = found[-1]["position"]


def verify(store: Store) -> Verdict:
    """Look at every row, and whether what was told of the chain before is still part of it."""
    return walk(rows(store), Head(), anchor(store))


def walk(of: Iterable[Mapping[str, Any]], before: Head | None, told: Head | None = None) -> Verdict:
    """Look at rows that come after ``before`` (None: after what the first of them names), and for what was ``told``."""
    head, fault, met = before, None, told is None or told.position == 0
    for row in of:
        head = head or Head(position=row["position"] - 1, hash=row["previous"])
        fault = fault or _fault(row, head)
        head = Head.of(row)
        met = met or head == told
    if fault is None and told is not None and not met:
        fault = f"The row at position {told.position} must have the hash {told.hash}, as was said before."
    return Verdict(head=head or Head(), fault=fault)


def _fault(row: Mapping[str, Any], before: Head) -> str | None:
    position = row["position"]
    if position != before.position + 1:
        return f"After position {before.position} must come {before.position + 1}, not {position}: rows are missing."
    if row["previous"] != before.hash:
        return f"The row at position {position} must carry the hash of the one before, but does not."
    return None if hash_of(row) == row["hash"] else f"The row at position {position} was changed after it was written."


def anchor(store: Store) -> Head:
    """What was told of the chain last; position 0 when nothing was."""
    found = store.objects.get(ANCHOR_NAME)
    return Head(**json.loads(found)) if found else Head()


def tell(store: Store) -> Head | None:
    """Tell the anchor where the chain ends now; None when it says so already.

    Raises:
        Broken: when the chain does not hold what the anchor says; the anchor stays.
    """
    before, head = anchor(store), head_of(store)
    if before == head:
        return None
    row = store.database.one("chain_row", position=before.position) if before.position else None
    if before.position and (row is None or row["hash"] != before.hash):
        raise Broken(f"The audit trail must have the hash {before.hash} at position {before.position}, but has not.")
    set_anchor(store, head)
    return head


def set_anchor(store: Store, head: Head) -> None:
    """Say what the chain's end is, whatever was said before: for a chain that was restored."""
    store.objects.put(ANCHOR_NAME, json.dumps({"position": head.position, "hash": head.hash}).encode())


class Broken(Exception):
    """The audit trail is not what it was."""
