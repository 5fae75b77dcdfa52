"""The one table that says who may ask for what. A route that is not in it is for administrators."""

from collections.abc import Iterable
from enum import StrEnum

from starlette.routing import compile_path

from serving.users.caller import Right


class Open(StrEnum):
    """What needs less than a right."""

    #: Everybody may ask, also who is not signed in.
    TO_ALL = "to all"
    #: Who is signed in, or has a key, whatever it is for.
    TO_KNOWN = "to known"
    #: What counts things, not patients: to who is known, and to this machine itself.
    TO_MACHINE = "to machine"


Need = Right | Open

#: Methods, path, and what it takes; the first line that fits counts. HEAD is as GET.
TABLE: tuple[tuple[str, str, Need], ...] = (
    ("GET", "/healthz", Open.TO_ALL),
    ("GET", "/readyz", Open.TO_ALL),  # who is not known hears no more than yes or no
    ("GET", "/metrics", Open.TO_MACHINE),
    ("GET", "/", Open.TO_ALL),
    ("GET", "/static/{path:path}", Open.TO_ALL),
    ("GET", "/viewer/{path:path}", Open.TO_ALL),
    ("GET", "/docs", Open.TO_KNOWN),
    ("GET", "/openapi.json", Open.TO_KNOWN),
    ("GET", "/api/sign-in", Open.TO_ALL),
    ("POST", "/api/session", Open.TO_ALL),
    ("POST", "/api/session/first", Open.TO_ALL),
    ("GET", "/api/oidc/sign-in", Open.TO_ALL),
    ("GET", "/api/oidc/callback", Open.TO_ALL),
    ("GET DELETE", "/api/session", Open.TO_KNOWN),
    ("POST", "/api/session/password", Open.TO_KNOWN),
    ("GET POST", "/api/users", Right.CONFIGURE),
    ("PATCH", "/api/users/{name}", Right.CONFIGURE),
    ("GET POST", "/api/keys", Right.CONFIGURE),
    ("DELETE", "/api/keys/{key_id}", Right.CONFIGURE),
    ("POST", "/api/keys/{key_id}/rotate", Right.CONFIGURE),
    ("POST", "/api/instances", Right.SEND),
    ("GET", "/api/instances/{path:path}", Right.READ),
    ("GET", "/api/studies", Right.READ),
    ("GET", "/api/studies/{study_instance_uid}", Right.READ),
    ("GET", "/api/events", Right.READ),
    ("GET", "/api/reader", Right.READ),
    ("GET", "/api/model-card", Right.READ),
    ("POST", "/api/readings/{reading_id}/review", Right.REVIEW),
    ("GET", "/api/readings/{reading_id}/reviews", Right.READ),
    ("GET", "/api/dead-letters", Right.CONFIGURE),
    ("POST", "/api/dead-letters/{dead_letter_id}/replay", Right.CONFIGURE),
    ("GET", "/api/audit", Right.CONFIGURE),
    ("GET", "/api/destinations", Right.CONFIGURE),
    ("GET PUT DELETE", "/api/destinations/{name}", Right.CONFIGURE),
    ("POST", "/api/destinations/{name}/test", Right.CONFIGURE),
    ("POST", "/dicom-web/studies", Right.SEND),
    ("POST", "/dicom-web/studies/{study_instance_uid}", Right.SEND),
    ("GET", "/dicom-web/{path:path}", Right.READ),
    ("OPTIONS", "/dicom-web", Open.TO_KNOWN),
    ("OPTIONS", "/dicom-web/", Open.TO_KNOWN),
)
_COMPILED = tuple((frozenset(methods.split()), compile_path(path)[0], need) for methods, path, need in TABLE)


def needed(method: str, path: str) -> Need:
    """What a request takes."""
    asked = "GET" if method == "HEAD" else method
    return next((need for methods, form, need in _COMPILED if asked in methods and form.match(path)), Right.CONFIGURE)


def is_listed(method: str, path: str) -> bool:
    return any(method in methods and form.match(path) for methods, form, _ in _COMPILED)


def words(rights: Iterable[Right]) -> list[str]:
    return sorted(str(right) for right in rights)
