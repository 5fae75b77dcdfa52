"""The door to the audit trail: who did what, to which study, when, from where, and whether it went well.

An entry is written in the transaction of what it tells of. It is chained to the others a moment later: see ``chain``.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from serving.store.database import Connection, execute
from serving.store.store import Store
from serving.who import Who

Row = Mapping[str, Any]


class Action(StrEnum):
    """What is noted. ``serving/audit/events.py`` says which audit message of DICOM each one is."""

    #: An instance came and is kept; or it differs from what has its UID; or its study's UID belongs to two patients.
    RECEIVED, CONFLICT, SHARED_UID = "received", "conflict", "shared-uid"
    #: Somebody looked at a study, fetched its files, or searched.
    SAW, RETRIEVED, SEARCHED = "saw", "retrieved", "searched"
    REVIEW, SIGN_OFF = "review", "sign-off"
    #: A delivery arrived, or was given up.
    DELIVERED = "delivered"
    #: A dead letter was queued again; a destination or another setting was changed.
    REPLAY, DESTINATION, CONFIGURED = "replay", "destination", "configured"
    SIGNED_IN, SIGNED_OUT = "signed-in", "signed-out"
    #: Somebody asked for what they may not have, or a peer whom we do not know wanted to talk.
    REFUSED = "refused"
    #: An account, a key, a role: made, changed, removed.
    ACCOUNTS = "accounts"
    PRUNE = "prune"
    STARTED, STOPPED = "started", "stopped"
    #: Reviews were written out, de-identified, as a training set.
    REVIEWS_EXPORTED = "reviews-exported"
    #: The trail itself was given out; everything was backed up or restored.
    AUDIT_EXPORTED, BACKED_UP, RESTORED = "audit-exported", "backed-up", "restored"


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing that somebody did. Nothing in it may be a patient's: studies and instances are named by UIDs."""

    who: Who
    action: Action
    success: bool = True
    study_instance_uid: str = ""
    sop_instance_uid: str = ""
    #: What else it was done to: an id, a destination, an account.
    object: str = ""
    details: Mapping[str, str | int | bool | list[str]] | None = None


def note(connection: Connection, act: Act) -> None:
    """Add an entry to the trail in the caller's transaction: both are kept, or neither."""
    execute(
        connection,
        "note",
        who=who_json(act.who),
        action=str(act.action),
        success=act.success,
        study_instance_uid=_clean(act.study_instance_uid),
        sop_instance_uid=_clean(act.sop_instance_uid),
        object=_clean(act.object),
        details=Jsonb(dict(act.details or {})),
    )


def note_alone(store: Store, act: Act) -> None:
    """Add an entry in a transaction of its own.

    Raises:
        Unavailable: when the database does not take it; then what it tells of must not happen.
    """
    with store.database.transaction() as connection:
        note(connection, act)


def page(
    store: Store,
    *,
    before: int | None,
    limit: int,
    since: datetime | None = None,
    until: datetime | None = None,
    action: str | None = None,
    actor: str | None = None,
    success: bool | None = None,
    study: str | None = None,
) -> list[DictRow]:
    """Rows of the chain for which every given condition holds, the newest first, below a position."""
    conditions = {"since": since, "until": until, "action": action, "actor": actor, "success": success, "study": study}
    return store.database.all("audit_page", before=before, limit=limit, **conditions)


def forward(store: Store, send: Callable[[list[Row]], None], *, limit: int) -> int:
    """Hand the next rows of the chain to ``send``, and note that they went; how many. 0 while somebody else does."""
    with store.database.transaction() as connection:
        cursor = execute(connection, "forwarded").fetchone()
        if cursor is None:  # another one holds it
            return 0
        rows = execute(connection, "chain_rows", after=cursor["position"], limit=limit).fetchall()
        if rows:
            send([*rows])
            execute(connection, "note_forwarded", position=rows[-1]["position"])
        return len(rows)


def who_json(who: Who) -> Jsonb:
    """Somebody, as the functions of schema.sql take them."""
    return Jsonb({name: _clean(value) for name, value in asdict(who).items()})


def _clean(text: str) -> str:
    """What PostgreSQL takes: a peer's title or a path may hold anything."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")
