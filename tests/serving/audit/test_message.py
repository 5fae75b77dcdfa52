"""Every entry is an audit message that the schema of PS3.15, A.5.1, takes, and says what the entry says."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from serving.audit.events import EVENTS
from serving.audit.export import FORMS
from serving.audit.message import message
from serving.store.audit import Action

etree = pytest.importorskip("lxml.etree")
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("audit_message.rng")))


def row(action: Action, **changes: Any) -> dict[str, Any]:
    plain = {
        "position": 7,
        "previous": "0" * 64,
        "hash": "1" * 64,
        "entry_id": 9,
        "at": datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
        "actor_kind": "account",
        "actor": "alice",
        "address": "192.0.2.7",
        "action": str(action),
        "success": True,
        "study_instance_uid": "1.2.3",
        "sop_instance_uid": "",
        "object": "",
        "details": {},
    }
    return {**plain, **changes}


def parsed(one: dict[str, Any]) -> Any:
    document = etree.fromstring(message(one, "HILUM"))
    SCHEMA.assertValid(document)
    return document


#: What an entry may hold.
_ENTRIES: list[dict[str, Any]] = [
    {},
    {"success": False},
    {"sop_instance_uid": "1.2.3.4", "details": {"door": "dimse"}},
    {"study_instance_uid": "", "object": "pacs", "details": {"change": "made"}},
    {"study_instance_uid": "", "address": "", "actor": "", "actor_kind": "unknown"},
    {"details": {"conditions": ["PatientName", "limit"]}},
    {"actor": "A\x1bB<&\"'\ufffe", "object": "]]>", "details": {"a b": "\x00\x01"}},
]


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("changes", _ENTRIES)
def test_every_entry_is_a_valid_message(action: Action, changes: dict[str, Any]) -> None:
    document = parsed(row(action, **changes))
    indicator = document.find("EventIdentification").get("EventOutcomeIndicator")
    assert (indicator == "0") is changes.get("success", True)
    requestors = [one for one in document.findall("ActiveParticipant") if one.get("UserIsRequestor") == "true"]
    assert len(requestors) <= 1


def test_the_schema_refuses_what_is_none() -> None:
    document = etree.fromstring(message(row(Action.SAW), "HILUM"))
    document.find("EventIdentification").set("EventOutcomeIndicator", "1")
    assert not SCHEMA.validate(document)


#: An action, and (EventID, EventTypeCode, EventActionCode) of PS3.15, A.5.3, with the roles of those who take part.
_EVENTS = [
    (Action.RECEIVED, ("110104", None, "C"), [("alice", ["110153"]), ("HILUM", ["110152"])]),
    (Action.SAW, ("110103", None, "R"), [("alice", [])]),
    (Action.RETRIEVED, ("110104", None, "R"), [("alice", ["110152"]), ("HILUM", ["110153"])]),
    (Action.SEARCHED, ("110112", None, "E"), [("alice", ["110153"]), ("HILUM", ["110152"])]),
    (Action.DELIVERED, ("110104", None, "C"), [("alice", ["110153"]), ("pacs", ["110152"])]),
    (Action.SIGNED_IN, ("110114", "110122", "E"), [("alice", [])]),
    (Action.SIGNED_OUT, ("110114", "110123", "E"), [("alice", [])]),
    (Action.PRUNE, ("110105", None, "D"), [("alice", [])]),
    (Action.STARTED, ("110100", "110120", "E"), [("HILUM", ["110150"])]),
    (Action.REFUSED, ("110113", "110132", "E"), [("alice", [])]),
    (Action.AUDIT_EXPORTED, ("110101", None, "R"), [("alice", [])]),
]


@pytest.mark.parametrize(("action", "event", "roles"), _EVENTS)
def test_the_message_is_the_one_of_the_standard(
    action: Action, event: tuple[str, str | None, str], roles: list[tuple[str, list[str]]]
) -> None:
    document = parsed(row(action, object="pacs"))
    head = document.find("EventIdentification")
    kind = head.find("EventTypeCode")
    found = (head.find("EventID").get("csd-code"), None if kind is None else kind.get("csd-code"))
    assert (*found, head.get("EventActionCode")) == event
    assert head.get("EventDateTime") == "2026-01-02T03:04:05.678+00:00"
    assert [
        (one.get("UserID"), [code.get("csd-code") for code in one.findall("RoleIDCode")])
        for one in document.findall("ActiveParticipant")
    ] == roles


def test_a_peer_that_is_refused_is_no_account() -> None:
    document = parsed(row(Action.REFUSED, actor_kind="ae", success=False))
    assert document.find("EventIdentification/EventTypeCode").get("csd-code") == "110126"


def test_a_study_is_named_with_its_instance() -> None:
    document = parsed(row(Action.RECEIVED, sop_instance_uid="1.2.3.4"))
    (study,) = document.findall("ParticipantObjectIdentification")
    assert study.get("ParticipantObjectID") == "1.2.3"
    assert study.find("ParticipantObjectIDTypeCode").get("csd-code") == "110180"
    assert study.find("ParticipantObjectDescription/SOPClass/Instance").get("UID") == "1.2.3.4"


def test_a_search_says_by_what_it_was_but_no_values() -> None:
    document = parsed(row(Action.SEARCHED, details={"conditions": ["PatientName", "limit"]}))
    query = document.find("ParticipantObjectIdentification/ParticipantObjectQuery").text
    assert base64.b64decode(query) == b"PatientName&limit"


def test_every_action_has_its_event() -> None:
    assert set(EVENTS) == set(Action)


def test_the_trail_is_given_out_in_three_forms() -> None:
    rows = [row(Action.SAW), row(Action.REFUSED, actor="=HYPERLINK(1)", details={"n": 1})]
    lines = "".join(FORMS["jsonl"](rows, "HILUM")).splitlines()
    assert [json.loads(line)["at"] for line in lines] == ["2026-01-02T03:04:05.678901+00:00"] * 2
    head, *entries = "".join(FORMS["csv"](rows, "HILUM")).splitlines()
    assert head.split(",")[:4] == ["position", "previous", "hash", "entry_id"]
    assert "'=HYPERLINK(1)" in entries[1]
    document = etree.fromstring("".join(FORMS["xml"](rows, "HILUM")).encode())
    for one in document:
        SCHEMA.assertValid(etree.ElementTree(one).getroot())
    assert len(document) == 2
