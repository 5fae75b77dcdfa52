"""Who looks at what, noted at one place for every route that shows a study: before the answer goes out, or it does not.

Looking at the pictures of a study is one entry for some minutes, not one for each picture. What somebody searched for
is noted by the names of its conditions, never by their values: those are patients'.
"""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydicom.datadict import keyword_dict
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from model.errors import Unavailable
from serving.lately import Lately
from serving.problems import problem_of, problem_response
from serving.store import audit
from serving.store.audit import Act, Action
from serving.store.store import Store
from serving.who import Who, who_asks

#: Seconds within which the same person's looks at the same study are one entry.
_WHILE = 600.0
#: Path parameters that name what is shown.
_STUDY, _INSTANCE, _READING = "study_instance_uid", "sop_instance_uid", "reading_id"
_SEARCHES = {
    "/api/studies",
    "/dicom-web/studies",
    "/dicom-web/series",
    "/dicom-web/instances",
    "/dicom-web/studies/{study_instance_uid}/series",
    "/dicom-web/studies/{study_instance_uid}/instances",
    "/dicom-web/studies/{study_instance_uid}/series/{series_instance_uid}/instances",
}
#: Files are fetched, to be kept elsewhere.
_FILES = {
    "/dicom-web/studies/{study_instance_uid}",
    "/dicom-web/studies/{study_instance_uid}/series/{series_instance_uid}",
    "/dicom-web/studies/{study_instance_uid}/series/{series_instance_uid}/instances/{sop_instance_uid}",
}
_TAG = re.compile(r"[0-9A-Fa-f]{8}")
_OWN_CONDITIONS = {
    *("state", "finding", "modality", "refused", "reviewed", "since", "before", "search", "priors", "sort", "cursor"),
    *("limit", "offset", "fuzzymatching", "includefield"),
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """Somebody was shown something."""

    who: Who
    action: Action
    #: Of what is shown; at most one of them is needed.
    study: str = ""
    instance: str = ""
    reading: int | None = None
    #: The names of a search's conditions.
    conditions: tuple[str, ...] | None = None


class Watch:
    """ASGI middleware, inside of what finds out who asks."""

    def __init__(self, app: ASGIApp, store: Store) -> None:
        self._app = app
        self._store = store
        self._lately = Lately(_WHILE)
        self._one_at_a_time = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = False

        async def send_noted(message: Message) -> None:
            nonlocal refused
            if refused:
                return
            if message["type"] == "http.response.start" and (look := look_of(scope, message["status"])):
                try:
                    await self._note(look)
                except Unavailable as error:
                    refused = True
                    await problem_response(problem_of(error))(scope, receive, send)
                    return
            await send(message)

        await self._app(scope, receive, send_noted)

    async def _note(self, look: Look) -> None:
        if not self._lately.knows(look):
            await run_in_threadpool(self._note_first, look)

    def _note_first(self, look: Look) -> None:
        with self._one_at_a_time:
            study = look.study or self._study_of(look)
            same = (look.who, look.action, study, look.conditions)
            if not self._lately.knows(same):
                audit.note_alone(self._store, _act(look, study))
                self._lately.remember(same)
            self._lately.remember(look)

    def _study_of(self, look: Look) -> str:
        if look.reading is not None:
            found = self._store.database.one("study_of_reading", outcome_id=look.reading)
        elif look.instance:
            found = self._store.database.one("study_of_instance", sop_instance_uid=look.instance)
        else:
            return ""
        return found["study_instance_uid"] if found else ""


def look_of(scope: Scope, status: int) -> Look | None:
    """What an answer with this status shows to whom; None when it shows nothing of a study."""
    route = scope.get("route")
    if route is None or scope["method"] != "GET" or status >= 400:
        return None
    named: Mapping[str, Any] = scope["path_params"]
    who = who_asks(scope)
    if route.path in _SEARCHES:
        study = str(named.get(_STUDY, ""))
        return Look(who=who, action=Action.SEARCHED, study=study, conditions=_conditions(scope))
    action = Action.RETRIEVED if route.path in _FILES else Action.SAW
    if _STUDY in named:
        return Look(who=who, action=action, study=str(named[_STUDY]))
    if _INSTANCE in named:
        return Look(who=who, action=action, instance=str(named[_INSTANCE]))
    return Look(who=who, action=action, reading=int(named[_READING])) if _READING in named else None


def _conditions(scope: Scope) -> tuple[str, ...]:
    """The names of the conditions that we know; of another one, that it was there: what it says is anybody's."""
    names = {part.partition("=")[0] for part in scope["query_string"].decode("latin-1").split("&") if part}
    return tuple(sorted({name if _is_known(name) else "other" for name in names}))


def _is_known(name: str) -> bool:
    return all(part in keyword_dict or _TAG.fullmatch(part) for part in name.split(".")) or name in _OWN_CONDITIONS


def _act(look: Look, study: str) -> Act:
    details = {} if look.conditions is None else {"conditions": list(look.conditions)}
    instance = look.instance if not study else ""
    return Act(
        who=look.who, action=look.action, study_instance_uid=study, sop_instance_uid=instance, details=dict(details)
    )
