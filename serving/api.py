"""The routes of ``/api``: thin, each from the store to a presentation."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from model.reading import Heatmap, Reading
from model.weights import DEFAULT
from serving import schemas
from serving.announcer import Announcer
from serving.doors.upload import Sent, take_upload
from serving.outcome import Entry, Outcome, Rendition
from serving.presentations import display
from serving.presentations.reading_json import NOTICE, entry_json, reading_location
from serving.presentations.study_json import studies_json, study_json
from serving.problems import Problem, problem_response
from serving.settings import Settings
from serving.store import Store

MAX_WAIT_SECONDS = 300
STORAGE = "This version keeps readings in memory only: they are gone when the service stops."

_Match = Annotated[str | None, Header(alias="If-None-Match")]
_Style = Annotated[
    str, Query(pattern="^(grey|colour)$", description="grey: 0..255 for 0..1. colour: RGBA, to lay over the radiograph")
]
_Width = Annotated[int, Query(ge=16, le=8192, description="Columns of the picture; never more than the radiograph's")]
_Wait = Annotated[float, Query(ge=0, le=MAX_WAIT_SECONDS, description="Seconds to wait for the readings")]
_UPLOAD_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
                }
            },
            **{
                media_type: {"schema": {"type": "string", "format": "binary"}}
                for media_type in ("application/dicom", "application/zip", "image/png", "image/jpeg")
            },
        },
    }
}


def make_api(settings: Settings, store: Store, reader_name: str, announcer: Callable[[], Announcer]) -> APIRouter:
    """All routes of ``/api`` over this store."""
    api = APIRouter(prefix="/api")
    _add_upload(api, settings, store, announcer)
    _add_studies(api, store)
    _add_instances(api, store)
    _add_pictures(api, store)
    _add_reader(api, reader_name, settings.weights)
    return api


def _add_upload(api: APIRouter, settings: Settings, store: Store, announcer: Callable[[], Announcer]) -> None:
    @api.post(
        "/instances",
        summary="Send radiographs",
        tags=["instances"],
        status_code=202,
        response_model=None,
        openapi_extra=_UPLOAD_BODY,
        responses={
            200: {"model": schemas.Upload, "description": "All of them are read or refused"},
            202: {"model": schemas.Upload, "description": "Received; some are still to be read"},
            **schemas.problem_responses(400, 409, 413, 415, 503),
        },
    )
    async def post_instances(request: Request, wait: _Wait = 0) -> Response:
        """Send DICOM, PNG or JPEG files, or a ZIP of them.

        Each file is answered for itself. The same content under the same SOP Instance UID is a duplicate: nothing is
        done again. Other content under it is a conflict: the first one stays. When no file was received at all, the
        answer is the first file's problem.
        """
        sent = await take_upload(request, settings, store)
        uids = [one.sop_instance_uid for one in sent if one.problem is None and one.sop_instance_uid]
        await announcer().wait_until(lambda: not _pending(store, uids), wait)
        return _upload_answer(sent, store, wait=wait > 0)


def _pending(store: Store, uids: list[str]) -> list[str]:
    return [uid for uid in uids if (entry := store.find(uid)) and entry.outcome is None]


def _upload_answer(sent: list[Sent], store: Store, *, wait: bool) -> Response:
    files = [_sent(one, store, wait=wait) for one in sent]
    problems = [one.problem for one in sent if one.problem]
    if len(problems) == len(sent):
        return problem_response(Problem(problems[0].slug, problems[0].detail, instances=files))
    pending = _pending(store, [one.sop_instance_uid for one in sent if one.sop_instance_uid and not one.problem])
    headers = {"Location": files[0]["location"]} if len(files) == 1 else None
    return JSONResponse({"instances": files}, status_code=200 if wait and not pending else 202, headers=headers)


def _sent(one: Sent, store: Store, *, wait: bool) -> dict[str, Any]:
    received = one.problem is None and one.sop_instance_uid is not None
    entry = store.find(one.sop_instance_uid) if received and one.sop_instance_uid and wait else None
    return {
        "part": one.part,
        "entry": one.entry,
        "receipt": str(one.receipt) if one.receipt else "rejected",
        "sop_instance_uid": one.sop_instance_uid,
        "location": reading_location(one.sop_instance_uid) if received and one.sop_instance_uid else None,
        "reading": entry_json(entry) if entry and entry.outcome else None,
        "problem": one.problem.document() if one.problem else None,
    }


def _add_studies(api: APIRouter, store: Store) -> None:
    @api.get("/studies", summary="The worklist", tags=["studies"], response_model=schemas.Studies)
    def get_studies() -> dict[str, Any]:
        """Every study that is kept, the newest first."""
        return {"studies": studies_json(store.entries())}

    @api.get(
        "/studies/{study_instance_uid}",
        summary="One study",
        tags=["studies"],
        response_model=schemas.Study,
        responses=schemas.problem_responses(404),
    )
    def get_study(study_instance_uid: str) -> dict[str, Any]:
        entries = [e for e in store.entries() if e.instance.study_instance_uid == study_instance_uid]
        if not entries:
            raise Problem("not-found", "No study with this Study Instance UID is kept here.")
        return study_json(entries)


def _add_instances(api: APIRouter, store: Store) -> None:
    @api.get(
        "/instances/{sop_instance_uid}/reading",
        summary="The reading of an instance",
        tags=["instances"],
        response_model=None,
        responses={
            200: {"model": schemas.Reading, "description": "Read or refused: both are answers"},
            202: {"model": schemas.Pending, "description": "Received, not read yet"},
            **schemas.problem_responses(404),
        },
    )
    def get_reading(sop_instance_uid: str, if_none_match: _Match = None) -> Response:
        entry = _find(store, sop_instance_uid)
        if entry.outcome is None:
            waiting = {"sop_instance_uid": sop_instance_uid, "state": "pending"}
            return JSONResponse(waiting, status_code=202, headers={"Retry-After": "1"})
        body = json.dumps(entry_json(entry), ensure_ascii=False, allow_nan=False).encode()
        return _tagged(lambda: body, "application/json", hashlib.sha256(body).hexdigest(), if_none_match)


def _add_pictures(api: APIRouter, store: Store) -> None:
    @api.get(
        "/instances/{sop_instance_uid}/heatmaps/{finding}",
        summary="The heatmap of a finding",
        tags=["pictures"],
        response_class=Response,
        responses={200: {"content": {"image/png": {}}}, **schemas.problem_responses(404, 422)},
    )
    def get_heatmap(
        sop_instance_uid: str, finding: str, width: _Width = 1024, style: _Style = "grey", if_none_match: _Match = None
    ) -> Response:
        """PNG on the radiograph's own grid, `width` columns wide: grey for programs, colour to lay over it."""
        entry = _find(store, sop_instance_uid)
        heatmap = _heatmap(entry, finding)

        def draw() -> bytes:
            if style == "grey":
                return display.heatmap_png(heatmap, width)
            return display.overlay_png(heatmap, width)

        return _tagged(draw, "image/png", _tag(entry, finding, style, width), if_none_match)

    @api.get(
        "/instances/{sop_instance_uid}/overlay.jpg",
        summary="The radiograph, with a heatmap over it if a finding is named",
        tags=["pictures"],
        response_class=Response,
        responses={200: {"content": {"image/jpeg": {}}}, **schemas.problem_responses(404)},
    )
    def get_overlay(sop_instance_uid: str, finding: str | None = None, if_none_match: _Match = None) -> Response:
        """JPEG, 8 bit, bounded size: a display copy. A line runs where the heatmap is 0.5."""
        entry = _find(store, sop_instance_uid)
        rendition = _rendition(entry)
        if finding is None:
            return _tagged(lambda: rendition.jpeg, "image/jpeg", _tag(entry, "radiograph"), if_none_match)
        heatmap = _heatmap(entry, finding)
        return _tagged(
            lambda: display.overlay_on(rendition, heatmap, ".jpg"),
            "image/jpeg",
            _tag(entry, "overlay", finding),
            if_none_match,
        )


