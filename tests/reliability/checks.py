"""What must be true once a service has come to rest, whatever happened to it before."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg

from tests.reliability.radiographs import content_hash
from tests.reliability.sending import Acknowledged, file_of
from tests.reliability.service import Service, until

_UNSETTLED = """
    SELECT 'instance' AS what, i.instance_id AS id, i.state AS how FROM instance i WHERE state = 'pending'
    UNION ALL SELECT 'study', study_id, state FROM study WHERE open
    UNION ALL SELECT 'delivery', delivery_id, reason FROM delivery WHERE state = 'queued'
    UNION ALL SELECT task_name, j.id, concat_ws(' ', j.status, 'at', j.scheduled_at, 'by', w.id, w.last_heartbeat)
              FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
              WHERE j.status IN ('todo', 'doing')"""
_OUTCOMES = """
    SELECT i.sop_instance_uid, i.content_hash, i.state AS instance_state, o.state, o.document
    FROM instance i LEFT JOIN outcome o USING (instance_id)"""
_DEAD = """
    SELECT d.job_id, i.sop_instance_uid FROM dead_letter d
    LEFT JOIN instance i ON i.instance_id = (d.arguments->>'instance_id')::bigint ORDER BY d.dead_letter_id"""

#: The bytes of a content hash, from wherever the service keeps them.
Fetch = Callable[[str], bytes]


def settle(service: Service, seconds: float) -> None:
    """Wait until nothing waits any more: nothing to read, to complete or to deliver."""
    waiting: list[dict[str, Any]] = []

    def is_settled() -> bool:
        try:
            waiting[:] = service.rows(_UNSETTLED)
        except psycopg.OperationalError:
            return False
        return not waiting

    until(is_settled, seconds, "everything is read and delivered", lambda: f"{waiting}; {service.words()}")


def check_readings(
    service: Service, acknowledged: Acknowledged, fetch: Fetch | None = None, dead: Sequence[str] = ()
) -> None:
    """Every acknowledged instance is read exactly once in effect; what is kept is what was sent.

    ``dead`` are those for which there was a dead letter, once.
    """
    assert acknowledged.wrong == []
    rows = service.rows(_OUTCOMES)
    assert Counter(row["sop_instance_uid"] for row in rows) == dict.fromkeys(acknowledged.sent, 1)
    said: dict[str, set[str]] = {}
    for row in rows:
        one = acknowledged.sent[row["sop_instance_uid"]]
        assert (row["instance_state"], row["state"]) == (one.expected, one.expected)
        said.setdefault(one.sample, set()).add(_what_it_says(row["document"]))
        kept = (fetch or _from_folder(service.data))(row["content_hash"])
        assert content_hash(kept) == row["content_hash"] == one.content_hash
    assert {sample: len(words) for sample, words in said.items()} == dict.fromkeys(said, 1)
    letters = service.rows(_DEAD)
    assert [row["sop_instance_uid"] for row in letters] == list(dead)
    # What succeeds is deleted.
    assert {row["id"] for row in service.rows("SELECT id FROM procrastinate_jobs")} == {
        one["job_id"] for one in letters
    }
    assert service.rows("SELECT * FROM conflict") == []


def check_deliveries(service: Service, destination: str, documents: Iterable[Mapping[str, Any]]) -> None:
    """Every completion arrived, and a study's result and addenda hold each of its readings exactly once."""
    assert service.rows("SELECT * FROM delivery WHERE state <> 'delivered'") == []
    arrived = list(documents)
    assert len({one["completion_uid"] for one in arrived}) == len(arrived)
    assert len(arrived) == service.number("SELECT count(*) FROM delivery WHERE destination = %s", destination)
    told = [(one["study_instance_uid"], read["sop_instance_uid"]) for one in arrived for read in one["readings"]]
    have = service.rows(
        "SELECT st.study_instance_uid, i.sop_instance_uid FROM instance i"
        " JOIN series s USING (series_id) JOIN study st USING (study_id)"
    )
    assert sorted(told) == sorted((row["study_instance_uid"], row["sop_instance_uid"]) for row in have)
    numbers: dict[str, list[int]] = {}
    for one in arrived:
        numbers.setdefault(one["study_instance_uid"], []).append(one["number"])
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in numbers.values())


def in_folder(folder: Path) -> list[dict[str, Any]]:
    """The documents of a destination that is a folder; each stands under its own name, and nothing else is there."""
    files = sorted(folder.iterdir())
    documents = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    assert [f"{one['completion_uid']}.json" for one in documents] == [file.name for file in files]
    return documents


def _from_folder(data: Path) -> Fetch:
    return lambda content_hash: file_of(data, content_hash).read_bytes()


def _what_it_says(document: Mapping[str, Any]) -> str:
    """All that a reading says of the pixels."""
    return json.dumps([document[name] for name in ("reader", "state", "view", "findings", "refusal", "gate")])
