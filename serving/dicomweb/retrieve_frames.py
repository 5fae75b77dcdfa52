"""WADO-RS: frames of an instance (PS3.18, 10.4.1.1.6), as they are stored or native."""

from fastapi import APIRouter, Request, Response

from serving.dicomweb.accept import accepted
from serving.dicomweb.answering import answer
from serving.dicomweb.pixel_answers import check_numbers, frame_numbers, frames_in, offers, parts
from serving.dicomweb.representations import select
from serving.dicomweb.resources import INSTANCE, etag, find, has_already, headers_of
from serving.schemas import problem_responses
from serving.services import Services
from serving.users.sight import seen


def add_routes(api: APIRouter, services: Services) -> None:
    @api.get(
        INSTANCE + "/frames/{frames}",
        summary="Retrieve frames of an instance",
        response_class=Response,
        responses={
            200: {"content": {"multipart/related": {}, "application/octet-stream": {}}},
            **problem_responses(400, 404, 406, 422, 500, 503),
        },
    )
    def retrieve_frames(
        request: Request, study_instance_uid: str, series_instance_uid: str, sop_instance_uid: str, frames: str
    ) -> Response:
        (resource,) = find(seen(services, request), study_instance_uid, series_instance_uid, sop_instance_uid)
        numbers = frame_numbers(frames)
        found = frames_in(services, resource)
        check_numbers(numbers, found.count)
        only = len(numbers) == 1
        form = select(accepted(request), offers(resource.transfer_syntax, compressed=found.compressed, single=only))
        tag = etag([resource], form.words(), frames)
        if has_already(request, tag):
            return Response(status_code=304, headers=headers_of(tag))
        sent = parts(services, request, resource, found, form, numbers)
        return answer(form, sent, headers_of(tag), only=only)
