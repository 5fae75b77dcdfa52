"""Where results go: the destinations that the settings name, and those that administrators keep in the database."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from model.errors import Misconfigured
from serving.presentations.kinds import KINDS
from serving.routing import Rules, make_rules
from serving.senders.sender import Address, Sender
from serving.senders.table import SCHEMES
from serving.settings import Settings, names
from serving.store import destinations as stored
from serving.store.store import Store

#: Stands for a password where a URL is shown.
_HIDDEN = "***"
log = logging.getLogger("hilum.destinations")


@dataclass(frozen=True, kw_only=True)
class Destination:
    name: str
    address: Address
    rules: Rules
    sender: Sender = field(repr=False)

    @property
    def url(self) -> str:
        """As it may be shown."""
        return shown_url(self.address.url)

    @property
    def queue(self) -> str:
        """A queue of its own, so that no slow destination holds up another."""
        return f"deliver:{self.name}"


def make_destination(
    name: str, stated: Mapping[str, Any], settings: Settings, *, secret: str | None = None
) -> Destination:
    """``stated`` has ``url``, and may have ``presentations`` and the rules by their names.

    Raises:
        ValueError: in words that begin with "must" or "may".
    """
    if not name.isidentifier():
        raise ValueError("must have a name of letters, digits and _")
    url, rules = stated.get("url"), {key: value for key, value in stated.items() if key not in {"url", "presentations"}}
    kind = SCHEMES.get(urlsplit(url).scheme) if isinstance(url, str) else None
    if kind is None:
        raise ValueError(f"must have a URL that begins with one of {', '.join(f'{one}:' for one in SCHEMES)}")
    if urlsplit(str(url)).password == _HIDDEN:
        raise ValueError(f"must have a URL with its password, not with {_HIDDEN}")
    plain, in_url = _without_presentations(str(url))
    wanted = tuple(dict.fromkeys(stated.get("presentations") or in_url or kind.usual))
    if not set(wanted) <= set(kind.offers):
        raise ValueError(f"may be sent the presentations {', '.join(kind.offers)}")
    address = Address(url=plain, secret=secret, presentations=wanted)
    return Destination(name=name, address=address, rules=make_rules(rules), sender=kind.make(address, settings))


def configured(settings: Settings) -> Mapping[str, Destination]:
    """The destinations of the settings, by name.

    Raises:
        Misconfigured: with every error at once.
    """
    found: dict[str, Destination] = {}
    wrong: list[str] = []
    for name, stated in _listed(settings.destinations):
        try:
            if name in found:
                raise ValueError("must be named once")
            secret = stated.pop("secret", None)
            found[name] = make_destination(name, stated, settings, secret=secret)
        except ValueError as error:
            wrong.append(f"HILUM_DESTINATIONS lists name=URL; '{name}' {error}.")
    if wrong:
        raise Misconfigured("\n".join(wrong))
    return found


def current(settings: Settings, store: Store) -> Mapping[str, Destination]:
    """All of them, by name; the settings win.

    Raises:
        Unavailable: when the database is not there.
    """
    return {**_made(stored.kept(store), settings), **configured(settings)}


def _made(rows: Sequence[Mapping[str, Any]], settings: Settings) -> dict[str, Destination]:
    found: dict[str, Destination] = {}
    for row in rows:
        try:
            found[row["name"]] = make_destination(row["name"], row["definition"], settings, secret=row["secret"])
        except ValueError as error:  # it was kept by another version
            log.error("destination %s %s", row["name"], error)
    return found


class Register:
    """Where results go, as of the last look. Safe to share between threads."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._configured = configured(settings)
        self._rows: Sequence[Mapping[str, Any]] = ()
        self.by_name = self._configured

    def find(self, name: str) -> Destination | None:
        """One of them; before it is said that there is none, it is looked for anew.

        Raises:
            Unavailable: when the database is not there.
        """
        if name not in self.by_name:
            self.look()
        return self.by_name.get(name)

    def look(self) -> None:
        """Look anew; what is the same stays as it was made.

        Raises:
            Unavailable: when the database is not there.
        """
        rows = tuple(stored.kept(self._store))
        if rows != self._rows:
            self.by_name = {**_made(rows, self._settings), **self._configured}
            self._rows = rows


def _listed(setting: str) -> list[tuple[str, dict[str, Any]]]:
    """``name=URL,...``, or an object of objects in JSON, as a table of the TOML file becomes.

    Raises:
        Misconfigured: when it is no such object.
    """
    if not setting.lstrip().startswith("{"):
        items = (item.partition("=") for item in _items(setting))
        return [(name, {"url": url}) for name, _, url in items]
    try:
        tables = json.loads(setting)
        return [(name, dict(table)) for name, table in tables.items()]
    except (ValueError, TypeError):
        raise Misconfigured("HILUM_DESTINATIONS must list name=URL, or be an object of objects in JSON.") from None


def _items(listed: str) -> list[str]:
    """The items of the list; what stands behind a comma without a "=" of its own goes on with the item before."""
    items: list[str] = []
    for part in names(listed):
        if items and "presentations=" in items[-1] and part in KINDS:
            items[-1] += f",{part}"
        else:
            items.append(part)
    return items


def shown_url(url: str) -> str:
    """A URL without the password in it."""
    parts = urlsplit(url)
    return url if parts.password is None else url.replace(f":{parts.password}@", f":{_HIDDEN}@", 1)


def _without_presentations(url: str) -> tuple[str, tuple[str, ...]]:
    """A URL without the part of its query that is ours, and that part."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    stated = [value for key, value in query if key == "presentations"]
    if not stated:
        return url, ()
    others = [(key, value) for key, value in query if key != "presentations"]
    return parts._replace(query=urlencode(others)).geturl(), tuple(stated[-1].split(","))
