"""Where backfills stand, and what they have queued."""

from dataclasses import dataclass

from serving.instances import Priority
from serving.store.database import execute
from serving.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far a backfill is."""

    done: int = 0
    total: int = 0
    #: The last one that is done, in the backfill's own order; empty at the beginning.
    last_name: str = ""


def standing(store: Store, source: str) -> Standing:
    """Where the backfill of this source stands; at the beginning when there was none."""
    row = store.database.one("backfill_state", source=source)
    return Standing(done=row["done"], total=row["total"], last_name=row["last_name"]) if row else Standing()


def note(store: Store, source: str, now: Standing) -> None:
    with store.database.transaction() as connection:
        values = {"done": now.done, "total": now.total, "last_name": now.last_name}
        execute(connection, "note_backfill", source=source, **values)


def waiting(store: Store, bound: int) -> int:
    """How many readings of backfills wait, counted no further than ``bound``."""
    row = store.database.one("backfill_waiting", priority=int(Priority.BACKFILL), bound=bound)
    return row["waiting"] if row else 0


def count_unread(store: Store, reader: str, after: int) -> int:
    """How many instances with a greater id this reader has not read."""
    row = store.database.one("count_unread", reader=reader, after=after)
    return row["unread"] if row else 0


def queue_unread(store: Store, reader: str, after: int, limit: int) -> list[int]:
    """Queue the next of them; their ids."""
    rows = store.database.all("queue_unread", reader=reader, after=after, limit=limit)
    return [row["instance_id"] for row in rows]
