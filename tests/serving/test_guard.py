from collections.abc import Iterator

import httpx
import pytest

from model.errors import Misconfigured
from serving.app import create_app
from tests.fakes import StubReader
from tests.serving.live import live, new_store


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
        ({"Host": "localhost:8000/healthz?"}, 400),
        ({"Host": "localhost:8000@evil.example"}, 400),
        ({"Host": ""}, 400),
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
    with live(StubReader(), allowed_hosts="*", demo=False) as client:
        assert client.get("/healthz", headers={"Host": "hilum.hospital.example"}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/docs", "/api/studies", "/nowhere", "/static/docs.js"])
def test_every_answer_is_guarded(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"]


VIEWER = "https://viewer.hospital.example"
FROM_VIEWER = {"Origin": VIEWER, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


@pytest.fixture(scope="module")
def open_to_viewer() -> Iterator[httpx.Client]:
    with live(StubReader(), cors_origins=f"http://other.example:3000, {VIEWER}") as client:
        yield client


def test_pages_of_a_named_origin_may_ask_and_read(open_to_viewer: httpx.Client) -> None:
    for path, status in (("/dicom-web/studies", 200), ("/api/studies", 200), ("/dicom-web/studies?NoSuch=1", 400)):
        answer = open_to_viewer.get(path, headers=FROM_VIEWER)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (status, VIEWER)
        assert "Origin" in answer.headers["Vary"]
        assert {"ETag", "Warning"} <= set(answer.headers["Access-Control-Expose-Headers"].split(", "))
        assert "Access-Control-Allow-Credentials" not in answer.headers
    preflight = open_to_viewer.options("/dicom-web/studies", headers={**FROM_VIEWER, **PREFLIGHT})
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == VIEWER
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", f"{VIEWER}.evil.example", f"{VIEWER}:8443", "http://viewer.hospital.example", "null", ""],
)
def test_pages_of_other_origins_may_not(open_to_viewer: httpx.Client, origin: str) -> None:
    headers = {**FROM_VIEWER, "Origin": origin}
    assert open_to_viewer.get("/dicom-web/studies", headers=headers).status_code == 403
    preflight = open_to_viewer.options("/dicom-web/studies", headers={**headers, **PREFLIGHT})
    assert preflight.status_code == 403
    without_fetch_metadata = open_to_viewer.get("/dicom-web/studies", headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in without_fetch_metadata.headers


def test_without_the_setting_no_other_origin_is_answered(client: httpx.Client) -> None:
    assert client.get("/dicom-web/studies", headers=FROM_VIEWER).status_code == 403
    assert client.options("/dicom-web/studies", headers={**FROM_VIEWER, **PREFLIGHT}).status_code == 403


@pytest.mark.parametrize("origins", ["*", "viewer.example", f"{VIEWER}/", f"{VIEWER}/path", "https://*.example"])
def test_what_is_no_origin_is_told(origins: str) -> None:
    with new_store(cors_origins=origins) as (settings, store), pytest.raises(Misconfigured, match="HILUM_CORS_ORIGINS"):
        create_app(settings, store, "stub 1")
