"""WADO-RS: the instances of a study or a series, or one (PS3.18, 10.4.1.1.1).

As ``application/dicom``, in Explicit VR Little Endian unless the client names another transfer syntax; with ``*``, each
as it is stored. Implicit VR and big endian are not sent by web services (8.7.3): such files are in Explicit VR Little
Endian then. One instance at a time is in memory.
"""

import logging
from collections.abc import Sequence

from fastapi import APIRouter, Request, Response
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from model.errors import NotReadable
from serving.dicomweb.accept import accepted
from serving.dicomweb.answering import answer, undecodable
from serving.dicomweb.multipart import Part
from serving.dicomweb.representations import DICOM, Representation, select
from serving.dicomweb.resources import INSTANCE, SERIES, STUDY, Resource, etag, find, has_already, headers_of
from serving.dicomweb.transcoding import explicit_file, file_with_meta
from serving.dicomweb.urls import base_url
from serving.problems import DecoderFailed
from serving.schemas import problem_responses
from serving.services import Services
from serving.users.sight import seen

log = logging.getLogger("hilum.dicomweb")

_NATIVE = str(ExplicitVRLittleEndian)
_NOT_FOR_THE_WEB = {ImplicitVRLittleEndian, ExplicitVRBigEndian}
_ABOUT = {
    "response_class": Response,
    "responses": {200: {"content": {"multipart/related": {}, DICOM: {}}}, **problem_responses(404, 406, 500, 503)},
}


def add_routes(api: APIRouter, services: Services) -> None:
    """At the three levels."""

    @api.get(STUDY, summary="Retrieve a study", **_ABOUT)  # type: ignore[arg-type]
    def retrieve_study(request: Request, study_instance_uid: str) -> Response:
        return _answer(services, request, _found(services, request, study_instance_uid), single=False)

    @api.get(SERIES, summary="Retrieve a series", **_ABOUT)  # type: ignore[arg-type]
    def retrieve_series(request: Request, study_instance_uid: str, series_instance_uid: str) -> Response:
        return _answer(
            services, request, _found(services, request, study_instance_uid, series_instance_uid), single=False
        )

    @api.get(
        INSTANCE,
        summary="Retrieve an instance",
        **_ABOUT,  # type: ignore[arg-type]
    )
    def retrieve_instance(
        request: Request, study_instance_uid: str, series_instance_uid: str, sop_instance_uid: str
    ) -> Response:
        return _answer(
            services,
            request,
            find(seen(services, request), study_instance_uid, series_instance_uid, sop_instance_uid),
            single=True,
        )


def _found(services: Services, request: Request, *uids: str) -> Sequence[Resource]:
    return find(seen(services, request), *uids)


def _answer(services: Services, request: Request, resources: Sequence[Resource], *, single: bool) -> Response:
    form = select(accepted(request), _offers(resources, single=single))
    tag = etag(resources, form.words())
    headers = headers_of(tag)
    if has_already(request, tag):
        return Response(status_code=304, headers=headers)
    sent = [one for one in resources if _can_be(one, form)]
    parts = (_part(services, request, one, form, alone=len(sent) == 1) for one in sent)
    # PS3.18, 10.4.3: what cannot be had in the transfer syntax that was named is left out.
    return answer(form, parts, headers, only=len(sent) == 1, partial=len(sent) < len(resources))


def _offers(resources: Sequence[Resource], *, single: bool) -> list[Representation]:
    stored = dict.fromkeys(one.transfer_syntax for one in resources if one.transfer_syntax not in _NOT_FOR_THE_WEB)
    return [
        form
        for multipart in ((True, False) if single else (True,))
        for form in (
            Representation(DICOM, multipart=multipart, as_stored=True),
            Representation(DICOM, _NATIVE, multipart=multipart),
            *(Representation(DICOM, syntax, multipart=multipart) for syntax in stored if syntax != _NATIVE),
        )
    ]


def _can_be(resource: Resource, form: Representation) -> bool:
    return form.as_stored or form.transfer_syntax in {_NATIVE, resource.transfer_syntax}


def _file(services: Services, resource: Resource, form: Representation, *, alone: bool) -> tuple[str, bytes]:
    """The file and its transfer syntax.

    Among others, one that cannot be decoded goes as it is stored, and its part says so: the others are not to be lost.
    """
    data = resource.content()
    as_it_is = form.as_stored and resource.transfer_syntax not in _NOT_FOR_THE_WEB
    if as_it_is or form.transfer_syntax == resource.transfer_syntax:
        return resource.transfer_syntax, _as_stored(services, data)
    try:
        most = services.settings.max_instance_bytes
        return _NATIVE, services.decoders.do(explicit_file, data, most)
    except (NotReadable, DecoderFailed) as error:
        if alone:
            raise undecodable(error, [Representation(DICOM, as_stored=True)]) from error
        log.warning("an instance that does not decode is sent as it is stored")
        return resource.transfer_syntax, _as_stored(services, data)


def _as_stored(services: Services, data: bytes) -> bytes:
    """What came without preamble and file meta information gets them: a part is a file (PS3.10)."""
    if data[128:132] == b"DICM" and data[132:134] == b"\2\0":
        return data
    return services.decoders.do(file_with_meta, data, services.settings.max_instance_bytes)


def _part(services: Services, request: Request, resource: Resource, form: Representation, *, alone: bool) -> Part:
    syntax, data = _file(services, resource, form, alone=alone)
    return Part(f"{DICOM}; transfer-syntax={syntax}", resource.url(base_url(request)), data)
