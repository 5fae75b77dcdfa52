"""The audit trail, for administrators."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from serving import schemas
from serving.audit.export import entry_json
from serving.moments import utc
from serving.services import Services
from serving.store import audit, chain
from serving.store.audit import Act, Action
from serving.who import who_asks

_Since = Annotated[datetime | None, Query(description="At or after, ISO 8601; UTC unless it says otherwise")]
_Until = Annotated[datetime | None, Query(description="Before")]
_Action = Annotated[Action | None, Query(description="What was done")]
_Actor = Annotated[str | None, Query(max_length=128, description="Who: account, key, AE title or process")]
_Success = Annotated[bool | None, Query(description="Whether it went well")]
_Study = Annotated[str | None, Query(max_length=64, description="Study Instance UID")]
_Limit = Annotated[int, Query(ge=1, le=1000, description="Entries on a page")]
_Cursor = Annotated[int | None, Query(ge=1, le=2**62, description="`next` of the page before")]


def add_routes(api: APIRouter, services: Services) -> None:
    @api.get(
        "/audit",
        summary="The audit trail",
        tags=["audit"],
        response_model=schemas.AuditEntries,
        responses=schemas.problem_responses(422, 503),
    )
    def get_audit(
        request: Request,
        since: _Since = None,
        until: _Until = None,
        action: _Action = None,
        actor: _Actor = None,
        success: _Success = None,
        study: _Study = None,
        limit: _Limit = 100,
        cursor: _Cursor = None,
    ) -> dict[str, Any]:
        """Who did what, the newest first, as far as every given filter holds. That somebody asked is an entry, too."""
        audit.note_alone(services.store, Act(who=who_asks(request.scope), action=Action.AUDIT_EXPORTED, object="api"))
        chain.chain_all(services.store)
        rows = audit.page(
            services.store,
            before=cursor,
            limit=limit + 1,
            since=utc(since),
            until=utc(until),
            action=action,
            actor=_clean(actor),
            success=success,
            study=_clean(study),
        )
        more = rows[limit - 1]["position"] if len(rows) > limit else None
        return {"entries": [entry_json(row) for row in rows[:limit]], "next": more}


def _clean(text: str | None) -> str | None:
    return None if text is None else text.replace("\0", "")
