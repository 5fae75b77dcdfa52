"""What can be retrieved: the instances of a study, series by series, each with its place and its bytes."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fastapi import Request
from pydicom.uid import ExplicitVRLittleEndian

from model.errors import Unavailable
from serving.dicomweb.results import Result, file_of, results_in
from serving.dicomweb.urls import instance_url
from serving.problems import Problem
from serving.services import Services
from serving.store.kept import Kept, content, kept

#: Paths (PS3.18, 10.1.1) below the Base URI.
STUDY = "/studies/{study_instance_uid}"
SERIES = STUDY + "/series/{series_instance_uid}"
INSTANCE = SERIES + "/instances/{sop_instance_uid}"


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One instance and how its bytes are had."""

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    sop_class_uid: str
    transfer_syntax: str
    #: The same as long as the bytes are the same.
    version: str
    #: The file.
    content: Callable[[], bytes]

    def url(self, base: str) -> str:
        """Where it is, below the Base URI ``base``."""
        return instance_url(base, self.study_instance_uid, self.series_instance_uid, self.sop_instance_uid)

    def uids(self) -> dict[str, str]:
        """By keyword."""
        return {
            "SOPClassUID": self.sop_class_uid,
            "SOPInstanceUID": self.sop_instance_uid,
            "StudyInstanceUID": self.study_instance_uid,
            "SeriesInstanceUID": self.series_instance_uid,
        }


def find(services: Services, study: str, series: str | None = None, instance: str | None = None) -> list[Resource]:
    """What is under these UIDs: what was received, then the results that Hilum made of it.

    Raises:
        Problem: not-found.
    """
    found = [_kept(services, one) for one in kept(services.store, study, series, instance)]
    if not (found and (series or instance)):  # a series of results holds nothing else
        results = (_result(services, one) for one in results_in(services, [study]))
        found += [one for one in results if series in {None, one.series_instance_uid}]
        found = [one for one in found if instance in {None, one.sop_instance_uid}]
    if not found:
        what = "instance" if instance else "series" if series else "study"
        where = {"instance": " in this series of this study", "series": " in this study", "study": ""}[what]
        words = f"No {what} with this UID is kept here{where}, or not any more. Search for what is (QIDO-RS)."
        raise Problem("not-found", words)
    return found


def _kept(services: Services, one: Kept) -> Resource:
    def received() -> bytes:
        data = content(services.store, one.content_hash)
        if data is None:
            raise Unavailable("The object store must hold the bytes that were received, but does not find them now.")
        return data

    return Resource(
        study_instance_uid=one.study_instance_uid,
        series_instance_uid=one.series_instance_uid,
        sop_instance_uid=one.sop_instance_uid,
        sop_class_uid=one.sop_class_uid,
        transfer_syntax=one.transfer_syntax,
        version=one.content_hash,
        content=received,
    )


def _result(services: Services, one: Result) -> Resource:
    def made() -> bytes:
        data = file_of(services, one)
        if not data:
            raise Problem("not-found", "There is no result of this kind for this radiograph.")
        return data

    return Resource(
        study_instance_uid=one.study_instance_uid,
        series_instance_uid=one.series_instance_uid,
        sop_instance_uid=one.sop_instance_uid,
        sop_class_uid=one.sop_class_uid,
        transfer_syntax=ExplicitVRLittleEndian,
        version=one.sop_instance_uid,  # it is derived from all that makes it what it is
        content=made,
    )


def etag(resources: Iterable[Resource], *form: object) -> str:
    """Of these resources in one form."""
    text = "\n".join([*(one.version for one in resources), *map(str, form)])
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def has_already(request: Request, tag: str) -> bool:
    """Whether the client says (If-None-Match) that it has just this."""
    tags = (part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(","))
    return any(one in {tag, "*"} for one in tags)


def headers_of(tag: str) -> dict[str, str]:
    """An instance never changes, but who may see it does: a client asks each time whether its copy still stands."""
    return {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Accept"}
