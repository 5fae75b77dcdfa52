"""What stands before every request: which hosts and sites may ask, and what a browser may do with the answer."""

import logging

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.logs import place_of
from serving.problems import Problem, problem_response

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


class Guard:
    """ASGI middleware. Without users, it is what keeps other sites' pages away from patients' data."""

    def __init__(self, app: ASGIApp, allowed_hosts: str) -> None:
        self._app = app
        self._hosts = {host.strip().lower() for host in allowed_hosts.split(",") if host.strip()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        problem = self._problem(scope["method"], Headers(scope=scope))
        answer = problem_response(problem) if problem else self._app
        try:
            await answer(scope, receive, send_guarded)
        except Exception as error:  # noqa: BLE001 - the request's edge: nothing of ours reaches the server's own log
            log.error("request failed: %s", place_of(error))
            problem = Problem("failed", f"An error of ours ({type(error).__name__}). The log says where.")
            await problem_response(problem)(scope, receive, send_guarded)

    def _problem(self, method: str, headers: Headers) -> Problem | None:
        host = headers.get("host", "").lower()
        name = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
        if "*" not in self._hosts and name not in self._hosts:
            return Problem("wrong-host", "The Host header must name an allowed host. Add yours to HILUM_ALLOWED_HOSTS.")
        is_link = method == "GET" and headers.get("sec-fetch-mode") == "navigate"
        if headers.get("sec-fetch-site") in {"cross-site", "same-site"} and not is_link:
            return Problem("other-site", "Pages of other sites may not use this service.")
        return None
