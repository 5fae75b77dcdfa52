"""Accounts, as administrators keep them."""

from typing import Any

import httpx
import pytest

from tests.serving.users.people import PASSWORD, Guarded, guarded

USERS = "/api/users"


@pytest.fixture(scope="module")
def administrator(service: Guarded) -> httpx.Client:
    return service.person("keeper", "administrator")


def test_an_account_is_made_shown_and_changed(service: Guarded, administrator: httpx.Client) -> None:
    wanted = {"name": "Reader-7", "display_name": "Dr. Seven", "role": "reader", "sites": ["north"]}
    made = administrator.post(USERS, json={**wanted, "password": PASSWORD})
    assert made.status_code == 201
    shown = {one["name"]: one for one in administrator.get(USERS).json()["users"]}["Reader-7"]
    assert shown == made.json()
    assert {**wanted, "disabled": False, "has_password": True, "signed_in_at": None} == {
        name: value for name, value in shown.items() if name != "made_at"
    }
    assert service.signed_in("READER-7").get("/api/session").json()["sites"] == ["north"]
    changed = administrator.patch(f"{USERS}/reader-7", json={"sites": [], "display_name": "Seven"}).json()
    assert (changed["sites"], changed["display_name"], changed["role"]) == ([], "Seven", "reader")
    assert changed["signed_in_at"] is not None
    lines = [(actor, details) for actor, name, details in service.audit("accounts") if name == "account Reader-7"]
    assert lines == [
        ("keeper", {"change": "made", "role": "reader"}),
        ("keeper", {"change": "changed", "sites": [], "display_name": "Seven"}),
    ]


def test_names_differ_in_more_than_case(administrator: httpx.Client) -> None:
    wanted = {"name": "Twice", "role": "reader", "password": PASSWORD}
    assert administrator.post(USERS, json=wanted).status_code == 201
    answer = administrator.post(USERS, json={**wanted, "name": "tWICE"})
    assert answer.json()["type"] == "urn:hilum:problem:name-taken"


def test_without_a_password_nobody_signs_in_with_one(service: Guarded, administrator: httpx.Client) -> None:
    administrator.post(USERS, json={"name": "without", "role": "reader"})
    for password in ("", "None", PASSWORD):
        answer = service.nobody.post("/api/session", json={"name": "without", "password": password})
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "short"},
        {"password": "the wrong one", "name": "The Wrong One"},
        {"role": "root"},
        {"name": " "},
        {"name": "a\nb"},
        {"name": "a,b"},
        {"name": "x" * 65},
        {"role": "administrator", "sites": ["north"]},
        {"more": 1},
    ],
)
def test_what_is_no_account_is_told(administrator: httpx.Client, wrong: dict[str, Any]) -> None:
    answer = administrator.post(USERS, json={"name": "wrong", "role": "reader", "password": PASSWORD, **wrong})
    assert answer.json()["type"] == "urn:hilum:problem:invalid"
    assert "the wrong one" not in answer.text


def test_an_account_that_is_not_there_is_told(administrator: httpx.Client) -> None:
    assert administrator.patch(f"{USERS}/nobody", json={"disabled": True}).status_code == 404


@pytest.mark.parametrize("change", [{"disabled": True}, {"role": "reader"}])
def test_one_administrator_is_left(change: dict[str, Any]) -> None:
    with guarded() as service:
        only = service.person("only", "administrator")
        answer = only.patch(f"{USERS}/only", json=change)
        assert answer.json()["type"] == "urn:hilum:problem:invalid"
        service.person("another", "administrator")
        assert only.patch(f"{USERS}/only", json=change).status_code == 200
