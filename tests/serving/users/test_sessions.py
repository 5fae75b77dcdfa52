"""Signing in and out, and what a session is worth."""

from http.cookies import SimpleCookie

import httpx
import pytest

from serving.users.managing import invite, make_account
from serving.users.tokens import csrf_token, hashed
from tests.serving.users.people import PASSWORD, TEST, Guarded, guarded

SESSION = "/api/session"


def test_the_cookie_is_no_scripts_and_no_other_sites(service: Guarded) -> None:
    make_account(service.store, name="Cookie", role="reader", password=PASSWORD, who=TEST)
    answer = service.client().post(SESSION, json={"name": "cookie", "password": PASSWORD})  # case does not matter
    cookie = SimpleCookie(answer.headers["set-cookie"])["hilum_session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "lax", "/", "")
    assert answer.json() == {
        "name": "Cookie",
        "display_name": "Cookie",
        "role": "reader",
        "rights": ["read", "review", "send"],
        "sites": [],
        "csrf_token": csrf_token(cookie.value),
        "demo": False,
    }


def test_only_a_hash_of_the_token_is_kept(service: Guarded) -> None:
    client = service.person("hash")
    token = client.cookies["hilum_session"]
    rows = service.store.database.all("account_of_session", token_hash=hashed(token), idle_minutes=5)
    assert [row["name"] for row in rows] == ["hash"]
    with service.store.database.connection() as connection:
        kept = connection.execute("SELECT s::text || a::text AS row FROM session s JOIN account a USING (account_id)")
        assert not any(token in row["row"] or PASSWORD in row["row"] for row in kept)


def test_who_is_signed_in_is_told_and_signs_out(service: Guarded) -> None:
    client = service.person("out")
    assert client.get(SESSION).json()["name"] == "out"
    assert client.get(SESSION).json()["csrf_token"] == client.headers["X-CSRF-Token"]
    token = client.cookies["hilum_session"]
    assert client.delete(SESSION).status_code == 204
    assert "hilum_session" not in client.cookies
    again = service.nobody.get(SESSION, headers={"Cookie": f"hilum_session={token}"})
    assert again.json()["type"] == "urn:hilum:problem:not-signed-in"


@pytest.mark.parametrize(
    "headers", [{}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "0" * 64}, {"Sec-Fetch-Site": "same-origin"}]
)
def test_what_changes_something_proves_that_our_page_asks(service: Guarded, headers: dict[str, str]) -> None:
    client = service.person(f"csrf {sorted(headers.items())}"[:64].replace(",", ";"))
    right = client.headers.pop("X-CSRF-Token")
    assert client.get("/api/studies").status_code == 200
    for method, path in (("DELETE", SESSION), ("POST", "/api/instances"), ("POST", "/dicom-web/studies")):
        assert client.request(method, path, headers=headers).json()["type"] == "urn:hilum:problem:csrf"
    of_another = service.person(f"another {len(headers)} {right[:8]}").headers["X-CSRF-Token"]
    assert client.delete(SESSION, headers={"X-CSRF-Token": of_another}).status_code == 403
    assert client.delete(SESSION, headers={"X-CSRF-Token": right}).status_code == 204


@pytest.mark.parametrize(
    "change",
    [
        "ends_at = now() - interval '1 second'",
        "seen_at = now() - interval '61 minutes'",
        "ended_at = now()",
    ],
)
def test_a_session_ends(service: Guarded, change: str) -> None:
    name = f"ends {change.partition(' ')[0]}"
    client = service.person(name)
    assert client.get("/api/studies").status_code == 200
    with service.store.database.transaction() as connection:
        where = "account_id = (SELECT account_id FROM account WHERE name = %s)"
        connection.execute(f"UPDATE session SET {change} WHERE {where}", [name])  # type: ignore[arg-type]
    assert client.get("/api/studies").status_code == 401


