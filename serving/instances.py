"""An instance as it is received: what its header says, and who it is if the header does not say."""

import hashlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from pydicom.uid import (
    ComprehensiveSRStorage,
    EncapsulatedPDFStorage,
    GrayscaleSoftcopyPresentationStateStorage,
    SecondaryCaptureImageStorage,
    SegmentationStorage,
)

from model.dicom_file import open_file
from model.elements import Elements, Encoding
from model.errors import NotReadable
from serving.characters import decoded, fold, name_to_match, readable_name
from serving.searchable import Json, searchable
from serving.who import NOBODY, Who

#: Under 2.25 (PS3.5, B.2); names are "<what>:<SHA-256 of the file>".
_NAMESPACE = uuid.UUID("6f2b1c1e-9a0d-4e0b-8a53-1f6d3c0e7a11")
_UID = re.compile(r"[0-9]+(\.[0-9]+)+")
_LONGEST_UID = 64  # PS3.5, 9.1
#: Characters of a text that are kept to be shown and searched; the file keeps all. None that is valid is longer (PS3.5,
#: table 6.2-1), and the database indexes no text of more than 2,700 bytes.
_LONGEST_TEXT = 500


#: Who made what we send, and the SOP classes of it: what comes back is known by both.
OWN_MANUFACTURER = "Hilum"
_OWN_CLASSES = {
    ComprehensiveSRStorage,
    EncapsulatedPDFStorage,
    GrayscaleSoftcopyPresentationStateStorage,
    SecondaryCaptureImageStorage,
    SegmentationStorage,
}
#: What a requested procedure's priority (0040,1003) says when it cannot wait.
_URGENT = {"STAT", "HIGH", "EMERGENCY", "URGENT"}


class Priority(IntEnum):
    """Whose turn it is: the greater first, then the earlier."""

    STAT = 20
    ROUTINE = 10
    BACKFILL = 0


@dataclass(frozen=True, kw_only=True)
class Origin:
    """How an instance came."""

    #: "http", "stow", "dimse", "samples", "backfill", or "prior": we asked for it.
    door: str
    #: Whose the study is, if this is its first image.
    site: str = ""
    #: Sites that the sender sees, and so may send for; empty: all.
    sender_sites: tuple[str, ...] = ()
    #: AE title or the like; no patient data.
    sender: str = ""
    priority: Priority = Priority.ROUTINE
    #: What the audit trail says of it.
    who: Who = NOBODY


@dataclass(frozen=True, kw_only=True)
class Patient:
    """Who the radiograph shows, for the worklist only; never for a log or an error text."""

    name: str = ""
    patient_id: str = ""
    birth_date: str = ""
    sex: str = ""

    @property
    def key(self) -> str:
        """Differs for two patients; a hash, so that it may stand anywhere."""
        parts = (self.patient_id, fold(self.name), self.birth_date)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]

    @property
    def search_text(self) -> str:
        """Name and ID as one searches for them: without case and diacritics."""
        return f"{fold(self.name)} {fold(self.patient_id)}".strip()


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One received file. DICOM's words; the UIDs are derived from the content where the file has none."""

    sop_instance_uid: str
    series_instance_uid: str
    study_instance_uid: str
    #: SHA-256, hexadecimal, of what ``identify`` says.
    content_hash: str
    patient: Patient = field(default_factory=Patient)
    sop_class_uid: str = ""
    transfer_syntax: str = ""
    accession_number: str = ""
    study_date: str = ""
    study_description: str = ""
    modality: str = ""
    view_position: str = ""
    body_part_examined: str = ""
    station_name: str = ""
    institution_name: str = ""
    #: What searches find and answer, by level; empty for what is no DICOM.
    attributes: Mapping[str, Json] = field(default_factory=dict)
    #: Patient's and referring physician's names, as searches compare them.
    name_to_match: str = ""
    physician_to_match: str = ""
    #: The file names its SOP class, instance, series and study itself, with UIDs that are some.
    is_complete: bool = False
    #: The file itself says that it cannot wait: Requested Procedure Priority (0040,1003).
    is_urgent: bool = False
    #: A result of ours that came back: a PACS forwards what it holds.
    is_own_result: bool = False


