"""HTTPS as it is switched on: ``hilum serve`` with a certificate, whose processes know that they are asked by it."""

import ssl
import stat
from collections.abc import Iterator

import httpx
import pytest
import trustme

from tests.reliability.service import Service, running, short_folder
from tests.secured import VERSIONS, agrees, believing, issue


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trust(authority: trustme.CA) -> ssl.SSLContext:
    return believing(authority)


@pytest.fixture(scope="module")
def service(authority: trustme.CA, trust: ssl.SSLContext) -> Iterator[Service]:
    with short_folder() as folder:
        file = folder / "hilum.pem"
        issue(authority, file)
        with running(folder / "data", trust=trust, tls_certificate=file, demo=False) as started:
            yield started


def test_the_page_and_the_interface_are_there_and_stay_with_https(service: Service, trust: ssl.SSLContext) -> None:
    for path in ("/", "/healthz"):
        answer = httpx.get(f"{service.url}{path}", verify=trust)
        assert answer.status_code == 200
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert httpx.get(f"{service.url}/api/studies", verify=trust).status_code == 401


def test_the_link_for_the_first_administrator_is_of_https(service: Service) -> None:
    assert f"{service.url}/#/welcome?token=" in service.log.read_text()


def test_who_does_not_know_the_authority_does_not_talk_to_it(service: Service) -> None:
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"{service.url}/healthz")


@pytest.mark.parametrize(("version", "agreed"), VERSIONS)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_tls_is_of_version_1_2_or_1_3(
    service: Service, authority: trustme.CA, version: ssl.TLSVersion, agreed: bool
) -> None:
    assert agrees(authority, service.port, version) is agreed


def test_nobody_else_on_the_machine_looks_into_the_data_folder(service: Service) -> None:
    assert stat.S_IMODE(service.data.stat().st_mode) == 0o700
