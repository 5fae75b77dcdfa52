"""Guessing passwords is slow, and does not lock out whose account it is."""

import pytest

from serving.problems import Problem
from serving.services import Services
from serving.store.store import Store
from serving.users.managing import make_account
from serving.users.signing_in import ACCOUNT, ADDRESS, PAIR, Brake, begin_session, sign_in
from tests.serving.live import new_store
from tests.serving.users.people import PASSWORD, TEST


@pytest.mark.parametrize(
    ("failed", "seconds_ago", "seconds"),
    [
        (4, 0.0, 0.0),
        (5, 0.0, 1.0),  # 2 ** 0
        (6, 0.5, 1.5),  # 2 ** 1 - 0.5
        (8, 0.0, 8.0),
        (8, 9.0, 0.0),
        (60, 0.0, 900.0),  # no longer than that
        (60, 3601.0, 0.0),  # forgotten
    ],
)
def test_the_brake_grows(failed: int, seconds_ago: float, seconds: float) -> None:
    assert Brake(free=5, longest=900.0).seconds(failed, seconds_ago) == seconds


class Tries:
    """Signing in over and over."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def wrong(self, times: int, *, name: str = "r", address: str = "192.0.2.1") -> str:
        """How the last one ended."""
        ends = [self.end(name, "not the right one", address) for _ in range(times)]
        return ends[-1]

    def right(self, *, address: str = "192.0.2.1") -> str:
        return self.end("r", PASSWORD, address)

    def end(self, name: str, password: str, address: str) -> str:
        try:
            account = sign_in(self._services, name, password, address)
        except Problem as problem:
            return problem.slug
        begin_session(self._services, account, address, how="password")
        return "in"


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> "pytest.Generator[Tries, None, None]":
    # What is tried here is counting; each hash would take 0.1 s.
    monkeypatch.setattr("serving.users.passwords.is_right", lambda password, kept: bool(kept) and password == PASSWORD)
    with new_store(demo=False) as (settings, store):
        make_account(store, name="R", role="reader", password=PASSWORD, who=TEST)
        yield Tries(_services(settings, store))


def _services(settings: object, store: Store) -> Services:
    return Services(settings, store, "stub", None, None, None)  # type: ignore[arg-type] # only these two are asked


def test_after_some_wrong_ones_even_the_right_one_waits(tries: Tries) -> None:
    assert tries.wrong(PAIR.free) == "sign-in-failed"
    assert tries.right() == "too-many-attempts"


def test_a_right_one_begins_anew(tries: Tries) -> None:
    for _ in range(3):
        assert tries.wrong(PAIR.free - 1) == "sign-in-failed"
        assert tries.right() == "in"


def test_an_account_that_is_not_there_is_held_up_alike(tries: Tries) -> None:
    assert tries.wrong(PAIR.free, name="nobody") == "sign-in-failed"
    assert tries.wrong(1, name="nobody") == "too-many-attempts"


def test_an_address_that_tries_many_accounts_waits(tries: Tries) -> None:
    for number in range(ADDRESS.free):
        assert tries.wrong(1, name=f"account {number}") == "sign-in-failed"
    assert tries.wrong(1, name="one more") == "too-many-attempts"
    assert tries.wrong(1, name="one more", address="192.0.2.2") == "sign-in-failed"


def test_many_addresses_that_try_one_account_wait_but_its_owner_does_not(tries: Tries) -> None:
    assert tries.right(address="198.51.100.7") == "in"
    for number in range(ACCOUNT.free):
        assert tries.wrong(1, address=f"192.0.2.{number}") == "sign-in-failed"
    assert tries.wrong(1, address="192.0.2.200") == "too-many-attempts"
    assert tries.right(address="192.0.2.201") == "too-many-attempts"
    assert tries.right(address="198.51.100.7") == "in"


def test_what_is_held_up_is_not_counted(tries: Tries) -> None:
    assert tries.wrong(PAIR.free + 3) == "too-many-attempts"
    with pytest.raises(Problem) as caught:
        sign_in(tries._services, "r", PASSWORD, "192.0.2.1")
    assert caught.value.members["retry_after"] <= 2
    assert caught.value.headers() == {"Retry-After": str(caught.value.members["retry_after"])}
