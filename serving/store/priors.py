"""Searches for priors, and the earlier studies that are kept here."""

from collections.abc import Mapping
from typing import Any

from psycopg.rows import DictRow

from serving.store.store import Store

Row = Mapping[str, Any]
#: Seconds after which what an archive sends by itself is no prior any more.
_EXPECTED_SECONDS = 900.0
#: Some archives go on sending after they said that they were done.
_LATE_SECONDS = 60.0


def queue_search(store: Store, instance_id: int) -> None:
    """Queue the search for the priors of an instance's study, once a study."""
    store.database.all("queue_prior_search", instance_id=instance_id)


def study(store: Store, study_id: int) -> DictRow | None:
    """Who a study is of, and when it was made."""
    return store.database.one("study_of_person", study_id=study_id)


def earlier(store: Store, study_id: int) -> list[DictRow]:
    """Studies under the same patient's ID that were read: who they are of has still to be compared."""
    return store.database.all("studies_of_patient", study_id=study_id, sites=store.sites)


def is_here(store: Store, study_instance_uid: str) -> bool:
    """Whether something of a study is kept here."""
    return store.database.one("known_study", study_instance_uid=study_instance_uid) is not None


def expect(store: Store, study_instance_uid: str) -> None:
    """What is received of this study by C-STORE is a prior for now: the archive sends it because we asked."""
    store.database.all("expect_prior", study_instance_uid=study_instance_uid, seconds=_EXPECTED_SECONDS)


def expect_no_more(store: Store, study_instance_uid: str, *, seconds: float = _LATE_SECONDS) -> None:
    """It says that it has sent all of it; what comes within ``seconds`` is a prior still."""
    store.database.all("expect_no_more", study_instance_uid=study_instance_uid, seconds=seconds)


def note_search(
    store: Store, study_id: int, *, state: str, found: int | None = None, reason: str | None = None
) -> None:
    """How an attempt ended: "done", "failed", or "queued" for the next one."""
    store.database.all("note_prior_search", study_id=study_id, state=state, found=found, reason=reason)


def search(store: Store, study_id: int) -> DictRow | None:
    """How the search for a study's priors stands; None when there is none."""
    return store.database.one("prior_search", study_id=study_id)
