"""A check: one thing that PS3.18 asks of an origin server, as a function that fails with an AssertionError."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.conformance.origin_server import OriginServer

_TRIES = 5
Run = Callable[[OriginServer], None]


@dataclass(frozen=True, kw_only=True)
class Check:
    name: str
    #: Where it is said: a clause of PS3.18 unless it begins with another document's name.
    clause: str
    #: The standard lets a server do without it, or says nothing of it: what clients meet all the same.
    optional: bool
    run: Run

    @property
    def area(self) -> str:
        return self.name.partition("_")[0]


#: In the order in which they were written down.
CHECKS: list[Check] = []


def check(clause: str, *, optional: bool = False, name: str | None = None) -> Callable[[Run], Run]:
    """Note a function among the checks; what a function needs beside the server, it closes over."""

    def note(run: Run) -> Run:
        CHECKS.append(Check(name=name or run.__name__, clause=clause, optional=optional, run=run))
        return run

    return note


@dataclass(frozen=True, kw_only=True)
class Outcome:
    check: Check
    #: None when it holds.
    failure: str | None


def outcome(one: Check, server: OriginServer) -> Outcome:
    try:
        one.run(server)
    except Exception as error:  # noqa: BLE001 - whatever a server answers, the next check goes on
        return Outcome(check=one, failure=f"{type(error).__name__}: {error}"[:300])
    return Outcome(check=one, failure=None)


def outcomes(checks: Iterable[Check], server: OriginServer, revived: Callable[[], bool] = bool) -> list[Outcome]:
    """Of each check. Where ``revived`` says that the server had died and was started again, it is asked again."""

    def asked(one: Check) -> Outcome:
        for _ in range(_TRIES):
            found = outcome(one, server)
            if not found.failure or not revived():
                break
        return found

    return [asked(one) for one in checks]
