"""Secrets that we make: drawn with 256 bits, so that they need no salt; only their SHA-256 is kept."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field

_KEY = re.compile(r"hlm_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")
_BYTES = 32


def new_token() -> str:
    return secrets.token_urlsafe(_BYTES)


def hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def csrf_token(session_token: str) -> str:
    """With it a page proves that it may read our answers; no other site's page can have it."""
    return hashlib.sha256(f"csrf:{session_token}".encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Key:
    """A machine's key: what it is found by, and what it must know."""

    prefix: str
    secret: str = field(repr=False)

    @property
    def text(self) -> str:
        return f"hlm_{self.prefix}_{self.secret}"


def new_key(prefix: str | None = None) -> Key:
    """Another one; with ``prefix``, another secret of the same key."""
    return Key(prefix=prefix or secrets.token_hex(4), secret=new_token())


def parse_key(text: str) -> Key | None:
    parts = _KEY.fullmatch(text)
    return Key(prefix=parts[1], secret=parts[2]) if parts else None
