"""Passwords: what they must be, and how they are kept (argon2id, RFC 9106)."""

import threading
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import anyio
import anyio.to_thread
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

_Done = TypeVar("_Done")

SHORTEST, LONGEST = 12, 128
_hasher = PasswordHasher()
#: Each hash takes 64 MiB and a core: a storm of sign-ins waits instead of taking all memory.
_MOST_AT_ONCE = 4
_AT_ONCE = threading.BoundedSemaphore(_MOST_AT_ONCE)
#: Of no password: whoever names an account that is not there waits as long as for one that is.
_NOBODY = _hasher.hash("")


def check_policy(password: str, *names: str) -> None:
    """
    Raises:
        ValueError: in words that begin with "must".
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"must have {SHORTEST} to {LONGEST} characters, not {len(password)}")
    if any(_same(password) == _same(name) for name in names):
        raise ValueError("must not be the name")


@cache
def _threads() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(_MOST_AT_ONCE)


async def hashing(do: Callable[..., _Done], *arguments: Any) -> _Done:
    """Do something that hashes a password, on threads of its own: others' requests do not wait behind it."""
    return await anyio.to_thread.run_sync(do, *arguments, limiter=_threads())


def hash_of(password: str) -> str:
    with _AT_ONCE:
        return _hasher.hash(_normal(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether it is the one that is ``kept``; takes as long where there is none."""
    with _AT_ONCE:
        try:
            _hasher.verify(kept or _NOBODY, _normal(password[: LONGEST + 1]))
        except VerificationError:
            return False
    return kept is not None


def _normal(password: str) -> str:
    """The same for each way in which a keyboard may write it."""
    return unicodedata.normalize("NFKC", password)


def _same(text: str) -> str:
    return _normal(text).casefold().strip()
