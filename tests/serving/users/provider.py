"""A real OpenID Connect provider (oidc-provider-mock), beside the test, and a browser that signs in there."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from werkzeug.serving import make_server

from tests.threaded import threaded

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it still uses what its library will move
    import oidc_provider_mock


@dataclass
class Provider:
    issuer: str
    #: What was asked of /oauth2/token, in order.
    exchanged: list[dict[str, str]] = field(default_factory=list)
    #: Instead of the ID token that it made.
    forged: Any = None

    def knows(self, subject: str, **claims: Any) -> None:
        httpx.put(f"{self.issuer}/users/{subject}", json=claims).raise_for_status()

    def sign_in(self, browser: httpx.Client, subject: str) -> httpx.Response:
        """From our link to the provider, and back with whatever it answers."""
        way = browser.get("/api/oidc/sign-in")
        assert way.status_code == 302, way.text
        return browser.get(self.come_back(way.headers["Location"], subject))

    def come_back(self, url: str, subject: str) -> str:
        """Where the provider sends a browser that came by ``url`` and signed in there."""
        answer = httpx.post(url, data={"sub": subject})
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


def query(url: str) -> Mapping[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


@contextmanager
def provider() -> Iterator[Provider]:
    import flask

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        app = oidc_provider_mock.app()
    app.debug = False
    server = make_server("localhost", 0, app.wsgi_app, threaded=True)
    made = Provider(issuer=f"http://localhost:{server.server_port}")

    @app.before_request
    def note() -> None:
        if flask.request.path == "/oauth2/token":
            made.exchanged.append(flask.request.form.to_dict())

    @app.after_request
    def forge(response: flask.Response) -> flask.Response:
        if made.forged and flask.request.path == "/oauth2/token" and response.status_code == 200:
            response.set_data(flask.json.dumps(made.forged(response.get_json())))
        return response

    with threaded(server):
        yield made
