"""Which of the forms that a thing can be had in is sent: what the client accepts against what is offered.

By PS3.18, 8.7.3 to 8.7.8 and RFC 9110, 12.5.1: the most specific media range that covers an offer says how much it is
wanted; of offers that are wanted alike, the first is sent. A range without a transfer syntax accepts the default one
of its media type (tables 8.7.3-2, 8.7.3-4 and 8.7.3-5), ``*`` any; in one that names none of several codings of an
image (image/jpeg and the like) every coding is accepted, since no default would be of use.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydicom.uid import ExplicitVRLittleEndian

from serving.dicomweb.accept import MediaRange
from serving.problems import Problem

DICOM, OCTETS, JSON = "application/dicom", "application/octet-stream", "application/dicom+json"
_MULTIPART = "multipart/related"
_NATIVE = str(ExplicitVRLittleEndian)


@dataclass(frozen=True)
class Representation:
    """One form: of each part, its media type and, where it has one, its transfer syntax."""

    media_type: str
    transfer_syntax: str | None = None
    multipart: bool = False
    #: Sent in the syntax in which it is stored, whichever that is for each instance.
    as_stored: bool = False

    @property
    def part_type(self) -> str:
        """Content-Type of a part, or of the whole where there is one."""
        syntax = f"; transfer-syntax={self.transfer_syntax}" if self.transfer_syntax else ""
        return self.media_type + syntax

    def words(self) -> str:
        """As an Accept header would ask for it."""
        asked = f"transfer-syntax={'*' if self.as_stored else self.transfer_syntax}"
        syntax = f"; {asked}" if self.transfer_syntax or self.as_stored else ""
        return f'{_MULTIPART}; type="{self.media_type}"{syntax}' if self.multipart else self.media_type + syntax


def select(accepted: Iterable[MediaRange], offers: Sequence[Representation]) -> Representation:
    """The offer that is wanted most.

    Raises:
        Problem: not-acceptable, which lists what can be had.
    """
    ranges = list(accepted)
    wanted = [(_wish(ranges, offer), -place, offer) for place, offer in enumerate(offers)]
    wish, _, best = max(wanted, key=lambda one: one[:2], default=(0.0, 0, None))
    if best is None or wish <= 0:
        forms = list(dict.fromkeys(offer.words() for offer in offers))
        raise Problem("not-acceptable", f"Accept must allow one of these: {', '.join(forms)}.", acceptable=forms)
    return best


def _wish(ranges: Sequence[MediaRange], offer: Representation) -> float:
    """Quality that the most specific range gives to the offer; 0 when none covers it."""
    covering = [(_specificity(one), one.quality) for one in ranges if _covers(one, offer)]
    return max(covering, default=(0, 0.0))[1]


def _specificity(one: MediaRange) -> int:
    name = one.parameters.get("type", one.name).lower() if one.name == _MULTIPART else one.name
    wildcards = 2 if name == "*/*" else 1 if name.endswith("/*") else 0
    return 10 * (2 - wildcards) + (one.parameters.get("transfer-syntax", "*") != "*")


def _covers(one: MediaRange, offer: Representation) -> bool:
    if one.name == _MULTIPART:
        if not offer.multipart:
            return False
        inner = MediaRange(name=one.parameters.get("type", "*/*").lower(), parameters={}, quality=1.0)
    elif one.name in {"*/*", "multipart/*"}:
        # Both forms are accepted; the offers say which comes first.
        inner = MediaRange(name="*/*", parameters={}, quality=1.0)
    elif offer.multipart:
        return False
    else:
        inner = one
    return inner.covers(offer.media_type) and _syntax_fits(one.parameters.get("transfer-syntax"), offer)


def _syntax_fits(asked: str | None, offer: Representation) -> bool:
    if asked == "*" or (offer.transfer_syntax is None and not offer.as_stored):
        return True
    if asked is not None:
        return asked == offer.transfer_syntax and not offer.as_stored
    return offer.media_type not in {DICOM, OCTETS} or (offer.transfer_syntax == _NATIVE and not offer.as_stored)
