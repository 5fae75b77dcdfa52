"""Where results go, as the setting ``destinations`` names it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from model.errors import Misconfigured
from serving.settings import names

_SCHEMES = ("file", "http", "https")


@dataclass(frozen=True, kw_only=True)
class Destination:
    name: str
    #: A folder (file://) or a webhook (http://, https://).
    url: str

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
    for item in names(listed):
        name, _, url = item.partition("=")
        if not name.isidentifier() or urlsplit(url).scheme not in _SCHEMES or name in found:
            wrong.append(
                f"HILUM_DESTINATIONS must list name=URL, each name once, with file, http or https, not '{item}'."
            )
            continue
        found[name] = Destination(name=name, url=url)
    if wrong:
        raise Misconfigured("\n".join(wrong))
    return found
