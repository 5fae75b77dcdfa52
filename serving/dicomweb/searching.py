"""QIDO-RS: studies, series and instances by their attributes (PS3.18, 10.6)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from serving import schemas
from serving.dicomweb.accept import choose
from serving.dicomweb.dicom_json import JSON_TYPES, MEDIA_TYPE
from serving.dicomweb.results_found import rows_within, with_results
from serving.dicomweb.search_parameters import MOST_RESULTS, Search, parse
from serving.dicomweb.search_response import UIDS, result
from serving.dicomweb.urls import base_url
from serving.services import Services
from serving.store.searches import Condition, How, Level, search
from serving.users.sight import seen

_MORE = "The number of results exceeded the maximum supported by the server. Additional results can be requested."
_SHARED = "Instances of more than one patient came under one Study Instance UID. Their patients' attributes differ."
#: Path below the base to what is searched for.
_PATHS = {
    "/studies": Level.STUDY,
    "/series": Level.SERIES,
    "/instances": Level.INSTANCE,
    "/studies/{study_instance_uid}/series": Level.SERIES,
    "/studies/{study_instance_uid}/instances": Level.INSTANCE,
    "/studies/{study_instance_uid}/series/{series_instance_uid}/instances": Level.INSTANCE,
}
_LEVELS = {"study_instance_uid": Level.STUDY, "series_instance_uid": Level.SERIES}
_IN_QUERY = [
    {"name": "includefield", "in": "query", "schema": {"type": "string"}, "description": "Attributes, or `all`"},
    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 0, "maximum": MOST_RESULTS}},
    {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0}},
    {
        "name": "fuzzymatching",
        "in": "query",
        "schema": {"type": "boolean"},
        "description": "Not done; answered with a warning",
    },
]
_ANSWERS = {
    200: {"description": "What was found, which may be nothing", "content": {MEDIA_TYPE: {}}},
    **schemas.problem_responses(400, 406, 503),
}


def add_routes(api: APIRouter, services: Services) -> None:
    for path, level in _PATHS.items():
        api.add_api_route(
            path,
            _endpoint(services, level),
            summary=f"Search for {path.rpartition('/')[2]} (QIDO-RS)",
            response_model=None,
            responses=_ANSWERS,
            openapi_extra={"parameters": [*_in_path(path), *_IN_QUERY]},
        )


def _in_path(path: str) -> list[dict[str, Any]]:
    names = [name for name in _LEVELS if f"{{{name}}}" in path]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _endpoint(services: Services, level: Level) -> Callable[[Request], Response]:
    def find(request: Request) -> Response:
        """Attributes by keyword or tag, `includefield`, `limit` and `offset`; the latest comes first."""
        media_type = choose(request, JSON_TYPES)
        asked = parse(level, request.query_params.multi_items())
        above = {_LEVELS[name]: uid.replace("\0", "") for name, uid in request.path_params.items()}
        conditions = [*asked.conditions, *(_is(one, uid) for one, uid in above.items())]
        # One more than is answered with says whether there are more.
        rows = _rows(seen(services, request), level, conditions, asked)
        found = [result(row, asked, base_url(request), above) for row in rows[: asked.limit]]
        warnings = list(_warnings(asked, rows))
        headers = {"Warning": ", ".join(f'299 {base_url(request)}: "{text}"' for text in warnings)} if warnings else {}
        return JSONResponse(found, media_type=media_type, headers=headers)

    return find


def _rows(
    services: Services, level: Level, conditions: Sequence[Condition], asked: Search
) -> Sequence[Mapping[str, Any]]:
    """What was received, then Hilum's own results; one row more than is asked for, if there are so many."""
    most = asked.limit + 1
    if level is Level.STUDY:
        return with_results(services, search(services.store, level, conditions, limit=most, offset=asked.offset))
    results = rows_within(services, conditions)
    if not results:
        return search(services.store, level, conditions, limit=most, offset=asked.offset)
    received = search(services.store, level, conditions, limit=asked.offset + most, offset=0)
    return [*received, *results][asked.offset :][:most]


def _is(level: Level, uid: str) -> Condition:
    keyword = UIDS[level]
    return Condition(keyword=keyword, how=How.ANY, values=(uid,))


def _warnings(asked: Search, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield from asked.warnings
    if asked.limit == MOST_RESULTS and len(rows) > MOST_RESULTS:
        yield _MORE
    if any(row["shared_uid"] for row in rows[: asked.limit]):
        yield _SHARED
