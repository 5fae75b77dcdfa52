"""The cookie of a session: not for scripts, not for other sites, and by HTTPS alone where there is HTTPS."""

from starlette.requests import Request
from starlette.responses import Response

_NAME = "hilum_session"


def session_token(request: Request) -> str | None:
    return request.cookies.get(_name(request))


def set_session(request: Request, response: Response, token: str, seconds: int) -> None:
    response.set_cookie(
        _name(request), token, max_age=seconds, path="/", httponly=True, samesite="lax", secure=_is_secure(request)
    )


def delete_session(request: Request, response: Response) -> None:
    response.delete_cookie(_name(request), path="/", httponly=True, samesite="lax", secure=_is_secure(request))


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _name(request: Request) -> str:
    """The prefix has browsers take it from this very host by HTTPS only (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{_NAME}" if _is_secure(request) else _NAME
