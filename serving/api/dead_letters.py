"""Jobs that are not tried again until a person says so."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from serving import schemas
from serving.problems import Problem
from serving.services import Services
from serving.settings import names
from serving.store import dead_letters
from serving.who import who_asks

_Limit = Annotated[int, Query(ge=1, le=500)]
_After = Annotated[int | None, Query(description="`next` of the page before", alias="cursor")]


def add_routes(api: APIRouter, services: Services) -> None:
    urgent = names(services.settings.urgent_findings)

    @api.get(
        "/dead-letters",
        summary="Jobs that were given up",
        tags=["jobs"],
        response_model=schemas.DeadLetters,
        responses=schemas.problem_responses(503),
    )
    def get_dead_letters(limit: _Limit = 100, cursor: _After = None) -> dict[str, Any]:
        """Readings and deliveries that failed for good, or that ended their worker three times; the newest first."""
        rows = dead_letters.listed(services.store, limit=limit + 1, before=cursor)
        more = rows[limit - 1]["dead_letter_id"] if len(rows) > limit else None
        return {"dead_letters": [_dead_letter(row) for row in rows[:limit]], "next": more}

    @api.post(
        "/dead-letters/{dead_letter_id}/replay",
        summary="Try a job again",
        tags=["jobs"],
        status_code=202,
        response_model=schemas.Replayed,
        responses=schemas.problem_responses(404, 503),
    )
    def post_replay(request: Request, dead_letter_id: int) -> dict[str, Any]:
        """Queue it again. A second request for the same one is 404: it is not dead any more."""
        if not dead_letters.replay(services.store, dead_letter_id, who=who_asks(request.scope), urgent=urgent):
            raise Problem("not-found", "No dead job with this id is kept here; it may have been replayed.")
        return {"dead_letter_id": dead_letter_id, "state": "queued"}


def _dead_letter(row: Any) -> dict[str, Any]:
    return {
        "dead_letter_id": row["dead_letter_id"],
        "task": row["task"],
        "kind": row["kind"],
        "reason": row["reason"],
        "died_at": row["died_at"].isoformat(timespec="milliseconds"),
        "study_instance_uid": row["study_instance_uid"],
        "sop_instance_uid": row["sop_instance_uid"],
        "destination": row["destination"],
    }
