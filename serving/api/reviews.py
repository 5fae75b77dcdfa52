"""What radiologists say of readings."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse

from serving import schemas
from serving.problems import Problem
from serving.services import Services
from serving.settings import names
from serving.store import reviews
from serving.users.caller import Caller, caller_of
from serving.users.sight import seen
from serving.who import who_asks

_Key = Annotated[
    str | None, Header(alias="Idempotency-Key", max_length=128, description="The same key again is the same review")
]


def add_routes(api: APIRouter, services: Services) -> None:
    urgent = names(services.settings.urgent_findings)

    @api.post(
        "/readings/{reading_id}/review",
        summary="Review a reading",
        tags=["readings"],
        status_code=201,
        response_model=schemas.ReviewAnswer,
        responses={
            200: {"model": schemas.ReviewAnswer, "description": "This key was sent before: the same review"},
            **schemas.problem_responses(404, 422, 503),
        },
    )
    def post_review(
        request: Request, reading_id: int, review: schemas.Review, idempotency_key: _Key = None
    ) -> Response:
        """Accept, reject or correct findings, add missed ones, sign off. Nothing is overwritten: the newest counts.

        It is by who is signed in.
        """
        document = review.model_dump(exclude={"reviewer", "signed_off"})
        added = reviews.add(
            seen(services, request).store,
            reading_id,
            reviewer=_reviewer(caller_of(request), review.reviewer),
            document=document,
            signed_off=review.signed_off,
            idempotency_key=idempotency_key,
            urgent=urgent,
            who=who_asks(request.scope),
        )
        if added is None:
            raise Problem("not-found", "No reading with this id is kept here.")
        row, is_new = added
        return JSONResponse(_review(row), status_code=201 if is_new else 200)

    @api.get(
        "/readings/{reading_id}/reviews",
        summary="The reviews of a reading",
        tags=["readings"],
        response_model=schemas.Reviews,
        responses=schemas.problem_responses(503),
    )
    def get_reviews(request: Request, reading_id: int) -> dict[str, Any]:
        """The newest first; the first one counts."""
        return {"reviews": [_review(row) for row in reviews.of(seen(services, request).store, reading_id)]}


def _reviewer(caller: Caller, named: str | None) -> str:
    if named is None or caller.kind == "demo":
        return named or caller.name
    if named not in {caller.name, caller.display_name}:
        raise Problem("invalid", "reviewer must be who is signed in. Leave it out.")
    return caller.name


def _review(row: Any) -> dict[str, Any]:
    return {
        "reading_id": row["outcome_id"],
        "reader": row["reader"],
        "number": row["number"],
        "reviewer": row["reviewer"],
        "reviewed_at": row["reviewed_at"].isoformat(timespec="milliseconds"),
        "signed_off": row["signed_off"],
        **row["document"],
    }