def _add_reader(api: APIRouter, reader_name: str, weights: Path | None) -> None:
    card = (weights or DEFAULT).with_name("MODEL_CARD.md")

    @api.get("/reader", summary="Who reads", tags=["reader"], response_model=schemas.ReaderInformation)
    def get_reader(request: Request) -> dict[str, Any]:
        return {
            "reader": reader_name,
            "service": request.app.version,
            "notice": NOTICE,
            "storage": STORAGE,
            "model_card": "/api/model-card" if card.is_file() else None,
        }

    @api.get(
        "/model-card",
        summary="What the reader was trained on and cannot see",
        tags=["reader"],
        response_class=PlainTextResponse,
        responses=schemas.problem_responses(404),
    )
    def get_model_card() -> PlainTextResponse:
        if not card.is_file():
            raise Problem("not-found", "These weights come without a model card (MODEL_CARD.md).")
        return PlainTextResponse(card.read_text(encoding="utf-8"))


def _find(store: Store, sop_instance_uid: str) -> Entry:
    entry = store.find(sop_instance_uid)
    if entry is None:
        raise Problem("not-found", "No instance with this SOP Instance UID is kept here.")
    return entry


def _outcome(entry: Entry) -> Outcome:
    if entry.outcome is None:
        raise Problem("not-found", "This instance is not read yet. Ask for its reading first.")
    return entry.outcome


def _rendition(entry: Entry) -> Rendition:
    rendition = _outcome(entry).rendition
    if rendition is None:
        raise Problem("not-found", "The pixels of this instance could not be decoded, so there is no picture of it.")
    return rendition


def _heatmap(entry: Entry, name: str) -> Heatmap:
    result = _outcome(entry).result
    if not isinstance(result, Reading):
        raise Problem("not-found", "This instance was not read, so it has no heatmaps. Its reading says why.")
    if name not in result.heatmaps:
        raise Problem("not-found", "The reader has no heatmap for a finding of this name. The reading lists them.")
    return result.heatmaps[name]


def _tag(entry: Entry, *parts: object) -> str:
    text = "\n".join(str(part) for part in (entry.instance.content_hash, _outcome(entry).reader, *parts))
    return hashlib.sha256(text.encode()).hexdigest()


def _tagged(draw: Callable[[], bytes], media_type: str, tag: str, if_none_match: str | None) -> Response:
    """Answer with an ETag, or 304 without drawing when the client has it already."""
    etag = f'"{tag[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if if_none_match and etag in (part.strip().removeprefix("W/") for part in if_none_match.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(draw(), media_type=media_type, headers=headers)
