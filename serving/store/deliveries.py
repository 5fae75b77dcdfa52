"""Deliveries: what is to be sent, and how the sending ended."""

from collections.abc import Sequence

from psycopg.rows import DictRow

from serving.store.audit import who_json
from serving.store.database import execute
from serving.store.store import Store
from serving.who import service


def delivery(store: Store, delivery_id: int) -> DictRow | None:
    """A delivery with its completion and study; None when it was pruned."""
    return store.database.one("delivery_to_send", delivery_id=delivery_id)


def outcomes(store: Store, outcome_ids: list[int]) -> list[DictRow]:
    """What a completion consists of."""
    return store.database.all("outcomes", outcome_ids=outcome_ids)


def told_of_studies(store: Store, study_instance_uids: list[str]) -> list[DictRow]:
    """What was said last of each instance of these studies, one row for each version: the reading, then its reviews."""
    return store.database.all("told_of_studies", studies=study_instance_uids, sites=store.sites)


def told_counts(store: Store, study_ids: list[int], unanswered: Sequence[str]) -> dict[int, int]:
    """How many rows ``told_of_studies`` has of each of these studies, without refusals of the codes ``unanswered``."""
    rows = store.database.all("told_counts", studies=study_ids, unanswered=list(unanswered))
    return {row["study_id"]: row["told"] for row in rows}


def heatmaps(store: Store, outcome_id: int) -> bytes | None:
    """The heatmaps of an outcome: float32 (findings, rows, columns), as its ``heatmap_shape`` says."""
    row = store.database.one("heatmaps", outcome_id=outcome_id)
    return row["heatmaps"] if row else None


def note_attempt(store: Store, delivery_id: int, *, state: str, reason: str | None = None) -> None:
    """How an attempt ended: "delivered", "dead", or "queued" for the next one."""
    with store.database.transaction() as connection:
        who = who_json(service("worker"))
        execute(connection, "note_delivery", delivery_id=delivery_id, state=state, reason=reason, who=who)
