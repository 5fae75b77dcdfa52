"""The worklist: studies by filters, the newest or the most urgent first, a page at a time."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, LiteralString

from psycopg.rows import DictRow
from psycopg.sql import SQL, Composed

from serving.characters import fold
from serving.store.store import Store

#: Filter to what it asks of a study. Every filter that is given must hold.
_CONDITIONS: dict[str, LiteralString] = {
    "state": "state = %(state)s",
    "finding": "findings @> ARRAY[%(finding)s]",
    "modality": "modalities @> ARRAY[%(modality)s]",
    "refused": "refused = %(refused)s",
    "reviewed": "reviewed = %(reviewed)s",
    "since": "last_received_at >= %(since)s",
    "before": "last_received_at < %(before)s",
    "search": "search_text LIKE %(search)s",
    "is_prior": "is_prior = %(is_prior)s",
    "sites": "site = ANY(%(sites)s)",
}
#: One or two letters are in no trigram of the index, unless a word begins with them.
_BEGINS = "(search_text LIKE %(search)s OR search_text LIKE %(search_inside)s)"
_SHORT = 3
#: Order to the columns that it sorts by, all falling; the last one decides among equals.
_ORDERS: dict[str, Sequence[LiteralString]] = {
    "newest": ("last_received_at", "study_id"),
    "urgent": ("urgency", "last_received_at", "study_id"),
}
ORDERS = tuple(_ORDERS)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a page of the worklist asks for; None asks nothing."""

    state: str | None = None
    finding: str | None = None
    modality: str | None = None
    refused: bool | None = None
    reviewed: bool | None = None
    #: Received at or after, and before.
    since: datetime | None = None
    before: datetime | None = None
    #: A part of the patient's name, ID or accession number; case and diacritics do not matter. Fewer than three letters
    #: are how a word of it begins.
    search: str | None = None
    #: All of it was fetched as a prior: nobody waits for its reading.
    is_prior: bool | None = False
    #: Whose studies.
    sites: Sequence[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """Studies with their instances, and where the next page begins."""

    studies: list[DictRow]
    #: By study, the newest first.
    instances: dict[int, list[DictRow]]
    #: None on the last page.
    next: str | None


class BadCursor(ValueError):
    """A cursor that is none of ours, or of another order."""


def page(store: Store, filters: Filters, *, order: str, limit: int, cursor: str | None) -> Page:
    """One page of the worklist.

    Raises:
        BadCursor: when ``cursor`` did not come from a page of this order.
        Unavailable: when the database cannot be asked.
    """
    filters = replace(filters, sites=store.sites)
    values: dict[str, Any] = {item.name: getattr(filters, item.name) for item in fields(filters)}
    if filters.search is not None:
        text = _escaped(fold(filters.search))
        values |= (
            {"search": f"{text}%", "search_inside": f"% {text}%"} if _is_short(filters) else {"search": f"%{text}%"}
        )
    after = _decoded(cursor, order) if cursor else None
    values |= {"limit": limit + 1, **(after or {})}
    with store.database.connection() as connection:
        found = connection.execute(_query(filters, order, paged=after is not None), values, prepare=False).fetchall()
    studies = found[:limit]
    return Page(
        studies=studies,
        instances=instances(store, [study["study_id"] for study in studies]),
        next=_encoded(studies[-1], order) if len(found) > limit else None,
    )


def instances(store: Store, studies: Sequence[int]) -> dict[int, list[DictRow]]:
    """The instances of each of these studies, the newest first."""
    by_study: dict[int, list[DictRow]] = {study: [] for study in studies}
    for row in store.database.all("study_instances", studies=list(studies)) if studies else []:
        by_study[row["study_id"]].append(row)
    return by_study


def studies_of(store: Store, study_instance_uid: str) -> list[DictRow]:
    """The studies under one Study Instance UID: one for each patient, the first received first."""
    return store.database.all("studies_of_uid", study_instance_uid=study_instance_uid, sites=store.sites)


def _query(filters: Filters, order: str, *, paged: bool) -> Composed:
    conditions = {**_CONDITIONS, "search": _BEGINS} if _is_short(filters) else _CONDITIONS
    asked = [SQL(sql) for name, sql in conditions.items() if getattr(filters, name) is not None]
    columns = _ORDERS[order]
    if paged:
        here = SQL(", ").join(SQL(column) for column in columns)
        there = SQL(", ").join(SQL("%(after_{})s").format(SQL(column)) for column in columns)
        asked.append(SQL("({}) < ({})").format(here, there))  # type: ignore[arg-type]
    where = SQL(" WHERE ") + SQL(" AND ").join(asked) if asked else SQL("")
    falling = SQL(", ").join(SQL(column) + SQL(" DESC") for column in columns)
    return SQL("SELECT * FROM study{} ORDER BY {} LIMIT %(limit)s").format(where, falling)


def _is_short(filters: Filters) -> bool:
    return filters.search is not None and filters.search.isalnum() and len(fold(filters.search)) < _SHORT


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _encoded(study: DictRow, order: str) -> str:
    place = [order, study["urgency"], study["last_received_at"].isoformat(), study["study_id"]]
    return urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _decoded(cursor: str, order: str) -> dict[str, Any]:
    try:
        came = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        found, urgency, received_at, study_id = came
        place = {
            "after_urgency": int(urgency),
            "after_last_received_at": datetime.fromisoformat(received_at),
            "after_study_id": int(study_id),
        }
    except (ValueError, TypeError) as error:
        raise BadCursor from error
    if found != order:
        raise BadCursor
    return place
