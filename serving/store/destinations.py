"""The destinations that administrators keep beside those of the settings."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from serving.store.audit import Act, Action, note
from serving.store.database import Connection, execute
from serving.store.dead_letters import DeadJob, bury
from serving.store.store import Store
from serving.who import Who


def kept(store: Store) -> list[DictRow]:
    """Name, definition and secret of each."""
    return [row for row in store.database.all("destinations") if row["definition"] is not None]


def removed(store: Store) -> set[str]:
    """The names of those that were removed."""
    return {row["name"] for row in store.database.all("destinations") if row["definition"] is None}


def keep(
    store: Store, name: str, definition: Mapping[str, Any], secret: str | None, *, has_secret: bool, who: Who
) -> bool:
    """Make or change one; whether it is new. Without ``has_secret``, the secret that it had stays."""
    with store.database.transaction() as connection:
        is_new = execute(connection, "destination", name=name).fetchone() is None
        values = {"definition": Jsonb(definition), "secret": secret, "has_secret": has_secret}
        execute(connection, "keep_destination", name=name, **values)
        _note(connection, who, name, "made" if is_new else "changed")
        return is_new


def remove(store: Store, name: str, *, who: Who) -> bool:
    """False when there is none. What waits for it is set aside by ``set_aside``."""
    with store.database.transaction() as connection:
        if execute(connection, "remove_destination", name=name).fetchone() is None:
            return False
        _note(connection, who, name, "removed")
        return True


def set_aside(store: Store, gone: Sequence[str], *, seconds: float = 0.0) -> int:
    """Make dead letters of what has waited for so long for destinations that are gone; how many."""
    with store.database.transaction() as connection:
        orphans = execute(connection, "orphaned_deliveries", gone=list(gone), seconds=seconds).fetchall()
        for job in orphans:
            execute(connection, "bury_job", job_id=job["id"])
            reason = f"There is no destination '{job['destination']}' any more. Name it again and replay this."
            bury(connection, _dead(job, reason), None, ())
        return len(orphans)


def figures(store: Store) -> dict[str, DictRow]:
    """What waits for and is dead of each destination: ``queued`` and ``dead`` by its name."""
    return {row["destination"]: row for row in store.database.all("delivery_figures")}


def _note(connection: Connection, who: Who, name: str, change: str) -> None:
    note(connection, Act(who=who, action=Action.DESTINATION, object=name, details={"change": change}))


def _dead(job: DictRow, reason: str) -> DeadJob:
    return DeadJob(
        job_id=job["id"],
        task="deliver",
        arguments=job["args"],
        priority=job["priority"],
        kind="failed",
        reason=reason,
    )
