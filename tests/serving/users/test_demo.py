"""Demo mode: nobody signs in, and nobody but this machine can ask."""

import pytest

from model.errors import Misconfigured
from serving.settings import Settings
from serving.users.demo import check_demo
from tests.fakes import StubReader
from tests.serving.live import live


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, None),
        ({"host": "::1", "dimse_host": "localhost"}, None),
        ({"host": "0.0.0.0"}, "HILUM_HOST"),
        ({"host": "192.0.2.1"}, "HILUM_HOST"),
        ({"dimse_host": "::"}, "HILUM_DIMSE_HOST"),
        ({"allowed_hosts": "localhost,hilum.hospital.example"}, "HILUM_ALLOWED_HOSTS"),
        ({"trusted_proxies": "127.0.0.1"}, "HILUM_TRUSTED_PROXIES"),
        ({"allowed_hosts": "*"}, "HILUM_ALLOWED_HOSTS"),
    ],
)
def test_it_is_for_this_machine_alone(changes: dict[str, str], told: str | None) -> None:
    check_demo(Settings(**changes))  # type: ignore[arg-type] # without demo mode, all of it is fine
    settings = Settings(demo=True, **changes)  # type: ignore[arg-type]
    if told is None:
        check_demo(settings)
    else:
        with pytest.raises(Misconfigured, match=told):
            check_demo(settings)


def test_it_is_off_unless_told() -> None:
    assert Settings().demo is False


def test_everybody_is_signed_in_and_nobody_can() -> None:
    with live(StubReader()) as client:
        assert client.get("/api/sign-in").json() == {"password": False, "oidc": None, "demo": True, "first": False}
        session = client.get("/api/session").json()
        assert (session["demo"], session["role"], session["csrf_token"]) == (True, "administrator", "")
        assert client.post("/api/session", json={"name": "a", "password": "b"}).status_code == 403
        assert client.get("/api/users").status_code == 200
