"""The cookie of a session: not for scripts, not for other sites, and by HTTPS alone where there is HTTPS."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

_SESSION, _WAY = "hilum_session", "hilum_oidc"
#: Seconds that somebody may take at the provider.
_WAY_SECONDS = 600


def session_token(request: Request) -> str | None:
    return request.cookies.get(_name(request, _SESSION))


def set_session(request: Request, response: Response, token: str, seconds: int) -> None:
    _set(request, response, _SESSION, token, seconds)


def delete_session(request: Request, response: Response) -> None:
    _delete(request, response, _SESSION)


def way_state(request: Request) -> str | None:
    """Of the browser that is on its way to the provider and back."""
    return request.cookies.get(_name(request, _WAY))


def set_way(request: Request, response: Response, state: str) -> None:
    _set(request, response, _WAY, state, _WAY_SECONDS)


def delete_way(request: Request, response: Response) -> None:
    _delete(request, response, _WAY)


def _set(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    secure = _is_secure(request)
    about: dict[str, Any] = {"max_age": seconds, "path": "/", "httponly": True, "samesite": "lax", "secure": secure}
    response.set_cookie(_name(request, name), value, **about)


def _delete(request: Request, response: Response, name: str) -> None:
    secure = _is_secure(request)
    response.delete_cookie(_name(request, name), path="/", httponly=True, samesite="lax", secure=secure)


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _name(request: Request, name: str) -> str:
    """The prefix has browsers take it from this very host by HTTPS only (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{name}" if _is_secure(request) else name
