"""What there is to send of a study: its result and addenda, each once nothing came for the quiet time; its reviews."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from operator import itemgetter

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from serving.store.database import Connection, execute
from serving.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Sending:
    """What one destination is sent of a completion."""

    destination: str
    #: Nothing: then it is only noted.
    outcome_ids: Sequence[int]
    #: Why it is not sent the others, in words without patient data.
    left_out: str | None = None


#: From the outcomes of a completion (the query ``candidates``) to what is sent of them, and where.
Dispatch = Callable[[Sequence[DictRow]], Iterable[Sending]]


def complete_studies(store: Store, *, quiet_seconds: float, dispatch: Dispatch) -> list[DictRow]:
    """Complete every study that is due, and queue its deliveries, in one transaction.

    The first completion of a study is its result; what comes later is an addendum with the next number, which holds
    only what is new. Answers with ``study_instance_uid`` and ``number`` of each.
    """
    with store.database.transaction() as connection:
        made = execute(connection, "complete_studies", quiet=quiet_seconds).fetchall()
        _send(connection, made, dispatch)
        return made


def complete_reviews(store: Store, *, dispatch: Dispatch) -> list[DictRow]:
    """Queue the deliveries of every reading that was reviewed, in one transaction; it was sent before.

    Sent is what is signed off, and what takes back a sign-off that was sent. Answers as ``complete_studies``.
    """
    with store.database.transaction() as connection:
        made = execute(connection, "complete_reviews").fetchall()
        _send(connection, made, dispatch)
        return made


def of_study(store: Store, study_id: int) -> list[DictRow]:
    """A study's result, addenda and reviews, each with its deliveries."""
    return store.database.all("completions_of_study", study_id=study_id)


def _send(connection: Connection, made: Sequence[DictRow], dispatch: Dispatch) -> None:
    if not made:
        return
    found = execute(connection, "candidates", completions=[row["completion_id"] for row in made]).fetchall()
    by_completion = sorted(found, key=itemgetter("completion_id", "outcome_id"))
    sendings = [
        {"completion_id": completion_id, **asdict(sending)}
        for completion_id, candidates in groupby(by_completion, key=itemgetter("completion_id"))
        for sending in dispatch(list(candidates))
    ]
    execute(connection, "add_deliveries", sendings=Jsonb(sendings))
