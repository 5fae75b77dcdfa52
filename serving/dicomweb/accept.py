"""What a client accepts (RFC 9110, 12.5.1; PS3.18, 8.7.5): media ranges with parameters, the most wanted first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.message import Message
from urllib.request import parse_http_list

from fastapi import Request

from serving.problems import Problem


@dataclass(frozen=True, kw_only=True)
class MediaRange:
    """``*/*``, ``type/*`` or ``type/subtype``, in lower case."""

    name: str
    #: Without ``q``; names in lower case, values unquoted.
    parameters: dict[str, str]
    #: 0 to 1; nothing of quality 0 is wanted.
    quality: float

    def covers(self, media_type: str) -> bool:
        """Whether a media type, given without parameters, is within."""
        kind, _, sub = self.name.partition("/")
        return self.name in {"*/*", media_type} or (sub == "*" and media_type.startswith(f"{kind}/"))


def accepted(request: Request) -> list[MediaRange]:
    """What the request accepts: its ``accept`` query parameter (PS3.18, 8.3.3.1) before its Accept header.

    A request without either accepts everything.
    """
    stated = request.query_params.getlist("accept") or request.headers.getlist("accept")
    ranges = [_media_range(part) for line in stated for part in parse_http_list(line) if part.strip()]
    wanted = [one for one in ranges or [_media_range("*/*")] if one.quality > 0]
    return sorted(wanted, key=lambda one: -one.quality)  # stable: of equals, the first named


def choose(request: Request, offers: Sequence[str]) -> str:
    """The offered media type that the client wants most; among equals, the first offered.

    Raises:
        Problem: not-acceptable.
    """
    for wanted in accepted(request):
        for offer in offers:
            if wanted.covers(offer):
                return offer
    raise not_acceptable(offers)


def not_acceptable(offers: Iterable[str]) -> Problem:
    return Problem("not-acceptable", f"Accept must allow one of {', '.join(offers)}. Ask for one of these.")


def parameters_of(content_type: str) -> tuple[str, dict[str, str]]:
    """A media type in lower case and its parameters: names in lower case, values unquoted."""
    message = Message()
    message["Content-Type"] = content_type
    found = message.get_params(failobj=[(message.get_content_type(), "")])
    (name, _), *parameters = [(str(name), str(value)) for name, value in found]
    return name.strip().lower(), {key.lower(): value for key, value in parameters}


def _media_range(text: str) -> MediaRange:
    name, parameters = parameters_of(text)
    try:
        quality = min(max(float(parameters.pop("q", "1")), 0.0), 1.0)
    except ValueError:
        quality = 1.0
    return MediaRange(name=name, parameters=parameters, quality=quality)
