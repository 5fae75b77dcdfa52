"""The one table from an error to what HTTP says: RFC 9457 problem documents.

    Problem         a request that we do not serve; raised by doors and routes
    Unavailable     (model.errors) 503: the same request may succeed later

``detail`` says what must be, what came and what to do; it never repeats a file's name or a patient's data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse

from model.errors import HilumError, Misconfigured, NotReadable, Unavailable


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of problem: its HTTP status and a title that never changes."""

    status: int
    title: str


#: What stands before the slug in a problem's ``type``.
URN = "urn:hilum:problem:"

#: Slug to kind.
KINDS: dict[str, Kind] = {
    "malformed": Kind(status=400, title="The request is malformed"),
    "wrong-host": Kind(status=400, title="The request names another host"),
    "not-signed-in": Kind(status=401, title="Nobody is signed in"),
    "sign-in-failed": Kind(status=401, title="Signing in failed"),
    "not-allowed": Kind(status=403, title="This is not allowed for who asks"),
    "csrf": Kind(status=403, title="The request does not prove that our page made it"),
    "other-site": Kind(status=403, title="The request comes from another site's page"),
    "not-found": Kind(status=404, title="Not found"),
    "method-not-allowed": Kind(status=405, title="The method is not allowed here"),
    "not-acceptable": Kind(status=406, title="No representation that is accepted"),
    "name-taken": Kind(status=409, title="The name is taken"),
    "conflict": Kind(status=409, title="Other content was received under this SOP Instance UID"),
    "too-large": Kind(status=413, title="The upload is too large"),
    "unsupported-media": Kind(status=415, title="The media type is not supported"),
    "invalid": Kind(status=422, title="A parameter is invalid"),
    "not-readable": Kind(status=422, title="The radiograph is not readable"),
    "not-stored": Kind(status=422, title="Objects of this SOP class are not stored here"),
    "too-many-attempts": Kind(status=429, title="Too many attempts"),
    "failed": Kind(status=500, title="We failed"),
    "busy": Kind(status=503, title="Not now"),
    "storage-full": Kind(status=507, title="The storage is full"),
}


class StorageFull(Unavailable):
    """There is no room for more: nothing is received until there is."""


class Unfit(HilumError):
    """A value that the database has no place for."""


class DecoderFailed(HilumError):
    """A decoder died, hung or failed; the same file will do the same to the next one."""


#: Error of ours to the slug of its kind.
ERRORS: dict[type[HilumError], str] = {
    NotReadable: "not-readable",
    StorageFull: "storage-full",
    Unfit: "invalid",
    DecoderFailed: "failed",
    Unavailable: "busy",
    Misconfigured: "failed",
}

#: HTTP status that the framework raises to the slug of its kind.
STATUSES: dict[int, str] = {400: "malformed", 404: "not-found", 405: "method-not-allowed", 413: "too-large"}

_UNREAD = (400, 403, 406, 413, 415)

#: Seconds after which a refused sender should try again.
RETRY_AFTER = 2


class Problem(Exception):  # RFC 9457's word
    """A request that we do not serve: a kind of the table, what is wrong in words, and members of its own."""

    def __init__(self, slug: str, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.slug = slug
        self.detail = detail
        self.members: Mapping[str, Any] = members

    @property
    def status(self) -> int:
        return KINDS[self.slug].status

    def headers(self) -> dict[str, str]:
        if self.status == 401:
            # No Basic: a browser would ask for a password of its own.
            return {"WWW-Authenticate": 'Bearer realm="Hilum"', "Connection": "close"}
        if self.status == 429:
            return {"Retry-After": str(self.members["retry_after"])}
        if self.status in {503, 507}:
            return {"Retry-After": str(RETRY_AFTER)}
        # Where the body is not read to its end, only hanging up stops the sender from sending the rest of it.
        return {"Connection": "close"} if self.status in _UNREAD else {}

    def document(self) -> dict[str, Any]:
        """The problem document (RFC 9457, 3.1)."""
        kind = KINDS[self.slug]
        base = {
            "type": f"{URN}{self.slug}",
            "title": kind.title,
            "status": kind.status,
            "detail": self.detail,
        }
        return {**base, **self.members}


def problem_of(error: HilumError) -> Problem:
    """By the nearest class of the error that stands in the table."""
    slug = next(ERRORS[kind] for kind in type(error).__mro__ if kind in ERRORS)
    return Problem(slug, str(error))


def problem_response(problem: Problem) -> JSONResponse:
    return JSONResponse(
        problem.document(), problem.status, headers=problem.headers(), media_type="application/problem+json"
    )
