"""The audit trail is a chain: whatever is done to it behind our back is found."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import pytest

from serving.store import chain
from serving.store.audit import Act, Action, note, note_alone
from serving.store.chain import GENESIS, Broken, Head, hash_of
from serving.store.objects import ANCHOR_NAME
from serving.store.store import Store
from serving.who import Kind, Who
from tests.serving.live import new_store

ALICE = Who(kind=Kind.ACCOUNT, name="alice", address="192.0.2.7")


def noted(store: Store, count: int) -> None:
    for number in range(1, count + 1):
        note_alone(store, Act(who=ALICE, action=Action.SAW, study_instance_uid=f"1.2.{number}", details={"n": number}))
    chain.chain_all(store)


def test_the_hash_covers_every_column_in_a_form_that_is_written_down() -> None:
    row = {
        "position": 1,
        "previous": GENESIS,
        "entry_id": 1,
        "at": datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
        "actor_kind": "account",
        "actor": "alice",
        "address": "192.0.2.7",
        "action": "saw",
        "success": True,
        "study_instance_uid": "1.2.1",
        "sop_instance_uid": "",
        "object": "",
        "details": {"b": 2, "a": "ê"},
    }
    # printf '%s' '[1,"000...000",1,"2026-01-02T03:04:05.000006+00:00","account",...,"",{"a":"ê","b":2}]' | sha256sum
    assert hash_of(row) == "6863d1b952970b6d8a6e8e1d4f18daa3e04c2d1c9a2e2a3b99874ac07819c029"
    for name, value in row.items():
        assert hash_of({**row, name: "other" if isinstance(value, str) else datetime.now(UTC)}) != hash_of(row)


def test_entries_are_chained_in_order_and_name_the_one_before() -> None:
    with new_store() as (_, store):
        noted(store, 3)
        rows = list(chain.rows(store))
        assert [row["position"] for row in rows] == [1, 2, 3]
        assert [row["previous"] for row in rows] == [GENESIS, rows[0]["hash"], rows[1]["hash"]]
        assert [(row["actor_kind"], row["actor"], row["address"]) for row in rows] == [
            ("account", "alice", "192.0.2.7")
        ] * 3
        assert chain.verify(store) == chain.Verdict(head=Head(position=3, hash=rows[2]["hash"]))


def test_what_is_rolled_back_leaves_no_entry() -> None:
    with new_store() as (_, store):
        with store.database.transaction() as connection:
            note(connection, Act(who=ALICE, action=Action.SAW))
            raise psycopg.Rollback
        noted(store, 1)
        assert [row["position"] for row in chain.rows(store)] == [1]


@pytest.mark.parametrize("table", ["audit", "audit_inbox"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET actor = 'mallory'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_change_the_trail(table: str, statement: str) -> None:
    with new_store() as (_, store):
        noted(store, 2)
        note_alone(store, Act(who=ALICE, action=Action.SAW))
        with pytest.raises(psycopg.errors.RaiseException), store.database.transaction() as connection:
            connection.execute(statement.format(table))  # type: ignore[arg-type]
        chain.chain_all(store)
        assert chain.verify(store).head.position == 3


#: What somebody does who may switch triggers off, and what is said of it.
_TAMPERED = [
    ("UPDATE audit SET actor = 'bob' WHERE position = 2", "position 2 was changed"),
    ("UPDATE audit SET at = at + interval '1 microsecond' WHERE position = 4", "position 4 was changed"),
    ("UPDATE audit SET details = '{}' WHERE position = 1", "position 1 was changed"),
    ("DELETE FROM audit WHERE position = 3", "After position 2 must come 3, not 4"),
    ("DELETE FROM audit WHERE position = 1", "After position 0 must come 1, not 2"),
    ("UPDATE audit SET hash = repeat('1', 64) WHERE position = 2", "position 2 was changed"),
    ("UPDATE audit SET previous = repeat('1', 64) WHERE position = 2", "position 2 must carry the hash"),
    ("DELETE FROM audit WHERE position > 3", "position 5 must have the hash"),
    ("DELETE FROM audit", "position 5 must have the hash"),
]


@pytest.mark.parametrize(("statement", "fault"), _TAMPERED)
def test_what_is_done_behind_the_triggers_is_found(statement: str, fault: str) -> None:
    with new_store() as (_, store):
        noted(store, 5)
        assert chain.tell(store) is not None
        _tamper(store, statement)
        found = chain.verify(store).fault
        assert found is not None
        assert fault in found


def _tamper(store: Store, statement: str) -> None:
    with psycopg.connect(store.database.url, options="-c search_path=hilum") as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(statement.encode())


def test_a_chain_that_was_forged_anew_is_not_the_one_that_was_told() -> None:
    def forge(store: Store) -> None:
        """Change a row and every hash after it."""
        head = Head()
        for row in list(chain.rows(store)):
            forged = {**row, "actor": "bob", "previous": head.hash}
            head = Head(position=row["position"], hash=hash_of(forged))
            _tamper(
                store,
                f"UPDATE audit SET actor = 'bob', previous = '{forged['previous']}', hash = '{head.hash}' "
                f"WHERE position = {row['position']}",
            )

    _told_and_then(forge)


def test_a_tail_that_was_cut_and_grew_again_is_not_the_one_that_was_told() -> None:
    def cut(store: Store) -> None:
        _tamper(store, "DELETE FROM audit WHERE position > 3")
        noted(store, 4)

    _told_and_then(cut)


def _told_and_then(act: Callable[[Store], None]) -> None:
    with new_store() as (_, store):
        noted(store, 5)
        told = chain.tell(store)
        act(store)
        assert "as was said before" in str(chain.verify(store).fault)
        with pytest.raises(Broken, match="at position 5"):
            chain.tell(store)
        assert chain.anchor(store) == told


def test_the_anchor_follows_the_chain_and_is_told_once() -> None:
    with new_store() as (_, store):
        assert chain.tell(store) is None
        assert store.objects.get(ANCHOR_NAME) is None
        noted(store, 2)
        assert chain.tell(store) == chain.head_of(store) == chain.anchor(store)
        assert chain.tell(store) is None
        noted(store, 1)
        assert chain.verify(store).fault is None


def test_many_who_write_and_chain_at_once_make_one_chain() -> None:
    with new_store() as (_, store):

        def write() -> None:
            for _ in range(25):
                note_alone(store, Act(who=ALICE, action=Action.SEARCHED))
                chain.chain(store)

        threads = [threading.Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        chain.chain_all(store)
        verdict = chain.verify(store)
        assert (verdict.fault, verdict.head.position) == (None, 100)
        assert store.database.one("inbox", limit=1) is None


def test_what_a_peer_calls_itself_may_be_anything() -> None:
    with new_store() as (_, store):
        note_alone(store, Act(who=Who(kind=Kind.AE, name="A\0B\ud800"), action=Action.REFUSED, object="\0"))
        chain.chain_all(store)
        assert [row["actor"] for row in chain.rows(store)] == ["AB?"]
