"""WADO-RS: bulk data (PS3.18, 10.4.1.1.5), each behind the URI that stands in the metadata.

The URI names the element by tags and item numbers from the data set down, "00283010/1/00283006".
"""

import re

from fastapi import APIRouter, Request, Response

from model.dicom_file import PIXEL_DATA, DicomFile, open_file
from model.elements import Element, Elements, read
from model.errors import NotReadable
from serving.dicomweb.accept import accepted
from serving.dicomweb.answering import answer
from serving.dicomweb.explicit import little, vr_of
from serving.dicomweb.multipart import Part
from serving.dicomweb.pixel_answers import decoded, frames_in, offers, parts
from serving.dicomweb.representations import OCTETS, Representation, select
from serving.dicomweb.resources import INSTANCE, Resource, etag, find, has_already, headers_of
from serving.problems import Problem
from serving.schemas import problem_responses
from serving.services import Services
from serving.users.sight import seen

_PATH = re.compile(r"[0-9A-F]{8}(/[1-9][0-9]{0,6}/[0-9A-F]{8})*")
_NATIVE = "1.2.840.10008.1.2.1"
_FORMS = [Representation(OCTETS, _NATIVE, multipart=True), Representation(OCTETS, _NATIVE)]


def add_routes(api: APIRouter, services: Services) -> None:
    @api.get(
        INSTANCE + "/bulkdata/{path:path}",
        summary="Retrieve the bulk data behind a BulkDataURI",
        response_class=Response,
        responses={
            200: {"content": {"multipart/related": {}, OCTETS: {}}},
            **problem_responses(404, 406, 422, 500, 503),
        },
    )
    def retrieve_bulkdata(
        request: Request, study_instance_uid: str, series_instance_uid: str, sop_instance_uid: str, path: str
    ) -> Response:
        (resource,) = find(seen(services, request), study_instance_uid, series_instance_uid, sop_instance_uid)
        if path == f"{PIXEL_DATA:08X}":
            return _pixel_data(services, request, resource)
        form = select(accepted(request), _FORMS)
        tag = etag([resource], form.words(), path)
        if has_already(request, tag):
            return Response(status_code=304, headers=headers_of(tag))
        value = _value(open_file(resource.content(), services.settings.max_instance_bytes), path)
        return answer(form, [Part(form.part_type, str(request.url), value)], headers_of(tag), only=True)


def _pixel_data(services: Services, request: Request, resource: Resource) -> Response:
    """Native, it is one value; compressed as it is stored, a part for each frame."""
    frames = frames_in(services, resource)
    form = select(accepted(request), _pixel_forms(resource, compressed=frames.compressed, count=frames.count))
    tag = etag([resource], form.words(), "pixel data")
    if has_already(request, tag):
        return Response(status_code=304, headers=headers_of(tag))
    numbers = range(1, frames.count + 1)
    if form.transfer_syntax != _NATIVE:
        sent = parts(services, request, resource, frames, form, numbers)
        return answer(form, sent, headers_of(tag), only=frames.count == 1)
    value = decoded(services, resource, frames, numbers) if frames.compressed else frames.whole()
    return answer(form, [Part(form.part_type, str(request.url), value)], headers_of(tag), only=True)


def _pixel_forms(resource: Resource, *, compressed: bool, count: int) -> list[Representation]:
    forms = offers(resource.transfer_syntax, compressed=compressed, single=True)
    return [form for form in forms if form.multipart or count == 1 or form.transfer_syntax == _NATIVE]


def _value(file: DicomFile, path: str) -> bytes:
    """The value of the element, in little endian.

    Raises:
        Problem: not-found.
    """
    data, start = file.elements.data, 0 if file.inflated else file.data_set_at
    found = _element(read(data, start, len(data), file.elements.encoding), path) if _PATH.fullmatch(path) else None
    if found is None:
        words = "No element lies at this path. Its URI stands in the instance's metadata, as BulkDataURI."
        raise Problem("not-found", words)
    elements, element = found
    return little(data[element.start : element.end], _vr(element), elements)


def _element(elements: Elements, path: str) -> tuple[Elements, Element] | None:
    """The element and the data set or item in which it lies; None when it is not there, or is a sequence."""
    *inner, last = path.split("/")
    for tag, item in zip(inner[::2], inner[1::2], strict=True):
        sequence = elements.by_tag.get(int(tag, 16))
        try:
            items = elements.items_of(sequence) if sequence else []
        except NotReadable:  # no sequence
            items = []
        if int(item) > len(items):
            return None
        elements = items[int(item) - 1]
    element = elements.by_tag.get(int(last, 16))
    return None if element is None or element.undefined_length or _vr(element) == "SQ" else (elements, element)


def _vr(element: Element) -> str:
    return element.vr or vr_of(element.tag, signed=False)
