"""Answers in the form that was selected: one part, or several of them one behind the other."""

from collections.abc import Iterable, Mapping
from itertools import chain

from fastapi import Response
from fastapi.responses import StreamingResponse

from model.errors import NotReadable
from serving.dicomweb.multipart import Multipart, Part, pieces
from serving.dicomweb.representations import Representation
from serving.problems import DecoderFailed, Problem


def answer(
    form: Representation, parts: Iterable[Part], headers: Mapping[str, str], *, only: bool, partial: bool = False
) -> Response:
    """``parts`` in ``form``; ``only`` says that there is one, ``partial`` that some were left out (206).

    The first part is made before the status is said, so that what goes wrong with it is an error like any other.
    """
    coming = iter(parts)
    first = next(coming)
    status = 206 if partial else 200
    if not form.multipart:
        own = {**headers, "Content-Length": str(len(first.content)), "Content-Location": first.location}
        return StreamingResponse(pieces(first.content), status, headers=own, media_type=first.content_type)
    body = Multipart(form.media_type)
    length = {"Content-Length": str(body.length([first]))} if only else {}
    written = body.written(chain([first], coming))
    return StreamingResponse(written, status, headers={**headers, **length}, media_type=body.content_type)


def undecodable(error: NotReadable | DecoderFailed, stored: Iterable[Representation]) -> Exception:
    """What is said of pixel data that do not decode: they can still be had as they are stored."""
    if isinstance(error, DecoderFailed):
        return error
    forms = [form.words() for form in stored]
    return Problem(
        "not-acceptable", f"{error} As they are stored they can be had by Accept: {forms[0]}.", acceptable=forms
    )
