"""The audit trail over HTTP, and as commands."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from serving.cli import cli
from serving.store import chain
from serving.store.audit import Act, Action, note_alone
from serving.store.chain import hash_of
from serving.store.store import Store
from serving.who import Kind, Who
from tests.serving.live import new_store, serving
from tests.serving.store.test_chain import _tamper

ALICE = Who(kind=Kind.ACCOUNT, name="alice", address="192.0.2.7")
PACS = Who(kind=Kind.AE, name="PACS", address="192.0.2.8")


def fill(store: Store) -> None:
    note_alone(store, Act(who=PACS, action=Action.RECEIVED, study_instance_uid="1.2.3", sop_instance_uid="1.2.3.4"))
    note_alone(store, Act(who=ALICE, action=Action.SAW, study_instance_uid="1.2.3"))
    note_alone(store, Act(who=ALICE, action=Action.SIGNED_IN, success=False))


#: Filters, and the actions that are found, the newest first.
_FILTERS = [
    ("action=saw", ["saw"]),
    ("actor=alice", ["signed-in", "saw"]),
    ("actor=alice&success=true", ["saw"]),
    ("success=false", ["signed-in"]),
    ("study=1.2.3", ["saw", "received"]),
    ("study=", []),
    ("until=2000-01-01", []),
    ("since=2000-01-01&actor=PACS", ["received"]),
    ("since=2000-01-01T00:00:00Z&limit=2&action=received", ["received"]),
    ("actor=%00alice", ["signed-in", "saw"]),
]


def test_the_trail_is_filtered_and_given_by_pages() -> None:
    with new_store() as (settings, store), serving(settings, store, "stub 1") as client:
        fill(store)
        for query, expected in _FILTERS:
            found = client.get(f"/api/audit?{query}").json()
            assert [one["action"] for one in found["entries"]] == expected, query
        first = client.get("/api/audit?limit=2&actor=alice&success=true").json()
        assert (len(first["entries"]), first["next"]) == (1, None)
        page = client.get("/api/audit?limit=2").json()
        rest = client.get(f"/api/audit?limit=1000&cursor={page['next']}").json()
        positions = [one["position"] for one in page["entries"] + rest["entries"]]
        assert positions == list(range(positions[0], 0, -1))
        # That somebody looked at the trail is in it.
        assert page["entries"][0]["action"] == "audit-exported"


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "cursor=0", "action=none", "since=yesterday"])
def test_what_is_asked_wrongly_is_said(query: str) -> None:
    with new_store() as (settings, store), serving(settings, store, "stub 1") as client:
        assert client.get(f"/api/audit?{query}").status_code == 422


def hilum(store: Store, folder: Path, *words: str) -> Any:
    options = ["--database-url", store.database.url, "--data", str(folder)]
    return CliRunner().invoke(cli, ["audit", *words, *options])


def test_the_trail_is_exported_and_can_be_checked_elsewhere(tmp_path: Path) -> None:
    with new_store() as (settings, store):
        fill(store)
        lines = hilum(store, settings.data, "export").output.splitlines()
        entries = [json.loads(line) for line in lines]
        assert [one["action"] for one in entries] == ["received", "saw", "signed-in", "audit-exported"]
        for one, before in zip(entries, [None, *entries], strict=False):
            assert hash_of(one) == one["hash"]
            assert one["previous"] == (before["hash"] if before else chain.GENESIS)
        assert hilum(store, settings.data, "export", "--until", "2000-01-01").output == ""
        xml = hilum(store, settings.data, "export", "--since", "2000-01-01T00:00:00", "--format", "xml").output
        assert xml.count("<AuditMessage>") == 6
        assert hilum(store, settings.data, "export", "--format", "csv").output.startswith("position,previous,hash,")


#: What is done to the lines of an export, and what is said of it.
_EXPORTS: list[tuple[Callable[[list[str]], list[str]], str]] = [
    (lambda lines: lines, "whole as far as position 4"),
    (lambda lines: lines[1:3], "whole as far as position 3"),  # a part of it
    (lambda lines: [lines[0], lines[2]], "After position 1 must come 2, not 3"),
    (lambda lines: [lines[0].replace("PACS", "PAC5"), *lines[1:]], "position 1 was changed"),
    (lambda _: ["{}"], "must hold entries"),
    (lambda _: ["x"], "must hold entries"),
]


def test_an_export_is_checked_without_the_service(tmp_path: Path) -> None:
    with new_store() as (settings, store):
        fill(store)
        lines = hilum(store, settings.data, "export").output.splitlines()
    for act, words in _EXPORTS:
        (tmp_path / "trail.jsonl").write_text("\n".join(act(lines)))
        found = CliRunner().invoke(cli, ["audit", "verify", "--file", str(tmp_path / "trail.jsonl")])
        assert words in found.output
        assert (found.exit_code == 0) is ("whole as far" in words)


@pytest.mark.parametrize(
    ("act", "code", "words"),
    [
        (lambda _: None, 0, "The audit trail is whole as far as position 3"),
        (
            lambda store: _tamper(store, "UPDATE audit SET actor = 'bob' WHERE position = 2"),
            1,
            "position 2 was changed",
        ),
        (lambda store: _tamper(store, "DELETE FROM audit WHERE position = 3"), 1, "position 3 must have the hash"),
    ],
)
def test_a_broken_trail_is_found(act: Callable[[Store], None], code: int, words: str) -> None:
    with new_store() as (settings, store):
        fill(store)
        chain.chain_all(store)
        chain.tell(store)
        act(store)
        found = hilum(store, settings.data, "verify")
        assert (found.exit_code, words in found.output) == (code, True), found.output
