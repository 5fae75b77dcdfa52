"""Where results go, as the setting ``destinations`` names it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from model.errors import Misconfigured
from serving.presentations.kinds import KINDS
from serving.senders.sender import Address, Sender
from serving.senders.table import SCHEMES
from serving.settings import Settings, names


@dataclass(frozen=True, kw_only=True)
class Destination:
    name: str
    address: Address
    sender: Sender = field(repr=False)

    @property
    def queue(self) -> str:
        """A queue of its own, so that no slow destination holds up another."""
        return f"deliver:{self.name}"


def configured(settings: Settings) -> Mapping[str, Destination]:
    """Name to destination.

    Raises:
        Misconfigured: with every error at once.
    """
    found: dict[str, Destination] = {}
    wrong: list[str] = []
    for item in _items(settings.destinations):
        name, _, url = item.partition("=")
        try:
            if name in found:
                raise ValueError("must be named once")
            found[name] = destination(name, url, settings=settings)
        except ValueError as error:
            wrong.append(f"HILUM_DESTINATIONS lists name=URL; '{name}' {error}.")
    if wrong:
        raise Misconfigured("\n".join(wrong))
    return found


def destination(
    name: str, url: str, *, settings: Settings, secret: str | None = None, presentations: tuple[str, ...] = ()
) -> Destination:
    """
    Raises:
        ValueError: in words that begin with "must" or "may".
    """
    if not name.isidentifier():
        raise ValueError("must be a name of letters, digits and _")
    kind = SCHEMES.get(urlsplit(url).scheme)
    if kind is None:
        raise ValueError(f"must have a URL that begins with one of {', '.join(f'{one}:' for one in SCHEMES)}")
    plain, stated = _without_presentations(url)
    wanted = tuple(dict.fromkeys(presentations or stated or kind.usual))
    if not set(wanted) <= set(kind.offers):
        raise ValueError(f"may be sent the presentations {', '.join(kind.offers)}")
    address = Address(url=plain, secret=secret, presentations=wanted)
    return Destination(name=name, address=address, sender=kind.make(address, settings))


def _items(listed: str) -> list[str]:
    """The items of the list; what stands behind a comma without a "=" of its own goes on with the item before."""
    items: list[str] = []
    for part in names(listed):
        if items and "presentations=" in items[-1] and part in KINDS:
            items[-1] += f",{part}"
        else:
            items.append(part)
    return items


def _without_presentations(url: str) -> tuple[str, tuple[str, ...]]:
    """A URL without the part of its query that is ours, and that part."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    stated = [value for key, value in query if key == "presentations"]
    if not stated:
        return url, ()
    others = [(key, value) for key, value in query if key != "presentations"]
    return parts._replace(query=urlencode(others)).geturl(), tuple(stated[-1].split(","))
