"""Destinations that administrators keep, beside those of the settings."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from model.errors import Unavailable
from serving import schemas
from serving.destinations import Destination, configured, current, make_destination
from serving.problems import Problem
from serving.senders.sender import Rejected
from serving.services import Services
from serving.store import destinations as stored
from serving.who import who_asks

_Name = Annotated[str, Path(max_length=64, description="Letters, digits and _", examples=["pacs"])]


def add_routes(api: APIRouter, services: Services) -> None:
    _add_reading(api, services)
    _add_changing(api, services)


def _add_reading(api: APIRouter, services: Services) -> None:
    @api.get(
        "/destinations",
        summary="Where results go",
        tags=["destinations"],
        response_model=schemas.Destinations,
        responses=schemas.problem_responses(503),
    )
    def get_destinations() -> dict[str, Any]:
        """Those of the settings and those that are kept here, with what waits for each."""
        return {"destinations": _shown(services)}

    @api.get(
        "/destinations/{name}",
        summary="One destination",
        tags=["destinations"],
        response_model=schemas.DestinationAnswer,
        responses=schemas.problem_responses(404, 503),
    )
    def get_destination(name: _Name) -> dict[str, Any]:
        """As it is now; its secret is never shown."""
        return _one(services, name)

    @api.post(
        "/destinations/{name}/test",
        summary="Is it there?",
        tags=["destinations"],
        response_model=schemas.DestinationTest,
        responses=schemas.problem_responses(404, 503),
    )
    def post_test(name: _Name) -> dict[str, Any]:
        """Asks the destination whether it is there and knows us (C-ECHO, a search, HEAD); nothing is sent."""
        found = _all(services).get(name)
        if found is None:
            raise _unknown()
        try:
            return {"reachable": True, "words": found.sender.check()}
        except (Unavailable, Rejected) as error:
            return {"reachable": False, "words": str(error)}


def _add_changing(api: APIRouter, services: Services) -> None:
    @api.put(
        "/destinations/{name}",
        summary="Make or change a destination",
        tags=["destinations"],
        response_model=schemas.DestinationAnswer,
        responses={201: {"model": schemas.DestinationAnswer}, **schemas.problem_responses(422, 503)},
    )
    def put_destination(
        request: Request, name: _Name, body: schemas.NewDestination, response: Response
    ) -> dict[str, Any]:
        """Every worker follows within seconds. What waits for it already goes to where it is now."""
        _check_not_set(services, name)
        definition = body.model_dump(exclude={"secret"})
        try:
            make_destination(name, definition, services.settings)
        except ValueError as error:
            raise Problem("invalid", f"The destination {error}.") from None
        has_secret = "secret" in body.model_fields_set
        if stored.keep(
            services.store, name, definition, body.secret, has_secret=has_secret, who=who_asks(request.scope)
        ):
            response.status_code = 201
        return _one(services, name)

    @api.delete(
        "/destinations/{name}",
        summary="Remove a destination",
        tags=["destinations"],
        status_code=204,
        responses=schemas.problem_responses(404, 422, 503),
    )
    def delete_destination(request: Request, name: _Name) -> None:
        """What waits for it becomes dead letters; they can be replayed once it is made again."""
        _check_not_set(services, name)
        if not stored.remove(services.store, name, who=who_asks(request.scope)):
            raise _unknown()
        stored.set_aside(services.store, [name])


def _check_not_set(services: Services, name: str) -> None:
    if name in configured(services.settings):
        raise Problem("invalid", f"'{name}' is named by HILUM_DESTINATIONS. Change it there.")


def _all(services: Services) -> Mapping[str, Destination]:
    return current(services.settings, services.store)


def _one(services: Services, name: str) -> dict[str, Any]:
    found = [one for one in _shown(services) if one["name"] == name]
    if not found:
        raise _unknown()
    return found[0]


def _unknown() -> Problem:
    return Problem("not-found", "No destination of this name is kept here.")


def _shown(services: Services) -> list[dict[str, Any]]:
    by_settings, figures = configured(services.settings), stored.figures(services.store)
    none = {"queued": 0, "dead": 0}
    return [
        {
            "name": name,
            "url": one.url,
            "presentations": list(one.address.presentations),
            "has_secret": one.address.secret is not None,
            "origin": "settings" if name in by_settings else "api",
            **asdict(one.rules.route),
            **asdict(one.rules.profile),
            **{what: figures.get(name, none)[what] for what in ("queued", "dead")},
        }
        for name, one in sorted(_all(services).items())
    ]
