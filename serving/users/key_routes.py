"""Keys of machines, for administrators: ``/api/keys``."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request

from serving.schemas import problem_responses
from serving.services import Services
from serving.store import keys
from serving.users import schemas
from serving.users.managing import make_key, revoke_key, rotate_key
from serving.who import who_asks

_MOMENTS = ("made_at", "expires_at", "last_used_at", "former_until")


def add_routes(api: APIRouter, services: Services) -> None:
    store = services.store

    @api.get(
        "/keys",
        summary="The keys of machines",
        tags=["users"],
        response_model=schemas.Keys,
        responses=problem_responses(401, 403, 503),
    )
    def get_keys() -> dict[str, Any]:
        """Those that are not revoked, without their secrets."""
        return {"keys": [_shown(row) for row in keys.listed(store)]}

    @api.post(
        "/keys",
        summary="Make a key",
        tags=["users"],
        status_code=201,
        response_model=schemas.KeyWithSecret,
        responses=problem_responses(401, 403, 409, 422, 503),
    )
    def post_key(request: Request, body: schemas.NewKey) -> dict[str, Any]:
        """`secret` is the whole key and is not shown again."""
        row, secret = make_key(store, **body.model_dump(), who=who_asks(request.scope))
        return {**_shown(row), "secret": secret}

    @api.post(
        "/keys/{key_id}/rotate",
        summary="Give a key another secret",
        tags=["users"],
        response_model=schemas.KeyWithSecret,
        responses=problem_responses(401, 403, 404, 422, 503),
    )
    def post_rotate(request: Request, key_id: int, body: schemas.Rotation | None = None) -> dict[str, Any]:
        """The one before stays valid for `grace_hours`, so that its machine can be told in time."""
        hours = (body or schemas.Rotation()).grace_hours
        row, secret = rotate_key(store, key_id, hours=hours, who=who_asks(request.scope))
        return {**_shown(row), "secret": secret}

    @api.delete(
        "/keys/{key_id}",
        summary="Revoke a key",
        tags=["users"],
        status_code=204,
        responses=problem_responses(401, 403, 404, 503),
    )
    def delete_key(request: Request, key_id: int) -> None:
        """At once, and for good."""
        revoke_key(store, key_id, who=who_asks(request.scope))


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    plain = ("key_id", "name", "prefix", "scopes", "sites", "made_by")
    moments = {name: row[name] and row[name].isoformat(timespec="seconds") for name in _MOMENTS}
    return {**{name: row[name] for name in plain}, **moments}
