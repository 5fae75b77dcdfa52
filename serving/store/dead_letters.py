"""Jobs that are not tried again until a person says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from serving.store.audit import Act, Action, note, who_json
from serving.store.database import Connection, execute
from serving.store.readings import Record, keep
from serving.store.store import Store
from serving.who import Who, service


@dataclass(frozen=True, kw_only=True)
class DeadJob:
    """A job that ends for good, and why."""

    job_id: int | None
    #: "read", "render" or "deliver".
    task: str
    arguments: Mapping[str, Any]
    priority: int
    #: "poison": it killed its worker again and again; "failed": it went on failing.
    kind: str
    reason: str


def give_up(store: Store, job: DeadJob, said: Record | None, urgent: Sequence[str]) -> None:
    """Note a dead job, and what is to be said of its instance, in one transaction."""
    with store.database.transaction() as connection:
        bury(connection, job, said, urgent)


def bury(connection: Connection, job: DeadJob, said: Record | None, urgent: Sequence[str]) -> None:
    """As ``give_up``, in the caller's transaction."""
    execute(
        connection,
        "add_dead_letter",
        job_id=job.job_id,
        task=job.task,
        arguments=Jsonb(job.arguments),
        priority=job.priority,
        kind=job.kind,
        reason=job.reason,
    )
    if job.task == "deliver":
        ended = {"state": "dead", "reason": job.reason, "who": who_json(service("worker"))}
        execute(connection, "note_delivery", delivery_id=job.arguments["delivery_id"], **ended)
    if said is not None:
        keep(connection, said, urgent)


def listed(store: Store, *, limit: int, before: int | None) -> list[DictRow]:
    """What is dead, the newest first; ``before`` is the id of the last one on the page before."""
    return store.database.all("dead_letters", limit=limit, before=before)


def replay(store: Store, dead_letter_id: int, *, who: Who, urgent: Sequence[str]) -> bool:
    """Queue a dead job again; False when there is no such dead job (any more)."""
    with store.database.transaction() as connection:
        row = execute(connection, "replay_dead_letter", dead_letter_id=dead_letter_id).fetchone()
        if row is None:
            return False
        if row["study_id"] is not None:
            execute(connection, "count_study", study_id=row["study_id"], urgent=list(urgent))
        note(connection, Act(who=who, action=Action.REPLAY, object=str(dead_letter_id), details={"task": row["task"]}))
        return True
