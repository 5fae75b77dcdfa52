"""What there is to send of a study: its result and addenda, each once nothing came for the quiet time; its reviews."""

from collections.abc import Sequence

from psycopg.rows import DictRow

from serving.store.database import execute
from serving.store.store import Store


def complete_studies(store: Store, *, quiet_seconds: float, destinations: Sequence[str]) -> list[DictRow]:
    """Complete every study that is due, and queue its deliveries, in one transaction.

    The first completion of a study is its result; what comes later is an addendum with the next number, which holds
    only what is new. Answers with ``study_instance_uid``, ``number`` and ``deliveries`` of each.
    """
    with store.database.transaction() as connection:
        return execute(connection, "complete_studies", quiet=quiet_seconds, destinations=list(destinations)).fetchall()


def complete_reviews(store: Store, *, destinations: Sequence[str]) -> list[DictRow]:
    """Queue the deliveries of every reading that was reviewed, in one transaction; it was sent before.

    Sent is what is signed off, and what takes back a sign-off that was sent. Answers as ``complete_studies``.
    """
    with store.database.transaction() as connection:
        return execute(connection, "complete_reviews", destinations=list(destinations)).fetchall()


def of_study(store: Store, study_id: int) -> list[DictRow]:
    """A study's result, addenda and reviews, each with its deliveries."""
    return store.database.all("completions_of_study", study_id=study_id)
