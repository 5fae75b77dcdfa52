"""Instances: sent, and their readings."""

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from serving import schemas
from serving.api.answers import found, tag, tagged
from serving.doors.upload import Sent, take_upload
from serving.instances import Priority
from serving.presentations.reading_json import entry_json, reading_location
from serving.problems import Problem, problem_response
from serving.services import Services
from serving.store import readings
from serving.store.reception import Receipt
from serving.store.store import Store
from serving.users.caller import Right, caller_of
from serving.users.sight import origin_of, seen

MAX_WAIT_SECONDS = 300

_Match = Annotated[str | None, Header(alias="If-None-Match")]
_Wait = Annotated[float, Query(ge=0, le=MAX_WAIT_SECONDS, description="Seconds to wait for the readings")]
_Urgency = Annotated[Literal["routine", "stat"], Query(description="stat is read before all that is routine")]
_BINARY = {"type": "string", "format": "binary"}
_UPLOAD_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"files": {"type": "array", "items": _BINARY}}}
            },
            **{
                media_type: {"schema": _BINARY}
                for media_type in ("application/dicom", "application/zip", "image/png", "image/jpeg")
            },
        },
    }
}


def add_routes(api: APIRouter, services: Services) -> None:
    _add_upload(api, services)
    _add_reading(api, services)


def _add_upload(api: APIRouter, services: Services) -> None:
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
            **schemas.problem_responses(400, 409, 413, 415, 503, 507),
        },
    )
    async def post_instances(request: Request, wait: _Wait = 0, priority: _Urgency = "routine") -> Response:
        """Send DICOM, PNG or JPEG files, or a ZIP of them.

        Each file is answered for itself, once it is safe: on the disk, and queued to be read. The same content under
        the same SOP Instance UID is a duplicate: nothing is done again. Other content under it is a conflict: the first
        one stays, this one is kept aside. When no file was received at all, the answer is the first file's problem.
        """
        caller = caller_of(request)
        origin = origin_of(request, "http", Priority[priority.upper()])
        sent = await take_upload(request, services, origin)
        store = seen(services, request).store
        uids = [one.sop_instance_uid for one in sent if one.problem is None and one.sop_instance_uid]

        async def all_read() -> bool:
            return not await run_in_threadpool(readings.pending, services.store, uids)

        if wait == 0 or Right.READ not in caller.rights:
            return _upload_answer(sent, store, read=False)
        waited = await services.progress.wait_until(all_read, wait)
        return await run_in_threadpool(_upload_answer, sent, store, read=waited)


def _upload_answer(sent: list[Sent], store: Store, *, read: bool) -> Response:
    files = [_sent(one, store, read=read) for one in sent]
    problems = [one.problem for one in sent if one.problem]
    if len(problems) == len(sent):
        return problem_response(Problem(problems[0].slug, problems[0].detail, instances=files))
    headers = {"Location": files[0]["location"]} if len(files) == 1 and files[0]["location"] else None
    return JSONResponse({"instances": files}, status_code=200 if read else 202, headers=headers)


def _sent(one: Sent, store: Store, *, read: bool) -> dict[str, Any]:
    uid = one.sop_instance_uid if one.problem is None and one.receipt is not Receipt.OWN_RESULT else None
    entry = readings.find(store, uid) if uid and read else None
    return {
        "part": one.part,
        "entry": one.entry,
        "receipt": str(one.receipt) if one.receipt else "rejected",
        "sop_instance_uid": one.sop_instance_uid,
        "location": reading_location(uid) if uid else None,
        "reading": entry_json(entry) if entry and entry.outcome_id else None,
        "problem": one.problem.document() if one.problem else None,
    }


def _add_reading(api: APIRouter, services: Services) -> None:
    @api.get(
        "/instances/{sop_instance_uid}/reading",
        summary="The reading of an instance",
        tags=["instances"],
        response_model=None,
        responses={
            200: {"model": schemas.Reading, "description": "Read or refused: both are answers"},
            202: {"model": schemas.Pending, "description": "Received, not read yet"},
            304: {"description": "The reading is the one that the client has (If-None-Match)"},
            **schemas.problem_responses(404),
        },
    )
    def get_reading(request: Request, sop_instance_uid: str, if_none_match: _Match = None) -> Response:
        entry = found(seen(services, request).store, sop_instance_uid)
        if entry.outcome_id is None:
            waiting = {"sop_instance_uid": sop_instance_uid, "state": "pending"}
            return JSONResponse(waiting, status_code=202, headers={"Retry-After": "1"})
        body = json.dumps(entry_json(entry), ensure_ascii=False, allow_nan=False).encode()
        return tagged(lambda: body, "application/json", tag(entry, "reading", body), if_none_match)
