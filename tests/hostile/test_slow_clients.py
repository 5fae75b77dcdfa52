"""Clients that are slow, silent or endless: each loses its connection, and nobody else waits for them."""

import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from serving import http_connection
from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import live

_SECONDS = 1.0
_POST = b"POST /api/instances HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 99999\r\n\r\n"
_CHUNKED = (
    b"POST /api/instances HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n"
)


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(http_connection, "MOST_SECONDS", _SECONDS)
        patch.setattr(http_connection, "_TICK", 0.1)
        with live(StubReader(), max_uploads=2) as client:
            yield client


def connected(client: httpx.Client) -> socket.socket:
    return socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=60)


def drip(connection: socket.socket, first: bytes, then: bytes = b"a") -> bytes:
    """Send ``first``, then a byte now and then until the other side hangs up; all that it said."""
    said = b""
    connection.sendall(first)
    connection.settimeout(0.2)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            came = connection.recv(65536)
            if not came:
                return said
            said += came
        except TimeoutError:
            pass
        except OSError:
            return said
        try:
            connection.send(then)
        except OSError:
            return said
    raise AssertionError("it was listened to for a minute")


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        (b"", b"", b"HTTP/1.1 408"),  # a connection and nothing else
        (b"GET", b"", b"HTTP/1.1 408"),
        (b"GET /api/studies HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b"a", b"HTTP/1.1 408"),
        (_POST, b"a", b"HTTP/1.1 408"),
        (_CHUNKED + b"1000\r\nabc", b"a", b"HTTP/1.1 408"),
        (
            b"POST /api/readings/1/review HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n",
            b" ",
            b"HTTP/1.1 408",
        ),
        # what is answered at once is not listened to for ever either
        (b"POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999\r\n\r\n", b"a", b"HTTP/1.1 404"),
    ],
    ids=["silent", "method", "header", "body", "chunk", "JSON", "not found"],
)
def test_a_client_that_drips_is_hung_up_on(client: httpx.Client, first: bytes, then: bytes, said: bytes) -> None:
    with connected(client) as connection:
        assert drip(connection, first, then).startswith(said)


def test_uploads_that_drip_give_their_places_back(client: httpx.Client) -> None:
    """More than there are places for, again and again, while a good sender goes on."""
    stop = threading.Event()

    def hold() -> None:
        while not stop.is_set():
            with connected(client) as connection:
                drip(connection, _POST)

    holding = [threading.Thread(target=hold) for _ in range(2)]
    for one in holding:
        one.start()
    statuses = set()
    until = time.monotonic() + 60
    while 202 not in statuses and time.monotonic() < until:
        answer = client.post("/api/instances", content=dicom("1.2.3.1"), headers={"Content-Type": "application/dicom"})
        statuses.add(answer.status_code)
    stop.set()
    for one in holding:
        one.join()
    assert 202 in statuses
    assert statuses <= {202, 503}


@pytest.mark.parametrize(
    "endless",
    [
        b"GET /" + b"a" * 2**20,
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 2**20,
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-Many: y\r\n" * 2**17,
        _CHUNKED + b"1;" + b"extension" * 2**17,
        _CHUNKED + b"1\r\na\r\n0\r\n" + b"X-Trailer: y\r\n" * 2**17,
    ],
    ids=["URL", "header", "headers", "chunk extension", "trailers"],
)
def test_what_is_not_body_has_a_size(client: httpx.Client, endless: bytes) -> None:
    said = b""
    with connected(client) as connection:
        try:
            connection.sendall(endless)
            while came := connection.recv(65536):
                said += came
        except OSError:  # it hung up while we were still sending
            pass
    assert said == b"" or said.startswith(b"HTTP/1.1 4")


def test_a_long_url_and_many_headers_are_answered(client: httpx.Client) -> None:
    answer = client.get("/healthz", params={"x": "a" * 20_000}, headers={f"X-{n}": "y" * 100 for n in range(100)})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400"),  # TLS
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", b"400"),
        (b"POST /api/instances HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n", b"400"),
        (b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n folded: x\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: localhost\r\n\r\n", b"400"),
        (b"CONNECT evil.example:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"4"),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"400"),
    ],
    ids=["TLS", "two framings", "two lengths", "negative", "bytes", "folded", "two hosts", "CONNECT", "absolute"],
)
def test_requests_that_two_servers_would_read_differently(client: httpx.Client, raw: bytes, status: bytes) -> None:
    with connected(client) as connection:
        connection.sendall(raw)
        said = connection.recv(65536)
    assert said.startswith(b"HTTP/1.1 " + status)


def test_a_body_that_is_no_upload_is_small(client: httpx.Client) -> None:
    url = "/api/readings/1/review"
    large = b'{"reviewer": "x", "comment": "' + b"a" * 2 * 2**20 + b'"}'
    for content in (large, iter([large])):  # with its length, and in chunks
        answer = client.post(url, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code == 413
        assert answer.headers["Content-Type"] == "application/problem+json"


def ask_until_hung_up(connection: socket.socket) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.2)


def test_a_client_that_does_not_listen_is_hung_up_on(client: httpx.Client) -> None:
    """It asks for more than its socket holds, takes nothing, and goes on asking."""
    with connected(client) as connection:
        connection.sendall(b"GET /static/swagger/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20)
        with pytest.raises(OSError, match=r"reset|Broken"):
            ask_until_hung_up(connection)
