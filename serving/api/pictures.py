"""Pictures: the radiograph's display copy and the heatmaps."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from model.reading import Heatmap
from serving import schemas
from serving.api.answers import found, said, tag, tagged
from serving.outcome import Entry, State
from serving.presentations import display
from serving.problems import Problem
from serving.services import Services
from serving.store import readings
from serving.store.objects import rendition_name
from serving.users.sight import seen

#: Seconds that a worker has to make a display copy.
_RENDER_SECONDS = 30

_Match = Annotated[str | None, Header(alias="If-None-Match")]
_Style = Annotated[
    str, Query(pattern="^(grey|colour)$", description="grey: 0..255 for 0..1. colour: RGBA, to lay over the radiograph")
]
_Width = Annotated[int, Query(ge=16, le=8192, description="Columns of the picture; never more than the radiograph's")]


def add_routes(api: APIRouter, services: Services) -> None:
    _add_heatmap(api, services)
    _add_overlay(api, services)


def _add_heatmap(api: APIRouter, services: Services) -> None:
    @api.get(
        "/instances/{sop_instance_uid}/heatmaps/{finding}",
        summary="The heatmap of a finding",
        tags=["pictures"],
        response_class=Response,
        responses={200: {"content": {"image/png": {}}}, **schemas.problem_responses(404, 422)},
    )
    def get_heatmap(
        request: Request,
        sop_instance_uid: str,
        finding: str,
        width: _Width = 1024,
        style: _Style = "grey",
        if_none_match: _Match = None,
    ) -> Response:
        """PNG on the radiograph's own grid, `width` columns wide: grey for programs, colour to lay over it."""
        entry = said(found(seen(services, request).store, sop_instance_uid))
        heatmap = _heatmap(services, entry, finding)

        def draw() -> bytes:
            if style == "grey":
                return display.heatmap_png(heatmap, width)
            return display.overlay_png(heatmap, width)

        return tagged(draw, "image/png", tag(entry, finding, style, width), if_none_match)


def _add_overlay(api: APIRouter, services: Services) -> None:
    @api.get(
        "/instances/{sop_instance_uid}/overlay.jpg",
        summary="The radiograph, with a heatmap over it if a finding is named",
        tags=["pictures"],
        response_class=Response,
        responses={200: {"content": {"image/jpeg": {}}}, **schemas.problem_responses(404, 503)},
    )
    async def get_overlay(
        request: Request, sop_instance_uid: str, finding: str | None = None, if_none_match: _Match = None
    ) -> Response:
        """JPEG, 8 bit, bounded size: a display copy. A line runs where the heatmap is 0.5.

        The copy is made by a worker when it is asked for the first time.
        """
        entry = said(await run_in_threadpool(found, seen(services, request).store, sop_instance_uid))
        heatmap = await run_in_threadpool(_heatmap, services, entry, finding) if finding is not None else None
        rendition = await _rendition(services, entry)

        def draw() -> bytes:
            return display.overlay_on(rendition, heatmap, ".jpg") if heatmap else rendition

        etag = tag(entry, "overlay", finding)
        return await run_in_threadpool(tagged, draw, "image/jpeg", etag, if_none_match)


async def _rendition(services: Services, entry: Entry) -> bytes:
    """The display copy, made now if nobody looked at it before."""
    if entry.document["radiograph"] is None:
        raise Problem("not-found", "The pixels of this instance could not be decoded, so there is no picture of it.")
    name = rendition_name(entry.content_hash, services.settings.display_pixels)
    made = await run_in_threadpool(services.store.objects.get, name)
    if made is None:
        await run_in_threadpool(readings.queue_render, services.store, entry.instance_id)
        made = await _awaited(services, name)
    if made is None:
        raise Problem("busy", "No worker made the display copy in time. Ask again later.")
    return made


async def _awaited(services: Services, name: str) -> bytes | None:
    found_now: list[bytes] = []

    async def is_there() -> bool:
        data = await run_in_threadpool(services.store.objects.get, name)
        if data is not None:
            found_now.append(data)
        return data is not None

    await services.progress.wait_until(is_there, _RENDER_SECONDS)
    return found_now[0] if found_now else None


def _heatmap(services: Services, entry: Entry, name: str) -> Heatmap:
    if entry.state is not State.READ:
        raise Problem("not-found", "This instance was not read, so it has no heatmaps. Its reading says why.")
    heatmap = readings.heatmap(services.store, entry, name)
    if heatmap is None:
        raise Problem("not-found", "The reader has no heatmap for a finding of this name. The reading lists them.")
    return heatmap
