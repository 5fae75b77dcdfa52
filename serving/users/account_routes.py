"""Accounts, for administrators: ``/api/users``."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request

from serving.schemas import problem_responses
from serving.services import Services
from serving.store import accounts
from serving.users import schemas
from serving.users.managing import account_named, change_account, make_account
from serving.who import who_asks


def add_routes(api: APIRouter, services: Services) -> None:
    store = services.store

    @api.get(
        "/users",
        summary="Who has an account",
        tags=["users"],
        response_model=schemas.Accounts,
        responses=problem_responses(401, 403, 503),
    )
    def get_users() -> dict[str, Any]:
        return {"users": [_shown(row) for row in accounts.listed(store)]}

    @api.post(
        "/users",
        summary="Make an account",
        tags=["users"],
        status_code=201,
        response_model=schemas.Account,
        responses=problem_responses(401, 403, 409, 422, 503),
    )
    def post_user(request: Request, body: schemas.NewAccount) -> dict[str, Any]:
        """To have people choose their own password, invite them: `hilum users invite`."""
        return _shown(make_account(store, **body.model_dump(), who=who_asks(request.scope)))

    @api.patch(
        "/users/{name}",
        summary="Change an account",
        tags=["users"],
        response_model=schemas.Account,
        responses=problem_responses(401, 403, 404, 422, 503),
    )
    def patch_user(request: Request, name: str, body: schemas.ChangedAccount) -> dict[str, Any]:
        """What is left out stays. Being disabled and a new password end every session; accounts are never deleted."""
        account = account_named(store, name)
        return _shown(change_account(store, account, **body.model_dump(), who=who_asks(request.scope)))


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    signed_in_at = row["signed_in_at"]
    return {
        **{name: row[name] for name in ("name", "display_name", "role", "sites", "disabled")},
        "has_password": row["password_hash"] is not None,
        "made_at": row["made_at"].isoformat(timespec="seconds"),
        "signed_in_at": signed_in_at and signed_in_at.isoformat(timespec="seconds"),
    }
