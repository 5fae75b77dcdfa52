"""Who does something, and from where: what the audit trail says of every act. Made at the edge, passed on."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

#: Where whoever found out who asks leaves it in an ASGI scope.
SCOPE_KEY = "hilum.who"


class Kind(StrEnum):
    """What somebody is known as."""

    #: A person, by the name of their account.
    ACCOUNT = "account"
    #: A machine, by the name of its API key, never the key itself.
    KEY = "key"
    #: A DICOM application, by its AE title.
    AE = "ae"
    #: A process of ours, or a command that somebody runs on the machine.
    SERVICE = "service"
    #: Nobody said who they are.
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Who:
    """Somebody, and where they are."""

    kind: Kind
    #: As they are known here; no patient data.
    name: str = ""
    #: IP address that they come from; "" for what happens on our own side.
    address: str = ""


#: Nobody said who they are, nor where.
NOBODY = Who(kind=Kind.UNKNOWN)


def service(name: str) -> Who:
    """A process of ours: serve, api, worker, receiver; or a command of ``hilum``."""
    return Who(kind=Kind.SERVICE, name=name)


def who_asks(scope: MutableMapping[str, Any]) -> Who:
    """Who is behind a request: as whoever looked at its credentials says, or nobody known at its address."""
    said = scope.get(SCOPE_KEY)
    if isinstance(said, Who):
        return said
    client = scope.get("client")
    return Who(kind=Kind.UNKNOWN, address=client[0] if client else "")
