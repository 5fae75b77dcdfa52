"""STOW-RS: ``POST /dicom-web/studies`` and ``/studies/{uid}`` (PS3.18, 10.5)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from serving import schemas
from serving.dicomweb.accept import choose, parameters_of
from serving.dicomweb.dicom_json import JSON_TYPES, MEDIA_TYPE, dicom_json
from serving.dicomweb.store_response import status, store_response
from serving.dicomweb.urls import base_url
from serving.doors.stow import Stored, store_instances
from serving.problems import Problem
from serving.services import Services

_DICOM, _MULTIPART = "application/dicom", "multipart/related"
_BINARY = {"type": "string", "format": "binary"}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {_MULTIPART: {"schema": {"type": "string"}}, _DICOM: {"schema": _BINARY}},
    }
}


_ANSWERS = {
    200: {"description": "All instances are stored", "content": {MEDIA_TYPE: {}}},
    202: {"description": "Some instances are stored, some are not", "content": {MEDIA_TYPE: {}}},
    409: {"description": "No instance is stored", "content": {MEDIA_TYPE: {}}},
    **schemas.problem_responses(400, 406, 413, 415, 503, 507),
}


def add_routes(api: APIRouter, services: Services) -> None:
    @api.post(
        "/studies",
        summary="Store instances (STOW-RS)",
        response_model=None,
        openapi_extra=_BODY,
        responses=_ANSWERS,
    )
    async def store(request: Request) -> Response:
        """Each instance is answered for itself once it is safe: on the disk, and queued to be read."""
        return await _answer(request, services, None)

    @api.post(
        "/studies/{study_instance_uid}",
        summary="Store instances of one study (STOW-RS)",
        response_model=None,
        openapi_extra=_BODY,
        responses=_ANSWERS,
    )
    async def store_in_study(request: Request, study_instance_uid: str) -> Response:
        """As `POST /dicom-web/studies`; an instance of another study is not stored."""
        return await _answer(request, services, study_instance_uid)


async def _answer(request: Request, services: Services, study_instance_uid: str | None) -> Response:
    media_type = choose(request, JSON_TYPES)
    boundary = _boundary(request.headers.get("content-type", ""))
    stored = await store_instances(request, boundary, services, study_instance_uid)
    _check(stored)
    answer = dicom_json(store_response(stored, base_url(request)))
    return JSONResponse(answer, status(stored), media_type=media_type)


def _boundary(content_type: str) -> str | None:
    """The boundary between the parts; None where the body is one instance."""
    media_type, parameters = parameters_of(content_type)
    if media_type == _DICOM:
        return None
    if media_type != _MULTIPART or parameters.get("type", _DICOM).lower() != _DICOM:
        words = f'Content-Type must be {_MULTIPART}; type="{_DICOM}" or {_DICOM}. Store instances as DICOM files.'
        raise Problem("unsupported-media", words)
    if not parameters.get("boundary"):
        raise Problem("malformed", f"Content-Type {_MULTIPART} must name its boundary (RFC 2046, 5.1.1).")
    return parameters["boundary"]


def _check(stored: list[Stored]) -> None:
    """Where nothing could be stored now, the request as a whole may succeed later.

    Raises:
        Problem: malformed, when nothing was sent.
        Unavailable: when every instance failed because of us.
    """
    if not stored:
        raise Problem("malformed", "A request must store at least one instance; its body holds none.")
    if all(one.unavailable for one in stored) and (error := stored[0].unavailable):
        raise error
