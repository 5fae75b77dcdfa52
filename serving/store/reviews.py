"""What radiologists said of readings: appended, never changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from serving.store.audit import Act, Action, note
from serving.store.database import execute, only
from serving.store.store import Store
from serving.who import Who


def add(
    store: Store,
    outcome_id: int,
    *,
    reviewer: str,
    document: Mapping[str, Any],
    signed_off: bool,
    idempotency_key: str | None,
    urgent: Sequence[str],
    who: Who,
) -> tuple[DictRow, bool] | None:
    """The review and whether it is new; None when there is no such reading. The same key again is the same review."""
    with store.database.transaction() as connection:
        outcome = execute(
            connection, "outcome", outcome_id=outcome_id, sites=store.sites
        ).fetchone()  # holds the study's row
        if outcome is None:
            return None
        if idempotency_key is not None:
            known = execute(connection, "review_by_key", outcome_id=outcome_id, key=idempotency_key).fetchone()
            if known:
                return known, False
        review = only(
            execute(
                connection,
                "add_review",
                outcome_id=outcome_id,
                reviewer=reviewer,
                document=Jsonb(document),
                signed_off=signed_off,
                key=idempotency_key,
            )
        )
        act = Act(
            who=who,
            action=Action.SIGN_OFF if signed_off else Action.REVIEW,
            object=str(outcome_id),
            details={"number": review["number"], "reviewer": reviewer},
            study_instance_uid=outcome["study_instance_uid"],
            sop_instance_uid=outcome["sop_instance_uid"],
        )
        note(connection, act)
        execute(connection, "count_study", study_id=outcome["study_id"], urgent=list(urgent))
        where = {name: outcome[name] for name in ("study_instance_uid", "sop_instance_uid")}
        execute(connection, "tell_progress", state="reviewed", **where)
        return review, True


def signed_off(store: Store, since: datetime | None, roles: Sequence[str]) -> list[DictRow]:
    """Of each instance the newest review of all its readings, if that is signed off; with reading and role."""
    return store.database.all("signed_off_reviews", since=since, roles=list(roles) or None)


def of(store: Store, outcome_id: int) -> list[DictRow]:
    """All reviews of a reading, the newest first."""
    return store.database.all("reviews", outcome_id=outcome_id, sites=store.sites)
