"""WADO-RS: metadata of a study, a series or an instance (PS3.18, 10.4.1.1.2): everything but the bulk data."""

import json
from collections.abc import Iterator, Sequence

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from model.dicom_file import open_file
from model.errors import NotReadable
from serving.dicomweb.accept import accepted
from serving.dicomweb.dicom_json import MEDIA_TYPE
from serving.dicomweb.metadata import header_of, metadata_json
from serving.dicomweb.representations import Representation, select
from serving.dicomweb.resources import INSTANCE, SERIES, STUDY, Resource, etag, find, has_already, headers_of
from serving.dicomweb.urls import base_url
from serving.problems import DecoderFailed
from serving.schemas import problem_responses
from serving.services import Services
from serving.users.sight import seen

_ABOUT = {
    "response_class": Response,
    "responses": {200: {"content": {MEDIA_TYPE: {}}}, **problem_responses(404, 406, 503)},
}
_OFFERS = [Representation(MEDIA_TYPE), Representation("application/json")]


def add_routes(api: APIRouter, services: Services) -> None:
    """At the three levels."""

    @api.get(STUDY + "/metadata", summary="Metadata of a study", **_ABOUT)  # type: ignore[arg-type]
    def study_metadata(request: Request, study_instance_uid: str) -> Response:
        return _answer(services, request, _found(services, request, study_instance_uid))

    @api.get(
        SERIES + "/metadata",
        summary="Metadata of a series",
        **_ABOUT,  # type: ignore[arg-type]
    )
    def series_metadata(request: Request, study_instance_uid: str, series_instance_uid: str) -> Response:
        return _answer(services, request, _found(services, request, study_instance_uid, series_instance_uid))

    @api.get(
        INSTANCE + "/metadata",
        summary="Metadata of an instance",
        **_ABOUT,  # type: ignore[arg-type]
    )
    def instance_metadata(
        request: Request, study_instance_uid: str, series_instance_uid: str, sop_instance_uid: str
    ) -> Response:
        return _answer(
            services, request, _found(services, request, study_instance_uid, series_instance_uid, sop_instance_uid)
        )


def _found(services: Services, request: Request, *uids: str) -> Sequence[Resource]:
    return find(seen(services, request), *uids)


def _answer(services: Services, request: Request, resources: Sequence[Resource]) -> Response:
    form = select(accepted(request), _OFFERS)
    base = base_url(request)  # it stands in the BulkDataURIs
    tag = etag(resources, form.words(), base)
    headers = headers_of(tag)
    if has_already(request, tag):
        return Response(status_code=304, headers=headers)
    documents = (_document(services, one, base) for one in resources)
    return StreamingResponse(_listed(next(documents), documents), headers=headers, media_type=form.media_type)


def _listed(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield b"[" + first
    for document in rest:
        yield b"," + document
    yield b"]"


def _document(services: Services, resource: Resource, base: str) -> bytes:
    """Of an instance whose header cannot be read, what is known of it otherwise."""
    place = f"{resource.url(base)}/bulkdata"
    try:
        header = header_of(open_file(resource.content(), services.settings.max_instance_bytes))
        return services.decoders.do(metadata_json, header, place, resource.uids())
    except (NotReadable, DecoderFailed):
        return json.dumps(uids_json(resource)).encode()


def uids_json(resource: Resource) -> dict[str, object]:
    """The UIDs of an instance in the DICOM JSON Model."""
    tags = {"SOPClassUID": "00080016", "SOPInstanceUID": "00080018"}
    tags |= {"StudyInstanceUID": "0020000D", "SeriesInstanceUID": "0020000E"}
    return {tags[keyword]: {"vr": "UI", "Value": [uid]} for keyword, uid in resource.uids().items() if uid}
