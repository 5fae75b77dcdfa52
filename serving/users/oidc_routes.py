"""Signing in by OpenID Connect: to the provider and back, both by links that a browser follows."""

import hmac
import logging
from types import ModuleType
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from serving.problems import Problem
from serving.schemas import problem_responses
from serving.services import Services
from serving.store import accounts, sessions
from serving.store.accounts import NewAccount
from serving.users.caller import address_of
from serving.users.cookies import delete_way, set_session, set_way, way_state
from serving.users.managing import change_account, fit
from serving.users.names import folded
from serving.users.oidc import NotSignedIn, Person, Way
from serving.users.signing_in import Row, begin_session
from serving.users.tokens import hashed
from serving.who import Who, service

log = logging.getLogger("hilum.users")

SIGN_IN, _CALLBACK = "/oidc/sign-in", "/oidc/callback"
_REDIRECT: dict[int | str, dict[str, Any]] = {302: {"description": "Go on there"}}


def add_routes(api: APIRouter, services: Services) -> None:
    @api.get(
        SIGN_IN,
        summary="Sign in by OpenID Connect",
        tags=["session"],
        response_class=RedirectResponse,
        status_code=302,
        responses={**_REDIRECT, **problem_responses(404, 503)},
    )
    def get_sign_in(request: Request) -> RedirectResponse:
        """A link to follow: it leads to the provider, and from there to the callback."""
        _check_set(services)
        way = Way.new()
        url = _provider().authorization_url(services.settings, way, _redirect_uri(request))
        sessions.begin_way(services.store, hashed(way.state), nonce=way.nonce, verifier=way.verifier)
        answer = RedirectResponse(url, status_code=302)
        set_way(request, answer, way.state)
        return answer

    @api.get(
        _CALLBACK,
        summary="Where the provider sends the browser back",
        tags=["session"],
        response_class=RedirectResponse,
        status_code=302,
        responses={**_REDIRECT, **problem_responses(401, 403, 404, 503)},
    )
    def get_callback(request: Request, state: str = "", code: str = "") -> RedirectResponse:
        """Signs in and leads to the page; a browser that is not let in is led there too, to be told why."""
        _check_set(services)
        try:
            account = _account_at_provider(services, request, state, code)
        except Problem as problem:
            if "text/html" not in request.headers.get("accept", ""):
                raise
            return RedirectResponse(f"/?not-let-in={problem.slug}", status_code=302)
        answer = RedirectResponse("/", status_code=302)
        token = begin_session(services, account, address_of(request), how="oidc")
        set_session(request, answer, token, services.settings.session_hours * 3600)
        delete_way(request, answer)
        return answer


def _account_at_provider(services: Services, request: Request, state: str, code: str) -> Row:
    """Of the person whom the provider sent back.

    Raises:
        Problem: sign-in-failed, not-allowed.
    """
    way = _way_back(services, request, state)
    try:
        person = _provider().person_of(services.settings, way, code, _redirect_uri(request))
    except NotSignedIn as error:
        log.warning("the provider's answer is not believed: %s", error)
        sessions.note_failure(services.store, "", address_of(request), reason="oidc")
        raise _not_believed() from None
    return _account_of(services, person, address_of(request))


def _provider() -> ModuleType:
    """What asks the provider. It takes an extra: settings that name one without it do not start (``check_oidc``)."""
    from serving.users import oidc_provider  # noqa: PLC0415

    return oidc_provider


def _check_set(services: Services) -> None:
    if services.settings.oidc_issuer is None or services.settings.demo:
        raise Problem("not-found", "Nobody signs in by OpenID Connect here (HILUM_OIDC_ISSUER).")


def _redirect_uri(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}/api{_CALLBACK}"


def _way_back(services: Services, request: Request, state: str) -> Way:
    """Of the very browser that set out, once."""
    is_same = hmac.compare_digest((way_state(request) or "").encode(), state.encode())
    row = sessions.end_way(services.store, hashed(state)) if is_same else None
    if row is None:
        raise _not_believed()
    return Way(state=state, nonce=row["nonce"], verifier=row["verifier"])


def _account_of(services: Services, person: Person, address: str) -> Row:
    """Theirs: known before, kept ready for them without a password, or made now if the settings allow it.

    Raises:
        Problem: not-allowed.
    """
    store, settings = services.store, services.settings
    role = person.role if settings.oidc_roles else "reader"
    account: Row | None = accounts.by_subject(store, person.subject) or accounts.link(
        store, folded(person.name), person.subject, who=service("oidc")
    )
    if account is not None and role is not None and not account["disabled"]:
        return _with_role(services, account, role) if settings.oidc_roles else account
    if account is None and role is not None and settings.oidc_new_accounts:
        account = _made(services, person, role)
    if account is None or role is None or account["disabled"]:
        sessions.note_failure(store, account["name"] if account else "", address, reason="oidc: no role or account")
        raise Problem("not-allowed", "The provider knows you, but you have no account or role here. Ask for one.")
    return account


def _with_role(services: Services, account: Row, role: str) -> Row:
    """As the provider says now; the last administrator stays one."""
    if account["role"] == role:
        return account
    try:
        return change_account(services.store, account, role=role, sites=_sites(account, role), who=service("oidc"))
    except Problem as problem:
        log.warning("the role of an account stays: %s", problem.detail)
        return account


def _sites(account: Row, role: str) -> list[str] | None:
    return [] if role == accounts.ADMINISTRATOR and account["sites"] else None


def _made(services: Services, person: Person, role: str) -> Row | None:
    """None when somebody else has the name."""
    name = fit(person.name)
    account = NewAccount(
        name=name, folded_name=folded(name), display_name=fit(person.display_name), role=role, subject=person.subject
    )
    who: Who = service("oidc")
    return accounts.add(services.store, account, who=who)


def _not_believed() -> Problem:
    return Problem("sign-in-failed", "The way back must be of the browser that set out, once, in time. Begin anew.")
