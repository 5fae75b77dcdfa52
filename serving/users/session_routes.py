"""Signing in and out: ``/api/sign-in`` and ``/api/session``."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from serving.problems import Problem
from serving.schemas import problem_responses
from serving.services import Services
from serving.store import accounts, sessions
from serving.users import schemas
from serving.users.caller import Caller, address_of, caller_of
from serving.users.cookies import delete_session, session_token, set_session
from serving.users.managing import change_account, fit, fitting
from serving.users.names import folded
from serving.users.passwords import hashing
from serving.users.rights import words
from serving.users.signing_in import Row, begin_session, sign_in
from serving.users.tokens import csrf_token, hashed
from serving.who import who_asks


def add_routes(api: APIRouter, services: Services) -> None:
    _add_signing_in(api, services)
    _add_session(api, services)


def _add_signing_in(api: APIRouter, services: Services) -> None:
    @api.get("/sign-in", summary="How one signs in here", tags=["session"], response_model=schemas.WaysIn)
    def get_sign_in() -> dict[str, Any]:
        """Open to all: what a page needs before anybody is signed in."""
        demo = services.settings.demo
        first = not demo and not accounts.is_there_any(services.store)
        return {"password": not demo, "oidc": None if demo else _provider(services), "demo": demo, "first": first}

    @api.post(
        "/session",
        summary="Sign in",
        tags=["session"],
        response_model=schemas.Session,
        responses=problem_responses(401, 422, 429, 503),
    )
    async def post_session(request: Request, response: Response, body: schemas.Credentials) -> dict[str, Any]:
        """Sets a cookie. Wrong passwords make the next try wait, longer and longer (429, `Retry-After`)."""
        _check_not_demo(services)
        account = await hashing(sign_in, services, body.name, body.password, address_of(request))
        return await run_in_threadpool(_begin, services, request, response, account, "password")

    @api.post(
        "/session/first",
        summary="Make the account of an invitation, and sign in",
        tags=["session"],
        status_code=201,
        response_model=schemas.Session,
        responses=problem_responses(401, 409, 422, 503),
    )
    async def post_first(request: Request, response: Response, body: schemas.Welcome) -> dict[str, Any]:
        """`token` is that of a link which the first start or `hilum users invite` printed; it works once."""
        _check_not_demo(services)
        token, address = hashed(body.token), address_of(request)
        if not await run_in_threadpool(sessions.is_invited, services.store, token):
            raise _not_invited()
        name = fit(body.name)
        about = {"name": name, "folded_name": folded(name), "display_name": fit(body.display_name or name)}
        wanted = {**about, "password_hash": await hashing(fitting, body.password, name)}
        account = await run_in_threadpool(_accepted, services, token, wanted, address)
        return await run_in_threadpool(_begin, services, request, response, account, "invitation")


def _add_session(api: APIRouter, services: Services) -> None:
    @api.get(
        "/session",
        summary="Who is signed in",
        tags=["session"],
        response_model=schemas.Session,
        responses=problem_responses(401, 503),
    )
    def get_session(request: Request) -> dict[str, Any]:
        return _shown(caller_of(request))

    @api.delete(
        "/session", summary="Sign out", tags=["session"], status_code=204, responses=problem_responses(401, 403, 503)
    )
    def delete(request: Request, response: Response) -> None:
        if token := session_token(request):
            sessions.end(services.store, hashed(token), who=who_asks(request.scope))
        delete_session(request, response)

    @api.post(
        "/session/password",
        summary="Change one's own password",
        tags=["session"],
        response_model=schemas.Session,
        responses=problem_responses(401, 403, 422, 429, 503),
    )
    async def post_password(request: Request, response: Response, body: schemas.ChangedPassword) -> dict[str, Any]:
        """Ends every session of the account; this one goes on under a new cookie."""
        caller = caller_of(request)
        if caller.kind != "account":
            raise Problem("not-allowed", "Only who is signed in has a password.")
        account = await hashing(sign_in, services, caller.name, body.password, address_of(request))
        who, new = who_asks(request.scope), body.new_password
        changed = await hashing(partial(change_account, services.store, account, password=new, who=who))
        return await run_in_threadpool(_begin, services, request, response, changed, "password")


def _provider(services: Services) -> dict[str, str] | None:
    if services.settings.oidc_issuer is None:
        return None
    return {"name": services.settings.oidc_name, "url": "/api/oidc/sign-in"}


def _accepted(services: Services, token: bytes, wanted: dict[str, str], address: str) -> Row:
    try:
        account = sessions.accept(services.store, token, wanted, address=address)
    except sessions.NameTaken:
        raise Problem("name-taken", "An account of this name is there already. Choose another name.") from None
    if account is None:
        raise _not_invited()
    return account


def _not_invited() -> Problem:
    words = "The link must be one that was not used and is not too old. `hilum users invite` prints another."
    return Problem("sign-in-failed", words)


def _begin(services: Services, request: Request, response: Response, account: Row, how: str) -> dict[str, Any]:
    token = begin_session(services, account, address_of(request), how=how)
    set_session(request, response, token, services.settings.session_hours * 3600)
    return _shown(Caller.of_account(account, csrf_token(token)))


def _shown(caller: Caller) -> dict[str, Any]:
    return {
        "name": caller.name,
        "display_name": caller.display_name,
        "role": caller.role,
        "rights": words(caller.rights),
        "sites": list(caller.sites),
        "csrf_token": caller.csrf_token,
        "demo": caller.kind == "demo",
    }


def _check_not_demo(services: Services) -> None:
    if services.settings.demo:
        raise Problem("not-allowed", "Nobody signs in in demo mode. Start the service without HILUM_DEMO.")
