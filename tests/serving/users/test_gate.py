"""No route is open, but those that are listed here as open; nobody has more than their role or their key's scopes."""

from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.routing import BaseRoute, Mount, Route

from serving.app import create_app
from serving.problems import Problem
from serving.services import Services
from serving.users.gate import admitted
from serving.users.rights import is_listed
from tests.serving.live import new_store
from tests.serving.users.people import Guarded

#: Open to all.
OPEN = {
    ("GET", "/"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),  # to this machine, where the test runs; see test_metrics_are_for_this_machine
    ("GET", "/static/{path}"),
    ("GET", "/viewer/{path}"),
    ("GET", "/api/sign-in"),
    ("POST", "/api/session"),
    ("POST", "/api/session/first"),
    ("GET", "/api/oidc/sign-in"),
    ("GET", "/api/oidc/callback"),
}
#: Beside them, to whoever is known.
KNOWN = {
    ("GET", "/docs"),
    ("GET", "/openapi.json"),
    ("GET", "/api/session"),
    ("POST", "/api/session/password"),
    ("DELETE", "/api/session"),
    ("OPTIONS", "/dicom-web"),
    ("OPTIONS", "/dicom-web/"),
}
SEND = {
    ("POST", "/api/instances"),
    ("POST", "/dicom-web/studies"),
    ("POST", "/dicom-web/studies/{study_instance_uid}"),
}
REVIEW = {("POST", "/api/readings/{reading_id}/review")}
CONFIGURE = {
    ("GET", "/api/users"),
    ("POST", "/api/users"),
    ("PATCH", "/api/users/{name}"),
    ("GET", "/api/keys"),
    ("POST", "/api/keys"),
    ("DELETE", "/api/keys/{key_id}"),
    ("POST", "/api/keys/{key_id}/rotate"),
    ("GET", "/api/dead-letters"),
    ("POST", "/api/dead-letters/{dead_letter_id}/replay"),
    ("GET", "/api/audit"),
    ("GET", "/api/destinations"),
    ("GET", "/api/destinations/{name}"),
    ("PUT", "/api/destinations/{name}"),
    ("DELETE", "/api/destinations/{name}"),
    ("POST", "/api/destinations/{name}/test"),
}


def _routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path of everything that is served, by the document and by the routes themselves."""
    for path, methods in app.openapi()["paths"].items():
        yield from ((method.upper(), path) for method in methods)
    yield from _walk(app.routes)


def _walk(routes: list[BaseRoute]) -> Iterator[tuple[str, str]]:
    for route in routes:
        if isinstance(route, Mount):
            yield "GET", f"/{route.path.split('/')[1]}/{{path}}"
        elif isinstance(route, APIRoute | Route):
            path = route.path.replace(":path}", "}")
            yield from ((method, path) for method in route.methods or () if method != "HEAD")
        else:
            yield from _walk(route.original_router.routes)  # type: ignore[attr-defined] # of include_router


@pytest.fixture(scope="module")
def routes() -> list[tuple[str, str]]:
    with new_store() as (settings, store):
        return sorted(set(_routes(create_app(settings, store, "stub 1"))))


def _status(client: httpx.Client, method: str, path: str) -> int:
    url = path.format_map(_Any())
    with client.stream(method, url) as answer:  # events have no end
        return answer.status_code


class _Any(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "1" if name.endswith("_id") else "page.css" if name == "path" else "1.2.3"


def test_the_walk_finds_what_there_is(routes: list[tuple[str, str]]) -> None:
    assert {*OPEN, *KNOWN, *SEND, *REVIEW, *CONFIGURE} <= set(routes)
    assert sum(path.startswith("/dicom-web") for _, path in routes) > 20


def test_every_route_is_in_the_table(routes: list[tuple[str, str]]) -> None:
    assert [route for route in routes if not is_listed(route[0], route[1].format_map(_Any()))] == []


def test_nobody_gets_further_than_what_is_open(service: Guarded, routes: list[tuple[str, str]]) -> None:
    let_in = {route for route in routes if _status(service.nobody, *route) != 401 or route == ("POST", "/api/session")}
    assert let_in - {("POST", "/api/session/first")} == OPEN - {("POST", "/api/session/first")}


def _forbidden(client: httpx.Client, routes: list[tuple[str, str]]) -> set[tuple[str, str]]:
    last = ("DELETE", "/api/session")  # it signs out
    return {route for route in [*(one for one in routes if one != last), last] if _status(client, *route) == 403}


def _of(routes: list[tuple[str, str]], *kinds: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return set(routes) - OPEN - KNOWN - set().union(*kinds)


def test_each_role_may_what_it_may(service: Guarded, routes: list[tuple[str, str]]) -> None:
    assert _forbidden(service.person("r"), routes) == CONFIGURE
    assert _forbidden(service.person("a", "administrator"), routes) == set()
    assert _forbidden(service.person("i", "integration"), routes) == CONFIGURE | REVIEW


def test_each_key_may_what_its_scopes_say(service: Guarded, routes: list[tuple[str, str]]) -> None:
    read = _of(routes, SEND, REVIEW, CONFIGURE)
    assert _forbidden(service.machine("s", "send"), routes) == read | REVIEW | CONFIGURE
    assert _forbidden(service.machine("r", "read"), routes) == SEND | REVIEW | CONFIGURE
    assert _forbidden(service.machine("v", "review", "read"), routes) == SEND | CONFIGURE
    assert _forbidden(service.machine("c", "configure"), routes) == read | SEND | REVIEW


@pytest.mark.parametrize(
    "path", ["/nowhere", "/api/nowhere", "/static/../api/studies", "//api/studies", "/api/studies/"]
)
def test_what_is_not_served_tells_nobody_so(service: Guarded, path: str) -> None:
    assert service.nobody.get(path).status_code == 401


def test_metrics_are_for_this_machine_and_for_who_is_known(service: Guarded) -> None:
    assert service.nobody.get("/metrics").status_code == 200
    assert service.nobody.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 401
    assert service.machine("m", "send").get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 200


def test_who_is_not_known_hears_only_whether_it_is_ready(service: Guarded) -> None:
    assert set(service.nobody.get("/readyz").json()) == {"status"}
    assert service.machine("known", "send").get("/readyz").json()["database"] is True


def test_the_problem_says_what_to_do(service: Guarded) -> None:
    answer = service.nobody.get("/api/studies")
    assert answer.json()["type"] == "urn:hilum:problem:not-signed-in"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Hilum"'  # a browser asks for no password of its own
    assert answer.headers["Content-Security-Policy"]
    refused = service.person("refused").get("/api/users")
    assert refused.json()["type"] == "urn:hilum:problem:not-allowed"
    assert service.audit("refused", success=False)[-1] == ("refused", "GET configure", {})


@pytest.mark.parametrize("host", ["localhost:8000/healthz?", "localhost:8000/static/#", "localhost/healthz?"])
def test_no_host_leads_around_the_gate(service: Guarded, host: str) -> None:
    """What a request names as its host is no part of where it goes."""
    answer = service.nobody.get("/api/studies", headers={"Host": host})
    assert answer.status_code == 400, answer.text
    scope = {"type": "http", "method": "GET", "path": "/api/studies", "query_string": b"", "client": ("127.0.0.1", 1)}
    request = Request({**scope, "scheme": "http", "headers": [(b"host", host.encode())]})
    with pytest.raises(Problem, match="Sign in"):
        admitted(Services(service.settings, service.store, "stub", None, None, None), request)  # type: ignore[arg-type]