def test_a_new_password_ends_every_session_but_goes_on_here(service: Guarded) -> None:
    here, elsewhere = service.person("changes"), service.signed_in("changes")
    asked = {"password": PASSWORD, "new_password": "another long sentence"}
    assert here.post(f"{SESSION}/password", json={**asked, "password": "wrong"}).status_code == 401
    assert here.post(f"{SESSION}/password", json={**asked, "new_password": "short"}).status_code == 422
    assert elsewhere.get(SESSION).status_code == 200
    before = here.cookies["hilum_session"]
    answer = here.post(f"{SESSION}/password", json=asked)
    assert answer.status_code == 200
    assert here.get(SESSION).json()["csrf_token"] == answer.json()["csrf_token"]
    assert here.cookies["hilum_session"] != before
    assert elsewhere.get(SESSION).status_code == 401
    assert service.nobody.post(SESSION, json={"name": "changes", "password": PASSWORD}).status_code == 401


def test_an_account_that_is_disabled_or_changed_is_so_at_once(service: Guarded) -> None:
    administrator, reader = service.person("admin", "administrator"), service.person("to change")
    path = "/api/users/to%20change"
    assert administrator.patch(path, json={"role": "integration"}).status_code == 200
    assert reader.post("/api/readings/1/review", json={}).status_code == 403
    assert administrator.patch(path, json={"disabled": True}).json()["disabled"] is True
    assert reader.get("/api/studies").status_code == 401
    answer = service.nobody.post(SESSION, json={"name": "to change", "password": PASSWORD})
    assert answer.json()["type"] == "urn:hilum:problem:sign-in-failed"


def test_no_answer_says_whether_an_account_is_there(service: Guarded) -> None:
    service.person("there")
    answers = [
        service.nobody.post(SESSION, json={"name": name, "password": "not the right one"})
        for name in ("there", "not there")
    ]
    assert answers[0].json() == answers[1].json()
    assert service.audit("signed-in", success=False)[-1] == (
        "",
        "",
        {"reason": "no such account"},
    )  # what was typed may be a password


def test_an_invitation_makes_one_account_once() -> None:
    with guarded() as service:
        assert service.nobody.get("/api/sign-in").json() == {
            "password": True,
            "oidc": None,
            "demo": False,
            "first": True,
        }
        token = invite(service.store, "administrator", who=TEST)
        wanted = {"token": token, "name": "First", "password": PASSWORD}
        client = service.client()
        for wrong, status in (({"token": "x"}, 401), ({"password": "short"}, 422), ({"name": "\n"}, 422)):
            assert client.post(f"{SESSION}/first", json={**wanted, **wrong}).status_code == status
        made = client.post(f"{SESSION}/first", json=wanted)
        assert (made.status_code, made.json()["role"]) == (201, "administrator")
        assert client.get("/api/users").status_code == 200
        assert client.post(f"{SESSION}/first", json={**wanted, "name": "Second"}).status_code == 401
        assert service.nobody.get("/api/sign-in").json()["first"] is False
        another = {**wanted, "token": invite(service.store, "reader", ["north"], who=TEST)}
        assert client.post(f"{SESSION}/first", json=another).json()["type"] == "urn:hilum:problem:name-taken"
        reader = service.client().post(f"{SESSION}/first", json={**another, "name": "Reader"})
        assert (reader.json()["role"], reader.json()["sites"]) == ("reader", ["north"])


def test_each_is_a_line_of_the_audit_trail(service: Guarded) -> None:
    client = service.person("noted")
    client.delete(SESSION)
    with pytest.raises(AssertionError, match="sign-in-failed"):
        service.signed_in("noted", "not the right one")
    assert service.audit("signed-in")[-1] == ("noted", "", {"how": "password"})
    assert service.audit("signed-out")[-1] == ("noted", "", {})
    assert service.audit("signed-in", success=False)[-1] == ("noted", "", {"reason": "password"})


def test_a_form_of_another_site_signs_nobody_in(service: Guarded) -> None:
    service.person("form")
    as_text = httpx.Request(
        "POST",
        service.nobody.base_url.join(SESSION),
        headers={"Content-Type": "text/plain"},
        json={"name": "form", "password": PASSWORD},
    )
    assert service.nobody.send(as_text).status_code == 422
