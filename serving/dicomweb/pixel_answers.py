"""Frames in the forms in which they can be had: as they are stored, or native in little endian.

Native frames and codestreams as they are stored need no decoder; the rest is decoded beside the API.
"""

import re
from collections.abc import Iterator, Sequence

from fastapi import Request
from pydicom import uid

from model.decoding import is_supported
from model.dicom_file import open_file
from model.errors import NotReadable
from serving.dicomweb.answering import undecodable
from serving.dicomweb.multipart import Part
from serving.dicomweb.pixel_frames import Frames, frames_of
from serving.dicomweb.representations import OCTETS, Representation
from serving.dicomweb.resources import Resource
from serving.dicomweb.transcoding import native_frames
from serving.dicomweb.urls import base_url
from serving.problems import DecoderFailed, Problem
from serving.services import Services

_NATIVE = str(uid.ExplicitVRLittleEndian)
_LIST = re.compile(r"[0-9]{1,9}(,[0-9]{1,9})*")
#: PS3.18, table 8.7.3-5.
_MEDIA_TYPES: dict[str, str] = {
    **dict.fromkeys((uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLossless, uid.JPEGLosslessSV1), "image/jpeg"),
    **dict.fromkeys((uid.JPEGLSLossless, uid.JPEGLSNearLossless), "image/jls"),
    **dict.fromkeys((uid.JPEG2000Lossless, uid.JPEG2000), "image/jp2"),
    **dict.fromkeys((uid.JPEG2000MCLossless, uid.JPEG2000MC), "image/jpx"),
    **dict.fromkeys((uid.HTJ2KLossless, uid.HTJ2KLosslessRPCL, uid.HTJ2K), "image/jphc"),
    uid.RLELossless: "image/dicom-rle",
}


def frame_numbers(text: str) -> list[int]:
    """The frames that a path names, from 1.

    Raises:
        Problem: malformed.
    """
    if not _LIST.fullmatch(text):
        raise Problem("malformed", "Frames must be numbers from 1, separated by commas, such as 1 or 1,3.")
    return [int(number) for number in text.split(",")]


def check_numbers(numbers: Sequence[int], count: int) -> None:
    """
    Raises:
        Problem: not-found, when one of them is not there.
    """
    if not all(1 <= number <= count for number in numbers):
        raise Problem("not-found", f"Frames must be numbers from 1 to {count}: this instance has no others.")


def frames_in(services: Services, resource: Resource) -> Frames:
    """The frames of an instance.

    Raises:
        Problem: not-found, when it has none.
    """
    try:
        found = frames_of(open_file(resource.content(), services.settings.max_instance_bytes))
    except NotReadable as error:
        raise Problem("not-found", f"{error} So it has no frames.") from error
    if found is None:
        raise Problem("not-found", "This instance has no pixel data, so it has no frames.")
    return found


def offers(transfer_syntax: str, *, compressed: bool, single: bool) -> list[Representation]:
    """The forms of frames that are stored in this transfer syntax; ``single``: there is one, so it may come alone."""
    media_type = _MEDIA_TYPES.get(transfer_syntax)
    forms = []
    for multipart in (True, False) if single else (True,):
        if compressed:
            forms.append(Representation(OCTETS, transfer_syntax, multipart=multipart))
        if not compressed or is_supported(transfer_syntax):
            forms.append(Representation(OCTETS, _NATIVE, multipart=multipart))
        if compressed and media_type:
            forms.append(Representation(media_type, transfer_syntax, multipart=multipart))
    return forms


def parts(
    services: Services,
    request: Request,
    resource: Resource,
    frames: Frames,
    form: Representation,
    numbers: Sequence[int],
) -> Iterator[Part]:
    """These frames, from 1, each where it can be had alone.

    Raises:
        Problem: not-acceptable, when they do not decode; DecoderFailed, NotReadable.
    """
    place = f"{resource.url(base_url(request))}/frames"
    if not frames.compressed or form.transfer_syntax != _NATIVE:
        yield from (Part(form.part_type, f"{place}/{number}", frames.stored(number)) for number in numbers)
        return
    whole = memoryview(decoded(services, resource, frames, numbers))
    length = len(whole) // len(numbers)
    for at, number in enumerate(numbers):
        yield Part(form.part_type, f"{place}/{number}", whole[at * length : (at + 1) * length])


def decoded(services: Services, resource: Resource, frames: Frames, numbers: Sequence[int]) -> bytes:
    """These frames, native, one behind the other."""
    try:
        most = services.settings.max_instance_bytes
        return services.decoders.do(native_frames, frames.file.elements.data, numbers, most)
    except (NotReadable, DecoderFailed) as error:
        stored = (form for form in offers(resource.transfer_syntax, compressed=True, single=False))
        raise undecodable(error, (form for form in stored if form.transfer_syntax != _NATIVE)) from error
