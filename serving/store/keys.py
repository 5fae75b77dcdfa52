"""Keys of machines. What changes one leaves a line in the audit trail, in the same transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.rows import DictRow

from serving.store.audit import Act, Action, note
from serving.store.database import Connection, execute
from serving.store.store import Store
from serving.who import Who


def by_prefix(store: Store, prefix: str) -> DictRow | None:
    """One that is valid now."""
    return store.database.one("key_by_prefix", prefix=prefix)


def note_use(store: Store, key: DictRow) -> None:
    if key["used_long_ago"]:
        store.database.one("note_key", key_id=key["key_id"])


def listed(store: Store) -> list[DictRow]:
    return store.database.all("keys")


def add(
    store: Store,
    *,
    name: str,
    prefix: str,
    secret_hash: bytes,
    scopes: Sequence[str],
    sites: Sequence[str],
    days: int | None,
    who: Who,
) -> DictRow | None:
    """None when the name is taken; ``days`` that it is valid, None: for ever."""
    with store.database.transaction() as connection:
        lists = {"scopes": list(scopes), "sites": list(sites)}
        values = {"name": name, "prefix": prefix, "secret_hash": secret_hash, "days": days, "made_by": who.name}
        row = execute(connection, "add_key", **values, **lists).fetchone()
        if row is not None:
            _note(connection, who, name, {"change": "made", **lists})
        return row


def revoke(store: Store, key_id: int, *, who: Who) -> bool:
    """False when there is none."""
    with store.database.transaction() as connection:
        row = execute(connection, "revoke_key", key_id=key_id).fetchone()
        if row is not None:
            _note(connection, who, row["name"], {"change": "revoked"})
        return row is not None


def rotate(store: Store, key_id: int, secret_hash: bytes, *, hours: int, who: Who) -> DictRow | None:
    """Give it another secret; the one before stays valid for ``hours``. None when there is no such key."""
    with store.database.transaction() as connection:
        row = execute(connection, "rotate_key", key_id=key_id, secret_hash=secret_hash, hours=hours).fetchone()
        if row is not None:
            _note(connection, who, row["name"], {"change": "rotated", "hours": hours})
        return row


def _note(connection: Connection, who: Who, name: str, details: Mapping[str, Any]) -> None:
    note(connection, Act(who=who, action=Action.ACCOUNTS, object=f"key {name}", details=details))
