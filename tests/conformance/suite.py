"""All checks together, and what is said of a server that was looked at."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import httpx

from tests.conformance import frames, metadata, qido, rendered, retrieve, service, stow
from tests.conformance.check import CHECKS, Check, Outcome, outcomes
from tests.conformance.corpus import Corpus
from tests.conformance.origin_server import OriginServer, client

#: Each module notes its checks as it is imported.
AREAS = (stow, qido, retrieve, metadata, frames, rendered, service)


def all_checks() -> tuple[Check, ...]:
    return tuple(CHECKS)


def look_at(base_url: str, revived: Callable[[], bool] = bool) -> list[Outcome]:
    """Every check of the server at ``base_url``; ``revived`` as ``check.outcomes`` says."""
    with client(base_url) as http:
        return outcomes(CHECKS, prepared(http), revived)


def prepared(http: httpx.Client) -> OriginServer:
    """A server that has the corpus, under identifiers of its own."""
    server = OriginServer(http=http, corpus=Corpus(f"C{uuid.uuid4().hex[:7].upper()}"))
    server.prepare()
    return server


def summary(found: Sequence[Outcome]) -> dict[str, Any]:
    """Counts, and what failed by name."""
    required = [one for one in found if not one.check.optional]
    return {
        "checks": len(found),
        "passed": sum(one.failure is None for one in found),
        "required": len(required),
        "required_passed": sum(one.failure is None for one in required),
        "failed": {one.check.name: one.failure for one in found if one.failure},
    }


def table(found: Sequence[Outcome]) -> str:
    rows = [f"{'ok  ' if one.failure is None else 'FAIL'} {one.check.name:58} {one.check.clause:28} {one.failure or ''}"
            for one in found]  # fmt: skip
    counts = summary(found)
    last = (
        f"{counts['passed']} of {counts['checks']} checks; of what PS3.18 requires {{required_passed}} of {{required}}"
    )
    return "\n".join([*(row.rstrip() for row in rows), last.format(**counts)])
