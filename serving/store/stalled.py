"""Jobs whose worker died: given to the living, and the third time left alone."""

from collections.abc import Callable, Sequence

from psycopg.rows import DictRow

from serving.store.database import Connection, execute
from serving.store.dead_letters import DeadJob, bury
from serving.store.readings import Record
from serving.store.store import Store

#: Seconds without a sign of life after which a worker counts as dead.
SILENT = 10.0
#: A job that killed its worker so many times is poison.
MOST_KILLS = 3
POISON = f"It ended the worker that did it {MOST_KILLS} times, so it is not tried again by itself."

#: What is to be said of the instance of a job that is given up; None when the job is about no instance.
Epitaph = Callable[[DeadJob], Record | None]


def rescue(store: Store, epitaph: Epitaph, urgent: Sequence[str], *, silent_seconds: float) -> tuple[int, int]:
    """Queue again what dead workers left, or give it up as poison; how many jobs were queued again and given up."""
    with store.database.transaction() as connection:
        stalled = execute(connection, "stalled_jobs", seconds=silent_seconds).fetchall()
        for job in stalled:
            execute(connection, "note_kill", job_id=job["id"])
        poison = [job for job in stalled if job["kills"] + 1 >= MOST_KILLS]
        for job in stalled:
            if job in poison:
                _bury(connection, job, epitaph, urgent)
            else:
                execute(connection, "retry_suspect", job_id=job["id"], task=job["task_name"])
        execute(connection, "dead_workers", seconds=silent_seconds)
        return len(stalled) - len(poison), len(poison)


def living_workers(store: Store) -> int:
    """How many processes work, going by the signs of life that they gave lately.

    Raises:
        Unavailable: when the database cannot be asked.
    """
    row = store.database.one("living_workers", seconds=SILENT)
    return row["living"] if row else 0


def note_process(store: Store, process: str, workers: Sequence[int]) -> None:
    """Which of procrastinate's workers, one for each queue, are in a process of ours.

    Raises:
        Unavailable: when the database does not take it.
    """
    with store.database.transaction() as connection:
        execute(connection, "note_process", process=process, workers=list(workers))


def release(store: Store, workers: Sequence[int]) -> int:
    """Queue again what these workers of ours held when they lost the database: no job of theirs killed anything."""
    with store.database.transaction() as connection:
        held = execute(connection, "held_jobs", workers=list(workers)).fetchall()
        for job in held:
            execute(connection, "retry_job", job_id=job["id"])
        execute(connection, "forget_workers", workers=list(workers))
        return len(held)


def _bury(connection: Connection, job: DictRow, epitaph: Epitaph, urgent: Sequence[str]) -> None:
    execute(connection, "bury_job", job_id=job["id"])
    dead = DeadJob(
        job_id=job["id"],
        task=job["task_name"],
        arguments=job["args"],
        priority=job["priority"],
        kind="poison",
        reason=POISON,
    )
    bury(connection, dead, epitaph(dead), urgent)
