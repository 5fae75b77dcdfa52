"""The gate before every route: nobody gets further than the table of rights lets them."""

import hmac
from ipaddress import ip_address

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from model.errors import Unavailable
from serving.problems import Problem, problem_of, problem_response
from serving.services import Services
from serving.store.audit import Act, Action, note_alone
from serving.users.authentication import authenticated
from serving.users.caller import Caller, Right, address_of, remember
from serving.users.rights import Open, needed
from serving.who import Kind, Who

CSRF_HEADER = "X-CSRF-Token"
_HARMLESS = {"GET", "HEAD", "OPTIONS"}


class Gate:
    """ASGI middleware: who asks is known to the route, and may ask for it."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            remember(request, await run_in_threadpool(admitted, self._services, request))
        except Problem as problem:
            await problem_response(problem)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def admitted(services: Services, request: Request) -> Caller | None:
    """Who asks; None where it does not matter.

    Raises:
        Problem: not-signed-in, csrf, not-allowed; busy, when it cannot be known now.
    """
    need = needed(request.method, request.scope["path"])  # a URL also has in it what the client calls its host
    if need is Open.TO_ALL or (need is Open.TO_MACHINE and _is_this_machine(request)):
        return None
    try:
        caller = authenticated(services, request)
    except Unavailable as error:
        raise problem_of(error) from error
    if caller is None:
        words = "Sign in at POST /api/session, or send a key: Authorization: Bearer hlm_... (docs/users.md)."
        raise Problem("not-signed-in", words)
    if caller.kind == "account":
        _check_csrf(request, caller)
    if isinstance(need, Right) and need not in caller.rights:
        who = Who(kind=Kind(caller.kind), name=caller.name, address=address_of(request))
        act = Act(who=who, action=Action.REFUSED, success=False, object=f"{request.method} {need}")
        note_alone(services.store, act)
        raise Problem("not-allowed", f"This takes the right to {need}; {_who(caller)} does not have it.")
    return caller


def _who(caller: Caller) -> str:
    return "this key" if caller.kind == "key" else f"a {caller.role}"


def _check_csrf(request: Request, caller: Caller) -> None:
    """A cookie goes with whatever a browser sends; what changes something must prove that our page asks."""
    if request.method in _HARMLESS:
        return
    if not hmac.compare_digest(request.headers.get(CSRF_HEADER, "").encode(), caller.csrf_token.encode()):
        words = f"{CSRF_HEADER} must be csrf_token of GET /api/session in whatever changes something."
        raise Problem("csrf", words)


def _is_this_machine(request: Request) -> bool:
    """Not somebody behind a proxy on it that nobody told us of."""
    forwarded = {"x-forwarded-for", "forwarded", "x-real-ip"} & set(request.headers)
    try:
        return not forwarded and ip_address(address_of(request)).is_loopback
    except ValueError:
        return False
