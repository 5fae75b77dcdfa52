"""Links that people are given, and the one with which it all begins."""

from serving.settings import Settings, names
from serving.store import accounts, sessions
from serving.store.store import Store
from serving.users.managing import invite
from serving.who import service

#: Addresses to listen on that are none to go to.
_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104


def base_url(settings: Settings, port: int | None = None) -> str:
    """Where a browser finds the service, as far as the settings tell; ``port``: the one that was free."""
    if settings.trusted_proxies:
        return f"https://{names(settings.allowed_hosts)[0]}"
    host = names(settings.allowed_hosts)[0] if settings.host in _EVERYWHERE else settings.host
    shown = f"[{host}]" if ":" in host and not host.startswith("[") else host
    scheme = "https" if settings.tls_certificate else "http"
    return f"{scheme}://{shown.replace('*', 'localhost')}:{port or settings.port}"


def welcome_link(settings: Settings, token: str, port: int | None = None) -> str:
    """What stands behind # stays in the browser: no proxy's log has it."""
    return f"{base_url(settings, port)}/#/welcome?token={token}"


def first_token(store: Store) -> str | None:
    """Of the invitation of the first administrator, the first time that somebody asks."""
    if accounts.is_there_any(store) or sessions.was_invited(store):
        return None
    return invite(store, accounts.ADMINISTRATOR, who=service("serve"))
