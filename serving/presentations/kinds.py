"""Every kind of presentation that is sent, in one table: what destinations ask for by name."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydicom.uid import (
    UID,
    ComprehensiveSRStorage,
    EncapsulatedPDFStorage,
    GrayscaleSoftcopyPresentationStateStorage,
    SecondaryCaptureImageStorage,
    SegmentationStorage,
)

DICOM = "application/dicom"
_FHIR = "application/fhir+json"
_HL7 = "application/hl7-v2; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind: an instance in DICOM for each radiograph, or else one document for each completion."""

    #: A word for it, also in its Series Description.
    title: str
    media_type: str = DICOM
    #: Of the file that a folder gets.
    suffix: str = ".dcm"
    #: Of a kind in DICOM.
    sop_class_uid: UID | None = None
    #: Of its series; high, so that the radiographs come first.
    series_number: int | None = None
    #: Modality (0008,0060) of a kind in DICOM.
    modality: str | None = None
    #: A radiograph may have none of it: there may be nothing to mark.
    is_optional: bool = False
    #: It has a life at the destination, under the same identity: a later version takes the place of an earlier one.
    replaces: bool = False


KINDS = {
    "sr": Kind(title="report", sop_class_uid=ComprehensiveSRStorage, series_number=9101, modality="SR"),
    "sc": Kind(title="picture", sop_class_uid=SecondaryCaptureImageStorage, series_number=9102, modality="OT"),
    "gsps": Kind(
        title="regions",
        sop_class_uid=GrayscaleSoftcopyPresentationStateStorage,
        series_number=9103,
        modality="PR",
        is_optional=True,
    ),
    "seg": Kind(
        title="segments", sop_class_uid=SegmentationStorage, series_number=9104, modality="SEG", is_optional=True
    ),
    "pdf": Kind(title="page", sop_class_uid=EncapsulatedPDFStorage, series_number=9105, modality="DOC"),
    "json": Kind(title="result as JSON", media_type="application/json", suffix=".json"),
    "fhir-r4": Kind(title="FHIR R4 transaction", media_type=_FHIR, suffix=".r4.json", replaces=True),
    "fhir-r5": Kind(title="FHIR R5 transaction", media_type=_FHIR, suffix=".r5.json", replaces=True),
    "oru": Kind(title="HL7 v2 message", media_type=_HL7, suffix=".hl7", replaces=True),
}
#: What is kept as instances of the study; the others are documents.
DICOM_KINDS = tuple(name for name, kind in KINDS.items() if kind.media_type == DICOM)
DOCUMENT_KINDS = tuple(name for name in KINDS if name not in DICOM_KINDS)


def sop_classes(kinds: Iterable[str]) -> list[UID]:
    """Those of the kinds in DICOM, each once."""
    found = (KINDS[kind].sop_class_uid for kind in kinds)
    return list(dict.fromkeys(uid for uid in found if uid is not None))
