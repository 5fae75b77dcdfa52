from collections.abc import Iterator

import httpx
import pytest

from tests.fakes import StubReader
from tests.serving.live import live


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with live(StubReader()) as client:
        yield client


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8000"}, 200),
        ({"Host": "[::1]:8000"}, 200),
        ({"Host": "evil.example"}, 400),
        ({"Host": "127.0.0.1.evil.example"}, 400),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200),  # a link that a person follows
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}, 403),
    ],
)
def test_only_allowed_hosts_and_our_own_pages_may_ask(
    client: httpx.Client, headers: dict[str, str], status: int
) -> None:
    assert client.get("/healthz", headers=headers).status_code == status


def test_a_form_of_another_site_cannot_send(client: httpx.Client) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    answer = client.post("/api/instances", files={"f": b"x"}, headers=headers)
    assert answer.status_code == 403
    assert client.get("/api/studies").json()["studies"] == []


def test_a_star_allows_every_host() -> None:
    with live(StubReader(), allowed_hosts="*") as client:
        assert client.get("/healthz", headers={"Host": "hilum.hospital.example"}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/docs", "/api/studies", "/nowhere", "/static/page.js"])
def test_every_answer_is_guarded(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"]
