"""Priors by QIDO-RS and WADO-RS (PS3.18, 10.6 and 10.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import SplitResult, urlencode

import httpx
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser

from model.errors import Unavailable
from serving.priors.archive import Keep
from serving.priors.choosing import Series, Study
from serving.priors.identity import Person
from serving.searchable import tag_text
from serving.senders.http import ask

_JSON = "application/dicom+json"
_FILES = 'multipart/related; type="application/dicom"; transfer-syntax=*'
#: The study that is asked for may be gone; the search for studies itself must be there (PS3.18, table 10.6.3-1).
_NOTHING, _NO_MATCH = frozenset({204, 404}), frozenset({204})
#: A UID that nobody gives.
_NO_STUDY = "2.25.0"


@dataclass(frozen=True, kw_only=True)
class WebArchive:
    #: The base URL of a DICOMweb server.
    url: str = field(repr=False)

    def check(self) -> str:
        self._search(f"studies?StudyInstanceUID={_NO_STUDY}&limit=1", nothing=_NO_MATCH)
        return "It answers our queries."

    def studies(self, patient_id: str, until: str) -> list[Study]:
        query = {"PatientID": patient_id, "StudyDate": f"-{until}", "includefield": "IssuerOfPatientID"}
        return [_study(one) for one in self._search(f"studies?{urlencode(query)}", nothing=_NO_MATCH)]

    def series(self, study_instance_uid: str) -> list[Series]:
        found = self._search(f"studies/{study_instance_uid}/series?includefield=BodyPartExamined")
        return [
            Series(
                series_instance_uid=_text(one, "SeriesInstanceUID"),
                modality=_text(one, "Modality"),
                body_part=_text(one, "BodyPartExamined"),
            )
            for one in found
        ]

    def fetch(self, study_instance_uid: str, series_instance_uid: str, keep: Keep) -> None:
        answer = self._get(f"studies/{study_instance_uid}/series/{series_instance_uid}", _FILES)
        for file in _parts(answer.headers.get("Content-Type", ""), answer.content):
            keep(file)

    def _search(self, path: str, nothing: frozenset[int] = _NOTHING) -> list[Mapping[str, Any]]:
        answer = self._get(path, _JSON, nothing)
        try:
            found = answer.json() if answer.status_code not in nothing else []
        except ValueError:
            found = None
        if not isinstance(found, list):
            raise Unavailable("The archive must answer a search with a list in DICOM JSON, but does not.")
        return found

    def _get(self, path: str, accepted: str, nothing: frozenset[int] = _NOTHING) -> httpx.Response:
        answer = ask("GET", f"{self.url}/{path}", headers={"Accept": accepted})
        if not answer.is_success and answer.status_code not in nothing:
            raise Unavailable(f"The archive must answer 2xx, not {answer.status_code}.")
        return answer


def make(parts: SplitResult) -> WebArchive:
    """Of ``dicomweb+http(s)://host/dicom-web``; a user and a password may stand before the host.

    Raises:
        ValueError: in words.
    """
    if not parts.hostname or parts.query:
        raise ValueError("must name an archive as dicomweb+https://host/path")
    return WebArchive(url=parts.geturl().removeprefix("dicomweb+").rstrip("/"))


def _parts(content_type: str, body: bytes) -> list[bytes]:
    """The files of a multipart/related body (RFC 2387); none where there is nothing."""
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_boundary()
    if not body or boundary is None:
        return []
    files: list[bytearray] = []
    callbacks: Any = {
        "on_part_begin": lambda: files.append(bytearray()),
        "on_part_data": lambda data, start, end: files[-1].extend(data[start:end]),
    }
    try:
        MultipartParser(boundary, callbacks).write(body.lstrip(b"\r\n"))
    except FormParserError:
        raise Unavailable("The archive must answer with multipart/related (RFC 2387), but does not.") from None
    return [bytes(file) for file in files]


def _study(one: Mapping[str, Any]) -> Study:
    return Study(
        study_instance_uid=_text(one, "StudyInstanceUID"),
        study_date=_text(one, "StudyDate"),
        study_time=_text(one, "StudyTime"),
        modalities=frozenset(_values(one, "ModalitiesInStudy")),
        person=Person(
            patient_id=_text(one, "PatientID"),
            issuer=_text(one, "IssuerOfPatientID"),
            birth_date=_text(one, "PatientBirthDate"),
            name=_text(one, "PatientName"),
        ),
    )


def _values(one: Mapping[str, Any], keyword: str) -> list[Any]:
    found = one.get(tag_text(keyword), {})
    return list(found.get("Value") or ())


def _text(one: Mapping[str, Any], keyword: str) -> str:
    """The first value; of a name, its first group."""
    value = next(iter(_values(one, keyword)), None) or ""
    return str(next(iter(value.values()), "") if isinstance(value, dict) else value).strip()
