"""HTTPS, reverse proxies, and certificates that are renewed while the service runs."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest
import trustme

from serving.renewal import renewed
from serving.users.managing import make_account
from tests.secured import VERSIONS, agrees, believing, issue
from tests.serving.users.people import PASSWORD, TEST, Guarded, guarded

CREDENTIALS = {"name": "r", "password": PASSWORD}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def secure(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    file = tmp_path_factory.mktemp("tls") / "hilum.pem"
    issue(authority, file)
    with guarded(tls_certificate=file, verify=believing(authority)) as service:
        make_account(service.store, name="r", role="reader", password=PASSWORD, who=TEST)
        yield service


def test_by_https_the_cookie_is_for_https_and_this_host_alone(secure: Guarded) -> None:
    answer = secure.nobody.post("/api/session", json=CREDENTIALS)
    secure.nobody.cookies.clear()
    assert answer.status_code == 200
    cookie = SimpleCookie(answer.headers["set-cookie"])["__Host-hilum_session"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    headers = {"Cookie": f"__Host-hilum_session={cookie.value}"}
    assert secure.nobody.get("/api/session", headers=headers).json()["name"] == "r"
    plain_name = {"Cookie": f"hilum_session={cookie.value}"}  # another host or plain HTTP could have set this one
    assert secure.nobody.get("/api/session", headers=plain_name).status_code == 401


def test_the_port_speaks_https_and_nothing_else(secure: Guarded) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.get(str(secure.nobody.base_url).replace("https", "http") + "/healthz")


@pytest.mark.parametrize(("version", "agreed"), VERSIONS)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_tls_is_of_version_1_2_or_1_3(
    secure: Guarded, authority: trustme.CA, version: ssl.TLSVersion, agreed: bool
) -> None:
    assert agrees(authority, secure.nobody.base_url.port or 0, version) is agreed


def test_urls_that_are_told_are_of_https_too(secure: Guarded) -> None:
    wadl_text = secure.machine("any", "read").request("OPTIONS", "/dicom-web").text
    assert f'base="{secure.nobody.base_url}/dicom-web"' in wadl_text


@pytest.mark.parametrize(
    ("trusted", "https", "address"),
    [
        ("", False, "127.0.0.1"),
        ("192.0.2.1", False, "127.0.0.1"),
        ("127.0.0.1", True, "198.51.100.7"),
        ("192.0.2.1, 127.0.0.0/8", True, "198.51.100.7"),
    ],
)
def test_what_a_proxy_says_is_believed_if_it_is_trusted(trusted: str, https: bool, address: str) -> None:
    with guarded(trusted_proxies=trusted) as service:
        make_account(service.store, name="r", role="reader", password=PASSWORD, who=TEST)
        # The first one is what a client wrote itself; the proxy adds the last.
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
        answer = service.nobody.post("/api/session", json=CREDENTIALS, headers=headers)
        assert answer.headers["set-cookie"].startswith("__Host-" if https else "hilum_session")
        assert ("Secure" in answer.headers["set-cookie"]) is https
        assert ("Strict-Transport-Security" in answer.headers) is https
        (line,) = service.store.database.all("audit_trail", action="signed-in")
        assert line["address"] == address


def _serial(port: int, authority: trustme.CA) -> str:
    context = believing(authority)
    plain = socket.create_connection(("127.0.0.1", port), timeout=30)
    with context.wrap_socket(plain, server_hostname="localhost") as secured:
        found = secured.getpeercert()
        assert found
        return str(found["serialNumber"])


def _accept(listening: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            with context.wrap_socket(listening.accept()[0], server_side=True) as connection:
                connection.recv(1)
        except OSError:
            if listening.fileno() < 0:
                return


def test_a_renewed_certificate_is_taken_without_a_start(authority: trustme.CA, tmp_path: Path) -> None:
    file = tmp_path / "hilum.pem"
    issue(authority, file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    stop = renewed(context, file, None, pause=0.02)
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    thread = threading.Thread(target=_accept, args=(listening, context))
    thread.start()
    try:
        first = _serial(port, authority)
        file.write_text("half of a certi")
        time.sleep(0.2)  # it looks meanwhile
        assert _serial(port, authority) == first
        issue(authority, file)
        until = time.monotonic() + 30
        while _serial(port, authority) == first:
            assert time.monotonic() < until, "the renewed certificate is taken"
    finally:
        stop.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()
