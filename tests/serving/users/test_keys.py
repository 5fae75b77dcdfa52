"""Keys of machines: by header, scoped, expiring, rotated, revoked."""

from base64 import b64encode
from typing import Any

import httpx
import pytest

from tests.serving.users.people import Guarded

KEYS = "/api/keys"


@pytest.fixture(scope="module")
def administrator(service: Guarded) -> httpx.Client:
    return service.person("keeper", "administrator")


def _made(administrator: httpx.Client, name: str, **more: object) -> dict[str, Any]:
    answer = administrator.post(KEYS, json={"name": name, "scopes": ["read"], **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def _status(service: Guarded, authorization: str) -> int:
    return service.nobody.get("/api/studies", headers={"Authorization": authorization}).status_code


def _basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def test_a_key_is_a_bearer_or_the_password_of_basic(service: Guarded, administrator: httpx.Client) -> None:
    secret = _made(administrator, "pacs")["secret"]
    assert secret.startswith("hlm_")
    assert _status(service, f"Bearer {secret}") == 200
    assert _status(service, _basic("pacs", secret)) == 200
    assert _status(service, _basic("anything", secret)) == 200


@pytest.mark.parametrize(
    "spoil",
    [
        lambda secret: secret,  # no scheme
        lambda secret: f"Bearer {secret[:-1]}",
        lambda secret: f"Bearer {secret[:-1]}{'A' if secret[-1] != 'A' else 'B'}",
        lambda secret: f"Bearer {secret[:12]}",
        lambda secret: f"Bearer hlm_00000000_{secret[13:]}",
        lambda secret: f"Digest {secret}",
        lambda secret: "Basic !",
        lambda secret: "Basic /w==",
        lambda secret: _basic(secret, ""),
        lambda secret: "Bearer",
    ],
)
def test_what_is_not_the_key_is_none(service: Guarded, spoil: Any) -> None:
    known = service.machine(f"spoiled {id(spoil)}", "read").headers["Authorization"].removeprefix("Bearer ")
    assert _status(service, spoil(known)) == 401


def test_no_secret_is_shown_again_or_kept(service: Guarded, administrator: httpx.Client) -> None:
    made = _made(administrator, "kept", days=None)
    listed = {one["name"]: one for one in administrator.get(KEYS).json()["keys"]}
    assert listed["kept"] == {name: value for name, value in made.items() if name != "secret"}
    assert listed["kept"]["expires_at"] is None
    with service.store.database.connection() as connection:
        rows = connection.execute("SELECT k::text AS row FROM api_key k").fetchall()
    assert not any(made["secret"][13:] in row["row"] for row in rows)


def test_a_revoked_key_is_none_at_once_and_its_name_is_free(service: Guarded, administrator: httpx.Client) -> None:
    made = _made(administrator, "gone")
    assert administrator.post(KEYS, json={"name": "gone", "scopes": ["read"]}).status_code == 409
    assert administrator.delete(f"{KEYS}/{made['key_id']}").status_code == 204
    assert _status(service, f"Bearer {made['secret']}") == 401
    assert administrator.delete(f"{KEYS}/{made['key_id']}").status_code == 404
    assert administrator.post(f"{KEYS}/{made['key_id']}/rotate").status_code == 404
    _made(administrator, "gone")


def test_a_rotated_key_has_two_secrets_for_a_while(service: Guarded, administrator: httpx.Client) -> None:
    first = _made(administrator, "rotated")
    second = administrator.post(f"{KEYS}/{first['key_id']}/rotate").json()
    assert (second["prefix"], second["former_until"] is not None) == (first["prefix"], True)
    assert [_status(service, f"Bearer {one['secret']}") for one in (first, second)] == [200, 200]
    third = administrator.post(f"{KEYS}/{first['key_id']}/rotate", json={"grace_hours": 0}).json()
    assert [_status(service, f"Bearer {one['secret']}") for one in (first, second, third)] == [401, 401, 200]


def test_a_key_expires(service: Guarded, administrator: httpx.Client) -> None:
    made = _made(administrator, "old", days=1)
    with service.store.database.transaction() as connection:
        connection.execute("UPDATE api_key SET expires_at = now() WHERE name = 'old'")
    assert _status(service, f"Bearer {made['secret']}") == 401


def test_when_it_was_used_is_told(service: Guarded, administrator: httpx.Client) -> None:
    made = _made(administrator, "used")
    assert made["last_used_at"] is None
    _status(service, f"Bearer {made['secret']}")
    listed = {one["name"]: one for one in administrator.get(KEYS).json()["keys"]}
    assert listed["used"]["last_used_at"] is not None


def test_a_key_needs_no_proof_that_our_page_asks(service: Guarded) -> None:
    assert service.machine("no page", "send").post("/api/instances", files={"f": b"x"}).status_code == 202


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": []},
        {"scopes": ["everything"]},
        {"name": ""},
        {"days": 0},
        {"scopes": ["configure"], "sites": ["north"]},
        {"more": 1},
    ],
)
def test_what_is_no_key_is_told(administrator: httpx.Client, wrong: dict[str, Any]) -> None:
    answer = administrator.post(KEYS, json={"name": "wrong", "scopes": ["read"], **wrong})
    assert answer.json()["type"] == "urn:hilum:problem:invalid"


def test_each_change_is_a_line_of_the_audit_trail(service: Guarded, administrator: httpx.Client) -> None:
    made = _made(administrator, "noted", sites=["north"])
    administrator.post(f"{KEYS}/{made['key_id']}/rotate")
    administrator.delete(f"{KEYS}/{made['key_id']}")
    lines = [(actor, details) for actor, name, details in service.audit("accounts") if name == "key noted"]
    assert lines == [
        ("keeper", {"change": "made", "scopes": ["read"], "sites": ["north"]}),
        ("keeper", {"change": "rotated", "hours": 24}),
        ("keeper", {"change": "revoked"}),
    ]
