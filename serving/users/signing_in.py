"""Signing in with a password, slower and slower for who guesses.

Wrong passwords are counted for an account from one address, for an address, and for an account from everywhere. The
longer a count, the longer nothing is tried; what comes meanwhile is refused unseen and not counted. Whoever has signed
in to an account from an address before is held up by their own mistakes only: guessing does not lock out its owner.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from serving.problems import Problem
from serving.services import Services
from serving.store import accounts, sessions
from serving.users import passwords
from serving.users.names import folded
from serving.users.tokens import hashed, new_token

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Brake:
    """How long nothing is tried after so many wrong passwords."""

    free: int
    #: Seconds.
    longest: float

    def seconds(self, failed: int, seconds_ago: float) -> float:
        """That are still to be waited."""
        if failed < self.free or seconds_ago > sessions.FORGET_SECONDS:
            return 0.0
        return max(0.0, min(2.0 ** (failed - self.free), self.longest) - seconds_ago)


#: An account from one address; an address; an account from everywhere.
PAIR = Brake(free=5, longest=900.0)
ADDRESS = Brake(free=20, longest=60.0)
ACCOUNT = Brake(free=50, longest=30.0)


@dataclass(frozen=True)
class _Subjects:
    """For whom is counted; hashes, since what is typed as a name may be a password."""

    pair: bytes
    address: bytes
    account: bytes

    @classmethod
    def of(cls, name: str, address: str) -> "_Subjects":
        def digest(*parts: str) -> bytes:
            return hashlib.sha256("\n".join(parts).encode()).digest()

        return cls(digest("pair", name, address), digest("address", address), digest("account", name))

    def brakes(self, *, known: bool) -> Mapping[bytes, Brake]:
        """``known``: they have signed in to the account from the address before."""
        return {self.pair: PAIR} if known else {self.pair: PAIR, self.address: ADDRESS, self.account: ACCOUNT}


def sign_in(services: Services, name: str, password: str, address: str) -> Row:
    """The account whose password it is.

    Raises:
        Problem: sign-in-failed, for every reason alike; too-many-attempts.
    """
    store, typed = services.store, folded(name)
    subjects = _Subjects.of(typed, address)
    account = accounts.by_name(store, typed, address)
    brakes = subjects.brakes(known=account is not None and account["known_address"])
    _hold_up(services, brakes, account, address)
    sessions.count_wrong(store, list(brakes))
    right = passwords.is_right(password, account["password_hash"] if account else None)
    if not right or account is None or account["disabled"]:
        reason = "disabled" if right else "password" if account else "no such account"
        sessions.note_failure(store, account["name"] if account else "", address, reason=reason)
        raise Problem("sign-in-failed", "Name and password must be those of an account that is not disabled.")
    sessions.forgive(store, [subjects.pair, subjects.account], one_less=subjects.address)
    return account


def _hold_up(services: Services, brakes: Mapping[bytes, Brake], account: Row | None, address: str) -> None:
    wrong = sessions.wrong_before(services.store, list(brakes))
    waits = [brakes[subject].seconds(row["failed"], row["seconds_ago"]) for subject, row in wrong.items()]
    seconds = max(waits, default=0.0)
    if seconds > 0:
        sessions.note_failure(services.store, account["name"] if account else "", address, reason="held up")
        words = f"Too many passwords were wrong. Try again in {seconds:.0f} s; an administrator can set a new one."
        raise Problem("too-many-attempts", words, retry_after=int(seconds) + 1)


def begin_session(services: Services, account: Row, address: str, *, how: str) -> str:
    """Sign somebody in; the token of the session."""
    token = new_token()
    hours = services.settings.session_hours
    sessions.begin(services.store, account, hashed(token), address, hours=hours, how=how)
    return token
