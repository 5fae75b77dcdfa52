"""HTTPS as it is switched on: ``hilum serve`` with a certificate, whose processes know that they are asked by it."""

import socket
import ssl
import stat
from collections.abc import Iterator

import httpx
import pytest
import trustme

from tests.reliability.service import Service, running, short_folder


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def believing(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture(scope="module")
def service(authority: trustme.CA, believing: ssl.SSLContext) -> Iterator[Service]:
    with short_folder() as folder:
        file = folder / "hilum.pem"
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(file)
        with running(folder / "data", trust=believing, tls_certificate=file, demo=False) as started:
            yield started


def test_the_page_and_the_interface_are_there_and_stay_with_https(service: Service, believing: ssl.SSLContext) -> None:
    for path in ("/", "/healthz"):
        answer = httpx.get(f"{service.url}{path}", verify=believing)
        assert answer.status_code == 200
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert httpx.get(f"{service.url}/api/studies", verify=believing).status_code == 401


def test_the_link_for_the_first_administrator_is_of_https(service: Service) -> None:
    assert f"{service.url}/#/welcome?token=" in service.log.read_text()


def test_who_does_not_know_the_authority_does_not_talk_to_it(service: Service) -> None:
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"{service.url}/healthz")


@pytest.mark.parametrize(("version", "agreed"), [("TLSv1_1", False), ("TLSv1_2", True), ("TLSv1_3", True)])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_tls_is_of_version_1_2_or_1_3(service: Service, authority: trustme.CA, version: str, *, agreed: bool) -> None:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    with socket.create_connection(("127.0.0.1", service.port), timeout=30) as plain:
        if agreed:
            context.wrap_socket(plain, server_hostname="127.0.0.1").close()
        else:
            with pytest.raises((ssl.SSLError, ConnectionResetError)):
                context.wrap_socket(plain, server_hostname="127.0.0.1")


def test_nobody_else_on_the_machine_looks_into_the_data_folder(service: Service) -> None:
    assert stat.S_IMODE(service.data.stat().st_mode) == 0o700
