"""What workers look after besides their jobs."""

import logging
import shutil

import pytest

from serving.destinations import Register
from serving.housekeeping import Housekeeping
from serving.settings import Settings
from serving.store import chain
from serving.store.audit import Act, Action, note_alone
from serving.store.objects import ANCHOR_NAME
from serving.store.store import Store
from serving.who import service
from tests.serving.live import new_store


def house(settings: Settings, store: Store) -> Housekeeping:
    return Housekeeping(settings, store, Register(settings, store), lambda _: None, silent=10)


def test_where_the_audit_trail_ends_is_told_to_the_log_and_kept(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with new_store() as (settings, store):
        note_alone(store, Act(who=service("test"), action=Action.STARTED))
        one = house(settings, store)
        one.chain()
        for _ in range(2):
            one.tell_chain()
        head = chain.head_of(store)
        assert caplog.messages == [f"the audit trail is at position 1 with the hash {head.hash}"]
        assert chain.anchor(store) == head


def test_a_broken_audit_trail_is_said_again_and_again(caplog: pytest.LogCaptureFixture) -> None:
    with new_store() as (settings, store):
        store.objects.put(ANCHOR_NAME, b'{"position": 3, "hash": "1"}')
        for _ in range(2):
            house(settings, store).tell_chain()
    assert len(caplog.messages) == 2
    assert all("Run `hilum audit verify`" in line for line in caplog.messages)


def test_an_object_store_that_is_away_is_no_end_of_the_work(caplog: pytest.LogCaptureFixture) -> None:
    with new_store() as (settings, store):
        note_alone(store, Act(who=service("test"), action=Action.STARTED))
        chain.chain_all(store)
        shutil.rmtree(settings.data / "objects")
        (settings.data / "objects").write_bytes(b"no folder")
        house(settings, store).tell_chain()  # and nothing is raised
    assert "the audit trail's end was not told" in caplog.text
