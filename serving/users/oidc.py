"""Signing in by OpenID Connect: the authorization code flow with PKCE, state and nonce. What the settings say of it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from urllib.parse import urlsplit

from model.errors import Misconfigured
from serving.settings import LOOPBACK, Settings, names
from serving.users.caller import ROLES


class NotSignedIn(Exception):
    """The provider's answer is none that we can believe."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """Somebody is on their way to the provider and back."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def new(cls) -> "Way":
        return cls(state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48))


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who the provider says it is."""

    #: Never changes: issuer and subject.
    subject: str
    name: str
    display_name: str
    #: By the claim that the settings name; None where no rule gives one.
    role: str | None


def roles_by_value(settings: Settings) -> Sequence[tuple[str, str]]:
    """Role, and the value of the claim that gives it; the first that fits counts.

    Raises:
        Misconfigured: when one of them is none.
    """
    found = []
    for item in names(settings.oidc_roles):
        role, _, value = (part.strip() for part in item.partition("="))
        if role not in ROLES or not value:
            words = f"HILUM_OIDC_ROLES must list role=VALUE with a role of {', '.join(ROLES)}, not '{item}'."
            raise Misconfigured(words)
        found.append((role, value))
    return found


def check_oidc(settings: Settings) -> None:
    """
    Raises:
        Misconfigured: when the settings do not fit together.
    """
    roles_by_value(settings)
    if settings.oidc_issuer is None:
        return
    parts = urlsplit(settings.oidc_issuer)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise Misconfigured("HILUM_OIDC_ISSUER must be a URL that begins with https://, as the provider states it.")
    if not settings.oidc_client_id or not settings.oidc_client_secret:
        raise Misconfigured("HILUM_OIDC_CLIENT_ID and HILUM_OIDC_CLIENT_SECRET must be set with HILUM_OIDC_ISSUER.")
    if find_spec("authlib") is None or find_spec("joserfc") is None:
        raise Misconfigured("HILUM_OIDC_ISSUER takes Authlib: pip install 'hilum[oidc]'.")
