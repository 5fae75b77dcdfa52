"""Who a request comes from: the session of its cookie, or the key that it names."""

import hmac
from base64 import b64decode
from binascii import Error as Base64Error

from starlette.requests import Request

from serving.services import Services
from serving.store import keys, sessions
from serving.users.caller import DEMO, Caller, Right
from serving.users.cookies import session_token
from serving.users.tokens import csrf_token, hashed, parse_key


def authenticated(services: Services, request: Request, *, touch: bool = True) -> Caller | None:
    """Who asks; None when it is nobody known. A key that is named counts, whatever cookie there is.

    ``touch``: it counts as something that they did.

    Raises:
        Unavailable: when the database cannot be asked.
    """
    if services.settings.demo:
        return DEMO
    if authorization := request.headers.get("authorization"):
        return _by_key(services, authorization)
    token = session_token(request)
    return _by_session(services, token, touch=touch) if token else None


def _by_session(services: Services, token: str, *, touch: bool) -> Caller | None:
    idle = services.settings.session_idle_minutes
    row = sessions.account_of(services.store, hashed(token), idle_minutes=idle, touch=touch)
    if row is None:
        return None
    return Caller.of_account(row, csrf_token(token))


def _by_key(services: Services, authorization: str) -> Caller | None:
    said = parse_key(_key_in(authorization))
    row = keys.by_prefix(services.store, said.prefix) if said else None
    if said is None or row is None:
        return None
    digest, valid = hashed(said.secret), (row["secret_hash"], row["valid_former_hash"])
    if not any(one is not None and hmac.compare_digest(digest, bytes(one)) for one in valid):
        return None
    keys.note_use(services.store, row)
    rights = frozenset(map(Right, row["scopes"]))
    return Caller(name=row["name"], display_name=row["name"], kind="key", rights=rights, sites=tuple(row["sites"]))


def _key_in(authorization: str) -> str:
    """Of Bearer; of Basic, the password, for those who know nothing else: the user may be anything."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(credentials, validate=True).decode().partition(":")[2]
    except (Base64Error, UnicodeDecodeError):
        return ""
