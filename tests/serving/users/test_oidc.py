"""Signing in by OpenID Connect, with a real provider."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import httpx
import pytest

from model.errors import Misconfigured
from serving.settings import Settings
from serving.users import oidc
from serving.users.managing import make_account
from serving.users.oidc import check_oidc
from tests.serving.users.people import PASSWORD, TEST, Guarded, guarded

pytest.importorskip("oidc_provider_mock", reason="the provider is not installed: oidc-provider-mock")
from tests.serving.users.provider import Provider, provider, query

# What the provider's own code is warned of.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

ROLES = "administrator=hilum-admins,reader=radiology"


@dataclass(frozen=True)
class Both:
    service: Guarded
    provider: Provider

    def sign_in(self, subject: str) -> tuple[httpx.Client, httpx.Response]:
        browser = self.service.client()
        return browser, self.provider.sign_in(browser, subject)


@pytest.fixture(scope="module")
def both() -> Iterator[Both]:
    with provider() as made:
        settings = {"oidc_issuer": made.issuer, "oidc_client_id": "hilum", "oidc_roles": ROLES, "oidc_name": "City"}
        with guarded(**settings, oidc_client_secret="of hilum", oidc_new_accounts=True) as service:
            yield Both(service, made)


def test_how_one_signs_in_is_told(both: Both) -> None:
    ways = both.service.nobody.get("/api/sign-in").json()
    assert ways["oidc"] == {"name": "City", "url": "/api/oidc/sign-in"}


def test_who_the_provider_knows_gets_an_account_with_the_role_of_their_group(both: Both) -> None:
    both.provider.knows("17", preferred_username="reader.17", name="Dr. Seventeen", groups=["all", "radiology"])
    browser, answer = both.sign_in("17")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    session = browser.get("/api/session").json()
    assert (session["name"], session["display_name"], session["role"]) == ("reader.17", "Dr. Seventeen", "reader")
    assert "hilum_oidc" not in browser.cookies
    assert both.service.audit("signed-in")[-1] == ("reader.17", "", {"how": "oidc"})
    assert both.service.nobody.post("/api/session", json={"name": "reader.17", "password": ""}).status_code == 401


def test_the_role_follows_the_provider_at_each_sign_in(both: Both) -> None:
    both.provider.knows("18", preferred_username="changes", groups="radiology")
    assert both.sign_in("18")[0].get("/api/session").json()["role"] == "reader"
    both.provider.knows("18", preferred_username="other name now", groups=["hilum-admins"])
    session = both.sign_in("18")[0].get("/api/session").json()
    assert (session["name"], session["role"]) == ("changes", "administrator")


@pytest.mark.parametrize("groups", [[], ["kitchen"], None, {"radiology": True}, "radiologyx"])
def test_without_a_role_nobody_gets_in(both: Both, groups: Any) -> None:
    both.provider.knows("19", preferred_username="cook", groups=groups)
    browser, answer = both.sign_in("19")
    assert answer.json()["type"] == "urn:hilum:problem:not-allowed"
    assert browser.get("/api/session").status_code == 401


def test_an_account_of_a_password_is_not_taken_over(both: Both) -> None:
    make_account(both.service.store, name="local", role="administrator", password=PASSWORD, who=TEST)
    both.provider.knows("20", preferred_username="LOCAL", groups="radiology")
    assert both.sign_in("20")[1].status_code == 403


def test_an_account_that_was_kept_ready_is_given_once(both: Both) -> None:
    make_account(both.service.store, name="ready", role="reader", sites=["north"], who=TEST)
    both.provider.knows("21", preferred_username="ready", groups="radiology")
    assert both.sign_in("21")[0].get("/api/session").json()["sites"] == ["north"]
    both.provider.knows("22", preferred_username="ready", groups="radiology")
    assert both.sign_in("22")[1].status_code == 403


def test_who_is_disabled_stays_out(both: Both) -> None:
    both.provider.knows("23", preferred_username="gone", groups="radiology")
    assert both.sign_in("23")[1].status_code == 302
    administrator = both.service.person("keeper", "administrator")
    administrator.patch("/api/users/gone", json={"disabled": True})
    assert both.sign_in("23")[1].status_code == 403


def test_the_code_is_of_use_only_with_what_never_left_the_service(both: Both) -> None:
    both.provider.knows("24", preferred_username="pkce", groups="radiology")
    browser = both.service.client()
    asked = query(browser.get("/api/oidc/sign-in").headers["Location"])
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert asked["redirect_uri"] == f"{both.service.nobody.base_url}/api/oidc/callback"
    both.provider.sign_in(browser, "24")
    asked_again = query(browser.get("/api/oidc/sign-in").headers["Location"])
    assert {name for name in asked if asked[name] != asked_again[name]} == {"state", "nonce", "code_challenge"}
    url = browser.get("/api/oidc/sign-in").headers["Location"]
    browser.get(both.provider.come_back(url, "24"))
    verifier = both.provider.exchanged[-1]["code_verifier"]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert query(url)["code_challenge"] == challenge


def test_the_way_back_is_of_the_same_browser_and_once(both: Both) -> None:
    both.provider.knows("25", preferred_username="same", groups="radiology")
    mine, others = both.service.client(), both.service.client()
    back = both.provider.come_back(mine.get("/api/oidc/sign-in").headers["Location"], "25")
    others.get("/api/oidc/sign-in")
    assert others.get(back).json()["type"] == "urn:hilum:problem:sign-in-failed"
    assert mine.get(back).status_code == 302
    assert mine.get(back).status_code == 401
    assert mine.get("/api/oidc/callback").status_code == 401


def test_a_way_that_took_too_long_leads_nowhere(both: Both) -> None:
    both.provider.knows("26", preferred_username="slow", groups="radiology")
    browser = both.service.client()
    back = both.provider.come_back(browser.get("/api/oidc/sign-in").headers["Location"], "26")
    with both.service.store.database.transaction() as connection:
        connection.execute("UPDATE oidc_way SET began_at = began_at - interval '11 minutes'")
    assert browser.get(back).status_code == 401


def _payload(token: dict[str, Any], **changes: Any) -> str:
    """The ID token with other claims under its old signature."""
    head, payload, signature = token["id_token"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    changed = base64.urlsafe_b64encode(json.dumps({**claims, **changes}).encode()).rstrip(b"=").decode()
    return f"{head}.{changed}.{signature}"


def _unsigned(token: dict[str, Any]) -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    return f"{head}.{token['id_token'].split('.')[1]}."


@pytest.mark.parametrize(
    "forged",
    [
        lambda token: {**token, "id_token": _payload(token, groups=["hilum-admins"])},
        lambda token: {**token, "id_token": _unsigned(token)},
        lambda token: {**token, "id_token": "no token"},
        lambda token: {name: token[name] for name in token if name != "id_token"},
        lambda token: {"error": "invalid_grant"},
    ],
)
def test_what_the_provider_did_not_sign_is_not_believed(both: Both, forged: Callable[[Any], Any]) -> None:
    both.provider.knows("27", preferred_username="forged", groups="radiology")
    both.provider.forged = forged
    try:
        assert both.sign_in("27")[1].status_code == 401
    finally:
        both.provider.forged = None


def test_a_token_of_another_sign_in_is_not_believed(both: Both) -> None:
    both.provider.knows("28", preferred_username="replayed", groups="radiology")
    tokens: list[Any] = []

    def kept(token: Any) -> Any:
        tokens.append(token)
        return tokens[0]  # the nonce in it is the first one's

    both.provider.forged = kept
    try:
        assert [both.sign_in("28")[1].status_code for _ in range(2)] == [302, 401]
    finally:
        both.provider.forged = None


def test_new_accounts_are_made_only_if_the_settings_say_so() -> None:
    with (
        provider() as made,
        guarded(oidc_issuer=made.issuer, oidc_client_id="hilum", oidc_client_secret="of hilum") as service,
    ):
        made.knows("1", preferred_username="new")
        assert made.sign_in(service.client(), "1").status_code == 403
        make_account(service.store, name="new", role="integration", who=TEST)
        browser = service.client()
        assert made.sign_in(browser, "1").status_code == 302
        assert browser.get("/api/session").json()["role"] == "integration"  # without rules, it stays


def test_a_provider_that_is_away_is_told() -> None:
    with guarded(oidc_issuer="http://localhost:9", oidc_client_id="hilum", oidc_client_secret="x") as service:
        assert service.nobody.get("/api/oidc/sign-in").status_code == 503


def test_without_a_provider_there_is_no_way(service: Guarded) -> None:
    assert service.nobody.get("/api/oidc/sign-in").status_code == 404
    assert service.nobody.get("/api/oidc/callback?code=1&state=2").status_code == 404


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"oidc_issuer": "https://id.example", "oidc_client_id": "x", "oidc_client_secret": "y"}, None),
        ({"oidc_issuer": "http://id.example"}, "HILUM_OIDC_ISSUER must be a URL"),
        ({"oidc_issuer": "https://id.example"}, "HILUM_OIDC_CLIENT_ID and HILUM_OIDC_CLIENT_SECRET must be set"),
        ({"oidc_roles": "root=x"}, "HILUM_OIDC_ROLES must list"),
        ({"oidc_roles": "reader="}, "HILUM_OIDC_ROLES must list"),
    ],
)
def test_settings_must_fit(changes: dict[str, str], told: str | None) -> None:
    settings = Settings(**changes)  # type: ignore[arg-type]
    if told is None:
        check_oidc(settings)
    else:
        with pytest.raises(Misconfigured, match=told):
            check_oidc(settings)


def test_without_its_extra_a_provider_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc, "find_spec", lambda name: None if name == "authlib" else find_spec(name))
    known = {"oidc_issuer": "https://login.example", "oidc_client_id": "hilum", "oidc_client_secret": "secret"}
    with pytest.raises(Misconfigured, match=re.escape("pip install 'hilum[oidc]'")):
        check_oidc(Settings(**known))  # type: ignore[arg-type]
