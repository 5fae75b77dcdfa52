"""Priors by C-FIND and C-MOVE or C-GET, Study Root (PS3.4, annex C)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, cast
from urllib.parse import SplitResult, parse_qs

from pydicom.dataset import Dataset
from pydicom.uid import (
    UID,
    AllTransferSyntaxes,
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
)
from pynetdicom import AE, build_role, evt
from pynetdicom.association import Association
from pynetdicom.events import Event, EventHandlerType

from model.errors import Unavailable
from serving.ae_address import ae_address
from serving.priors.archive import Keep
from serving.priors.choosing import Series, Study
from serving.priors.identity import Person

_CONNECT_SECONDS, _ANSWER_SECONDS = 5, 60
_FIND, _MOVE, _GET = (UID(f"1.2.840.10008.5.1.4.1.2.2.{number}") for number in (1, 2, 3))
_RADIOGRAPHS = (
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
)
#: Pending: a match, or sub-operations that go on (PS3.4, tables C.4-1 to C.4-3).
_PENDING = {0xFF00, 0xFF01}
_SUCCESS = 0x0000

How = Literal["move", "get"]


@dataclass(frozen=True, kw_only=True)
class DimseArchive:
    title: str
    host: str
    port: int
    our_title: str
    #: "move": it sends to our receiver, under our title; "get": in the association that asks.
    how: How = "move"

    def check(self) -> str:
        with self._association(_FIND):
            return "It takes our queries."

    def studies(self, patient_id: str, until: str) -> list[Study]:
        query = Dataset()
        query.SpecificCharacterSet = "ISO_IR 192"
        query.QueryRetrieveLevel = "STUDY"
        query.PatientID, query.StudyDate = patient_id, f"-{until}"
        for keyword in ("IssuerOfPatientID", "PatientName", "PatientBirthDate", "StudyInstanceUID", "StudyTime"):
            setattr(query, keyword, None)
        query.ModalitiesInStudy = None
        return [_study(one) for one in self._find(query)]

    def series(self, study_instance_uid: str) -> list[Series]:
        query = Dataset()
        query.QueryRetrieveLevel = "SERIES"
        query.StudyInstanceUID = study_instance_uid
        for keyword in ("SeriesInstanceUID", "Modality", "BodyPartExamined"):
            setattr(query, keyword, None)
        return [
            Series(
                series_instance_uid=_text(one, "SeriesInstanceUID"),
                modality=_text(one, "Modality"),
                body_part=_text(one, "BodyPartExamined"),
            )
            for one in self._find(query)
        ]

    def fetch(self, study_instance_uid: str, series_instance_uid: str, keep: Keep) -> None:
        wanted = Dataset()
        wanted.QueryRetrieveLevel = "SERIES"
        wanted.StudyInstanceUID, wanted.SeriesInstanceUID = study_instance_uid, series_instance_uid
        if self.how == "move":
            with self._association(_MOVE) as association:
                _follow(association.send_c_move(wanted, self.our_title, _MOVE))
            return
        with self._association(_GET, keep) as association:
            _follow(association.send_c_get(wanted, _GET))

    def _find(self, query: Dataset) -> list[Dataset]:
        with self._association(_FIND) as association:
            return list(_follow(association.send_c_find(query, _FIND)))

    @contextmanager
    def _association(self, model: UID, keep: Keep | None = None) -> Iterator[Association]:
        entity = AE(ae_title=self.our_title)
        entity.connection_timeout = _CONNECT_SECONDS
        entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = _ANSWER_SECONDS
        entity.add_requested_context(model)
        options: dict[str, Any] = {}
        if keep is not None:
            for radiograph in _RADIOGRAPHS:
                entity.add_requested_context(radiograph, list(AllTransferSyntaxes))
            options["ext_neg"] = [build_role(radiograph, scp_role=True) for radiograph in _RADIOGRAPHS]
            options["evt_handlers"] = [cast("EventHandlerType", (evt.EVT_C_STORE, _keeper(keep)))]
        association = entity.associate(self.host, self.port, ae_title=self.title, **options)
        if not association.is_established or model not in _accepted(association):
            association.abort()
            raise Unavailable("The archive must accept our association for queries and retrieval, but does not.")
        try:
            yield association
        finally:
            if association.is_established:
                association.release()


def make(parts: SplitResult, our_title: str) -> DimseArchive:
    """Of ``dicom://AETITLE@host:port``, and if wanted ``?retrieve=get``.

    Raises:
        ValueError: in words.
    """
    asked = parse_qs(parts.query)
    how = asked.pop("retrieve", ["move"])[-1]
    address = ae_address(parts)
    if address is None or parts.path.strip("/"):
        raise ValueError("must name an archive as dicom://AETITLE@host:port")
    if asked or how not in {"move", "get"}:
        raise ValueError("may end in ?retrieve=move or ?retrieve=get")
    return DimseArchive(**address._asdict(), our_title=our_title, how=cast("How", how))


def _accepted(association: Association) -> set[str]:
    return {str(context.abstract_syntax) for context in association.accepted_contexts}


def _keeper(keep: Keep) -> Any:
    def store(event: Event) -> int:
        try:
            keep(event.encoded_dataset())
        except Unavailable:
            return 0xA700
        return _SUCCESS

    return store


def _follow(responses: Iterator[tuple[Dataset, Dataset | None]]) -> list[Dataset]:
    """The matches, until the end.

    Raises:
        Unavailable: when the end is none, or not all was sent.
    """
    matches, status = [], None
    for said, match in responses:
        status = said.get("Status")
        if status in _PENDING and match is not None:
            matches.append(match)
    if status != _SUCCESS:
        words = "did not" if status is None else f"ended with 0x{status:04X}"
        raise Unavailable(f"The archive must answer to its end with success, but {words}.")
    return matches


def _study(one: Dataset) -> Study:
    modalities = one.get("ModalitiesInStudy") or ()
    return Study(
        study_instance_uid=_text(one, "StudyInstanceUID"),
        study_date=_text(one, "StudyDate"),
        study_time=_text(one, "StudyTime"),
        modalities=frozenset([modalities] if isinstance(modalities, str) else modalities),
        person=Person(
            patient_id=_text(one, "PatientID"),
            issuer=_text(one, "IssuerOfPatientID"),
            birth_date=_text(one, "PatientBirthDate"),
            name=_text(one, "PatientName"),
        ),
    )


def _text(one: Dataset, keyword: str) -> str:
    return str(one.get(keyword) or "").strip()
