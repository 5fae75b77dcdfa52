"""Who asks, as one value: a person who is signed in, a machine with a key, or anybody in demo mode."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Self

from starlette.requests import Request

from serving.who import SCOPE_KEY, Kind, Who


class Right(StrEnum):
    """What somebody may do; a key's scopes are rights."""

    #: Send radiographs.
    SEND = "send"
    #: See studies, readings and pictures.
    READ = "read"
    #: Say something of a reading.
    REVIEW = "review"
    #: Everything that an administrator does: destinations, jobs that were given up, users, keys.
    CONFIGURE = "configure"


#: Role to what it may do.
ROLES: dict[str, frozenset[Right]] = {
    "reader": frozenset({Right.SEND, Right.READ, Right.REVIEW}),
    "administrator": frozenset(Right),
    "integration": frozenset({Right.SEND, Right.READ}),
}


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks."""

    name: str
    kind: Literal["account", "key", "demo"]
    rights: frozenset[Right]
    display_name: str = ""
    #: Of a person.
    role: str | None = None
    #: Whose studies are seen; empty: of all sites.
    sites: tuple[str, ...] = ()
    #: What the page sends back with whatever changes something: of a session only.
    csrf_token: str = field(default="", repr=False)

    @classmethod
    def of_account(cls, row: Mapping[str, Any], csrf_token: str) -> Self:
        """Somebody who is signed in to the account of this row."""
        return cls(
            name=row["name"],
            display_name=row["display_name"],
            kind="account",
            role=row["role"],
            rights=ROLES[row["role"]],
            sites=tuple(row["sites"]),
            csrf_token=csrf_token,
        )


#: Anybody, where the service is a demonstration on one machine.
DEMO = Caller(name="demo", display_name="Demo", kind="demo", role="administrator", rights=ROLES["administrator"])


def caller_of(request: Request) -> Caller:
    """Who asks; the gate let them through."""
    found: Caller = request.state.caller
    return found


def remember(request: Request, caller: Caller | None) -> None:
    """Note with a request who asks, for its route and for the audit trail."""
    request.state.caller = caller
    if caller is not None and caller.kind != "demo":
        request.scope[SCOPE_KEY] = Who(kind=Kind(caller.kind), name=caller.name, address=address_of(request))


def address_of(request: Request) -> str:
    """From where; behind a proxy that is trusted, as that says."""
    return request.client.host if request.client else ""
