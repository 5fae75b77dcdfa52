"""Where results go, as the setting ``destinations`` names it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from model.errors import Misconfigured
from serving.presentations.kinds import DICOM_KINDS
from serving.settings import names

_SCHEMES = ("file", "http", "https", "dicom")
#: What a PACS is sent unless its URL says otherwise: what every viewer shows.
_USUAL_KINDS = ("sr", "sc")
#: PS3.5, 6.2: AE.
_TITLE = re.compile(r"[ -\[\]-~]{1,16}")


class Rejected(Exception):
    """The destination will not take this, now or later."""


@dataclass(frozen=True, kw_only=True)
class Peer:
    """An Application Entity that stores what it is sent."""

    title: str
    host: str
    port: int
    #: Of ``kinds.DICOM_KINDS``.
    kinds: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Destination:
    name: str
    #: A folder (file://), a webhook (http://, https://) or a PACS (dicom://AETITLE@host:port).
    url: str
    #: Of a PACS.
    peer: Peer | None = None

    @property
    def queue(self) -> str:
        """A queue of its own, so that no slow destination holds up another."""
        return f"deliver:{self.name}"


def parse(listed: str) -> Mapping[str, Destination]:
    """Name to destination.

    Raises:
        Misconfigured: with every error at once.
    """
    found: dict[str, Destination] = {}
    wrong: list[str] = []
    for item in _items(listed):
        name, _, url = item.partition("=")
        try:
            parts = urlsplit(url)
            if not name.isidentifier() or parts.scheme not in _SCHEMES or name in found:
                words = f"must list name=URL, each name once, with file, http, https or dicom, not '{item}'."
                raise ValueError(words)
            peer = _peer(parts, item) if parts.scheme == "dicom" else None
        except ValueError as error:
            wrong.append(f"HILUM_DESTINATIONS {error}")
            continue
        found[name] = Destination(name=name, url=url, peer=peer)
    if wrong:
        raise Misconfigured("\n".join(wrong))
    return found


def _items(listed: str) -> list[str]:
    """The items of the list; what stands behind a comma without a "=" of its own goes on with the item before."""
    items: list[str] = []
    for part in names(listed):
        if items and "presentations=" in items[-1] and part in DICOM_KINDS:
            items[-1] += f",{part}"
        else:
            items.append(part)
    return items


def _peer(parts: SplitResult, item: str) -> Peer:
    """
    Raises:
        ValueError: in words.
    """
    words = f"must name a PACS as dicom://AETITLE@host:port, not '{item}'."
    title = unquote(parts.username or "")
    try:
        port = parts.port
    except ValueError:
        raise ValueError(words) from None
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    kinds = tuple(options.pop("presentations", ",".join(_USUAL_KINDS)).split(","))
    if not _TITLE.fullmatch(title) or not title.strip() or not parts.hostname or not port:
        raise ValueError(words)
    if options or parts.path.strip("/") or not set(kinds) <= set(DICOM_KINDS):
        raise ValueError(f"may end in ?presentations= and some of {','.join(DICOM_KINDS)} for a PACS, not '{item}'.")
    return Peer(title=title, host=parts.hostname, port=port, kinds=tuple(dict.fromkeys(kinds)))
