"""What a destination's kind must be able to do, and what it is given to send."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from pydicom.dataset import Dataset

from serving.presentations.documents import Document


class Rejected(Exception):
    """The destination will not take this, now or later."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a destination is. Its URL may hold a password, so neither is ever printed."""

    url: str = field(repr=False)
    #: What it signs or identifies with; each kind says how.
    secret: str | None = field(default=None, repr=False)
    #: What it is sent, in order.
    presentations: tuple[str, ...]

    @property
    def parts(self) -> SplitResult:
        return urlsplit(self.url)


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One completion, or a part of it; sent twice, it is the same. Presentations are made when they are asked for."""

    #: Of the completion: the same each time.
    uid: str
    #: One document of a kind of ``kinds.DOCUMENT_KINDS``; None: there is nothing to say in this kind.
    document: Callable[[str], Document | None]
    #: Instances of these kinds of ``kinds.DICOM_KINDS``, made one after the other.
    instances: Callable[[Sequence[str]], Iterator[Dataset]]


class Sender(Protocol):
    """Sends to one destination."""

    def send(self, parcel: Parcel) -> None:
        """Send all of it; when this returns, the destination has it.

        Raises:
            Unavailable: when time may cure it; all of it is sent again then.
            Rejected: when the destination will not take some of it; it has the rest.
        """
        ...

    def check(self) -> str:
        """Look whether the destination is there and knows us, without sending anything; what it said, in words.

        Raises:
            Unavailable: when it is not there.
            Rejected: when it will not talk to us.
        """
        ...
