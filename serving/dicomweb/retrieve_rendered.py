"""WADO-RS: rendered resources and thumbnails (PS3.18, 10.4.1.1.3 and 10.4.1.1.4): pictures for a screen.

Of a study or a series, a picture of each instance that has pixels, or one if it is the only one; a thumbnail is of the
first. Of several frames, the one that stands for all.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from fastapi import APIRouter, Request, Response

from model.errors import NotReadable, RefusalCode
from serving.dicomweb.accept import accepted
from serving.dicomweb.answering import answer
from serving.dicomweb.multipart import Part
from serving.dicomweb.pixel_answers import check_numbers, frame_numbers, frames_in
from serving.dicomweb.rendering import JPEG, PNG, WEBP, Rendering, rendered
from serving.dicomweb.rendering_parameters import rendering, thumbnail
from serving.dicomweb.representations import Representation, select
from serving.dicomweb.resources import INSTANCE, SERIES, STUDY, Resource, etag, find, has_already, headers_of
from serving.dicomweb.urls import base_url
from serving.problems import Problem
from serving.schemas import problem_responses
from serving.services import Services
from serving.users.sight import seen

_TYPES = (JPEG, PNG, WEBP)
_UIDS = ("study_instance_uid", "series_instance_uid", "sop_instance_uid")
_QUERY = {
    "viewport": "columns,rows[,left,top,width,height]",
    "window": "center,width,linear|linear-exact|sigmoid",
    "quality": "1 to 100",
}
_ANSWERS = {200: {"content": {kind: {} for kind in _TYPES}}, **problem_responses(400, 404, 406, 500, 503)}

#: Why there is no picture to the problem that it is; else none of the forms can be had.
_SLUGS = {RefusalCode.NOT_RADIOGRAPH: "not-found", RefusalCode.TOO_LARGE: "malformed"}

_Parse = Callable[[Mapping[str, str], str], Rendering]


def add_routes(api: APIRouter, services: Services) -> None:
    """At the levels of study, series, instance and frame."""
    levels = {"study": STUDY, "series": SERIES, "instance": INSTANCE, "frame": INSTANCE + "/frames/{frame}"}
    for level, path in levels.items():
        several = level in {"study", "series"}
        _add(api, path + "/rendered", f"Pictures of a {level}", _rendered(services, several=several), [*_QUERY])
        _add(api, path + "/thumbnail", f"A thumbnail of a {level}", _thumbnail(services), ["viewport"])


def _add(
    api: APIRouter, path: str, summary: str, endpoint: Callable[[Request], Response], parameters: Sequence[str]
) -> None:
    known = [*_UIDS, "frame"]
    text = {"type": "string"}
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": text} for name in known if f"{{{name}}}" in path
    ]
    in_query = [{"name": name, "in": "query", "description": _QUERY[name], "schema": text} for name in parameters]
    api.add_api_route(
        path,
        endpoint,
        summary=summary,
        response_class=Response,
        responses=_ANSWERS,
        openapi_extra={"parameters": [*in_path, *in_query]},
    )


def _rendered(services: Services, *, several: bool) -> Callable[[Request], Response]:
    def retrieve_rendered(request: Request) -> Response:
        resources = _resources(services, request)
        forms = [Representation(kind, multipart=True) for kind in _TYPES] if several else []
        if len(resources) == 1 or not several:
            forms = [*(Representation(kind) for kind in _TYPES), *forms]
        return _answer(services, request, resources, forms, rendering)

    return retrieve_rendered


def _thumbnail(services: Services) -> Callable[[Request], Response]:
    def retrieve_thumbnail(request: Request) -> Response:
        return _answer(services, request, _resources(services, request), list(map(Representation, _TYPES)), thumbnail)

    return retrieve_thumbnail


def _resources(services: Services, request: Request) -> list[Resource]:
    return find(seen(services, request), *(request.path_params[name] for name in _UIDS if name in request.path_params))


def _answer(
    services: Services, request: Request, resources: Sequence[Resource], forms: Sequence[Representation], parse: _Parse
) -> Response:
    number = _number(services, request, resources)
    form = select(accepted(request), forms)
    asked = parse(request.query_params, form.media_type)
    tag = etag(resources, form.words(), number, asked)
    if has_already(request, tag):
        return Response(status_code=304, headers=headers_of(tag))
    pictures = _pictures(services, request, resources, number, asked)
    first = next(pictures, None)
    if first is None:
        raise Problem("not-found", "Nothing here has pixel data, so there is no picture of it.")
    rest = pictures if form.multipart else iter(())
    return answer(form, _behind(first, rest), headers_of(tag), only=not form.multipart)


def _behind(first: Part, rest: Iterator[Part]) -> Iterator[Part]:
    yield first
    yield from rest


def _number(services: Services, request: Request, resources: Sequence[Resource]) -> int | None:
    """The frame that the path names, from 1."""
    text = request.path_params.get("frame")
    if text is None:
        return None
    numbers = frame_numbers(text)
    check_numbers(numbers, frames_in(services, resources[0]).count)
    if len(numbers) > 1:
        raise Problem("malformed", "One picture is of one frame: name one.")
    return numbers[0]


def _pictures(
    services: Services, request: Request, resources: Sequence[Resource], number: int | None, asked: Rendering
) -> Iterator[Part]:
    """Of each that has pixels. One that has none or does not decode is left out among others, and a problem alone.

    Raises:
        Problem: not-found, not-acceptable; malformed, for a part that lies outside of the frame.
    """
    for resource in resources:
        try:
            most = services.settings.max_instance_bytes
            picture = services.decoders.do(rendered, resource.content(), number, asked, most)
        except NotReadable as error:
            if len(resources) == 1:
                raise Problem(_SLUGS.get(error.code, "not-acceptable"), f"{error} So there is no picture.") from error
            continue
        yield Part(asked.media_type, f"{resource.url(base_url(request))}/rendered", picture)
