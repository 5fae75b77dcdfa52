"""What stands before every request: which hosts and sites may ask, and what a browser may do with the answer."""

import logging
import re
from collections.abc import Collection

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from model.errors import Misconfigured
from serving.logs import place_of
from serving.problems import Problem, problem_response
from serving.settings import Settings, names

log = logging.getLogger("hilum.guard")

#: The page needs its own files and nothing else; no inline script, no inline style.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


#: Where it was reached by HTTPS once, a browser comes by nothing else for a year (RFC 6797).
_ONLY_HTTPS = "max-age=31536000"

#: Host (RFC 9110, 7.2): what is none could change the URLs that we make of it.
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]*)?")
#: As browsers write it (RFC 6454, 6.2).
_ORIGIN = re.compile(r"https?://[^/\s*,@]+")
#: What pages of other origins may read besides what they always may (Fetch, 3.2.6).
_EXPOSED = ("Content-Location", "ETag", "Link", "Location", "Retry-After", "Warning")


def add_guard(app: FastAPI, settings: Settings) -> None:
    """Guard an application; pages of the origins that the settings name may use it.

    Raises:
        Misconfigured: when one of them is no origin.
    """
    origins = allowed_origins(settings)
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=("GET", "HEAD", "POST", "PUT", "DELETE"),
            allow_headers=("*",),
            expose_headers=_EXPOSED,
            allow_private_network=True,
        )
    app.add_middleware(Guard, allowed_hosts=settings.allowed_hosts, allowed_origins=origins)


def allowed_origins(settings: Settings) -> tuple[str, ...]:
    """Origins of other sites whose pages may use the service.

    Raises:
        Misconfigured: when one of them is no origin.
    """
    origins = names(settings.cors_origins)
    if not all(_ORIGIN.fullmatch(origin) for origin in origins):
        words = "HILUM_CORS_ORIGINS must name origins such as https://viewer.hospital.example, separated by commas."
        raise Misconfigured(f"{words} A path, a slash at the end and * are none.")
    return origins


class Guard:
    """ASGI middleware. Without users, it is what keeps other sites' pages away from patients' data."""

    def __init__(self, app: ASGIApp, allowed_hosts: str, allowed_origins: Collection[str] = ()) -> None:
        self._app = app
        self._hosts = {host.lower() for host in names(allowed_hosts)}
        self._origins = frozenset(allowed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = _ONLY_HTTPS
            await send(message)

        problem = self._problem(scope["method"], Headers(scope=scope))
        answer = problem_response(problem) if problem else self._app
        try:
            await answer(scope, receive, send_guarded)
        except ClientDisconnect:
            log.info("a client hung up before its request ended")
        except Exception as error:  # noqa: BLE001 - the request's edge: nothing of ours reaches the server's own log
            log.error("request failed: %s", place_of(error))
            if started:
                return  # the server hangs up: an answer that ends early is no answer
            problem = Problem("failed", f"An error of ours ({type(error).__name__}). The log says where.")
            await problem_response(problem)(scope, receive, send_guarded)

    def _problem(self, method: str, headers: Headers) -> Problem | None:
        host = _HOST.fullmatch(headers.get("host", "").lower())
        if host is None or ("*" not in self._hosts and host["name"] not in self._hosts):
            return Problem("wrong-host", "The Host header must name an allowed host. Add yours to HILUM_ALLOWED_HOSTS.")
        is_link = method == "GET" and headers.get("sec-fetch-mode") == "navigate"
        is_allowed = is_link or headers.get("origin") in self._origins
        if headers.get("sec-fetch-site") in {"cross-site", "same-site"} and not is_allowed:
            return Problem("other-site", "Pages of other sites may not use this service.")
        return None