def derive_uid(what: str, content_hash: str) -> str:
    """The UID of what a file does not name: UUIDv5 under 2.25, so that the same content is the same instance."""
    return f"2.25.{uuid.uuid5(_NAMESPACE, f'{what}:{content_hash}').int}"


def identify(data: bytes, max_bytes: int) -> Instance:
    """What one file is: any file, since one that is no radiograph is refused by its reading, not here.

    Its content is its transfer syntax and data set: preamble and file meta information (PS3.10, 7.1) are each sender's
    own, and the same radiograph comes with others by C-STORE than in a file. Of what is not DICOM, it is the whole.
    """
    try:
        file = open_file(data, max_bytes)
    except NotReadable:  # its reading will say so
        return describe(Elements(b"", Encoding(), {}), "", _content_hash("", memoryview(data)))
    content_hash = _content_hash(file.transfer_syntax, memoryview(data)[file.data_set_at :])
    return describe(file.elements, file.transfer_syntax, content_hash)


def describe(header: Elements, syntax: str, content_hash: str) -> Instance:
    """What the header of a file says of it, with the hash of its content."""
    sop_class = _uid(header, "SOPClassUID")
    stated = [_uid(header, f"{level}InstanceUID") for level in ("SOP", "Series", "Study")]
    return Instance(
        sop_instance_uid=stated[0] or derive_uid("instance", content_hash),
        series_instance_uid=stated[1] or derive_uid("series", content_hash),
        study_instance_uid=stated[2] or derive_uid("study", content_hash),
        content_hash=content_hash,
        patient=_patient(header),
        sop_class_uid=sop_class or "",
        attributes=searchable(header) if syntax else {},
        name_to_match=name_to_match(_text(header, "PatientName")),
        physician_to_match=name_to_match(_text(header, "ReferringPhysicianName")),
        is_complete=all((sop_class, *stated)),
        transfer_syntax=syntax,
        accession_number=_text(header, "AccessionNumber"),
        study_date=_plain(header, "StudyDate"),
        study_description=_text(header, "StudyDescription"),
        modality=_plain(header, "Modality"),
        view_position=_plain(header, "ViewPosition"),
        body_part_examined=_plain(header, "BodyPartExamined"),
        station_name=_text(header, "StationName"),
        institution_name=_text(header, "InstitutionName"),
        is_urgent=_plain(header, "RequestedProcedurePriority").upper() in _URGENT,
        is_own_result=(
            header.text("SOPClassUID") in _OWN_CLASSES and _text(header, "Manufacturer") == OWN_MANUFACTURER
        ),
    )


def content_hasher(syntax: str) -> "hashlib._Hash":
    """Is to be given a data set in this transfer syntax, whole or piece by piece."""
    return hashlib.sha256(syntax.encode())


def _content_hash(syntax: str, content: memoryview) -> str:
    found = content_hasher(syntax)
    found.update(content)
    return found.hexdigest()


def _plain(header: Elements, keyword: str) -> str:
    """A text of the default character repertoire; PostgreSQL has no place for NUL."""
    return header.text(keyword).replace("\0", "")[:_LONGEST_TEXT]


def _uid(header: Elements, keyword: str) -> str | None:
    text = header.text(keyword)
    return text if len(text) <= _LONGEST_UID and _UID.fullmatch(text) else None


def _patient(header: Elements) -> Patient:
    return Patient(
        name=readable_name(_text(header, "PatientName")),
        patient_id=_text(header, "PatientID"),
        birth_date=_plain(header, "PatientBirthDate"),
        sex=_plain(header, "PatientSex"),
    )


def _text(header: Elements, keyword: str) -> str:
    return decoded(header.raw(keyword), header.texts("SpecificCharacterSet"))[:_LONGEST_TEXT]
