"""The link with which it all begins."""

from pathlib import Path

import pytest

from serving.settings import Settings
from serving.users.links import first_token, welcome_link
from serving.users.managing import make_account
from tests.serving.live import new_store
from tests.serving.users.people import PASSWORD, TEST


@pytest.mark.parametrize(
    ("changes", "link"),
    [
        ({}, "http://127.0.0.1:8000/#/welcome?token=x"),
        ({"host": "::1"}, "http://[::1]:8000/#/welcome?token=x"),
        ({"host": "0.0.0.0"}, "http://localhost:8000/#/welcome?token=x"),
        ({"host": "::", "allowed_hosts": "hilum.example"}, "http://hilum.example:8000/#/welcome?token=x"),
        ({"tls_certificate": Path("a.pem")}, "https://127.0.0.1:8000/#/welcome?token=x"),
        (
            {"trusted_proxies": "192.0.2.1", "allowed_hosts": "hilum.example,localhost"},
            "https://hilum.example/#/welcome?token=x",
        ),
    ],
)
def test_it_leads_where_a_browser_finds_the_service(changes: dict[str, object], link: str) -> None:
    assert welcome_link(Settings(**changes), "x") == link  # type: ignore[arg-type]


def test_it_is_made_at_the_first_start_and_not_again() -> None:
    with new_store(demo=False) as (_, store):
        assert first_token(store)
        assert first_token(store) is None


def test_where_there_is_an_account_it_is_not_made() -> None:
    with new_store(demo=False) as (_, store):
        make_account(store, name="a", role="administrator", password=PASSWORD, who=TEST)
        assert first_token(store) is None
