"""What all results in DICOM share: whose they are, what they are called, and that they are the same each time.

A result lies in the study of the file that it answers, in a series of its own. Its UIDs are derived from the file's
SOP Instance UID, the reader's name and version, the kind of result and the number of its review; its dates are those of
the reading or of the review. So what is made again is the same, byte for byte, and a new version of the reader, or
what a radiologist made of it, stands beside the old one.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import UID

from model.reading import Heatmap
from serving.instances import OWN_MANUFACTURER
from serving.presentations.kinds import KINDS
from serving.presentations.regions import Region, regions
from serving.presentations.review import SHORT_NOTICES, Status
from serving.presentations.source_header import study_of
from serving.presentations.told import NAMESPACE, SCHEME, SCHEME_UID, Told

MODEL = "Hilum"
#: Timezone Offset From UTC (PS3.3, C.12.1.1).
_OFFSET = re.compile(r"([+-])(0[0-9]|1[0-4])([0-5][0-9])")
#: Implementation Class UID and Version Name (PS3.7, D.3.3.2).
OUR_IMPLEMENTATION = UID(f"2.25.{uuid.uuid5(NAMESPACE, 'implementation').int}")
OUR_VERSION_NAME = "HILUM"


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer(Told):
    """What was said of one radiograph, with what it was said of."""

    #: The header of the file (``source_header.header_of``).
    source: Dataset
    #: By the finding's name; empty unless it was read.
    heatmaps: Mapping[str, Heatmap]
    #: float32 (rows, columns) 0..1; None when the file cannot be decoded, or nobody needs them.
    pixels: NDArray[np.float32] | None = None
    #: Height of a pixel by its width.
    pixel_aspect_ratio: float = 1.0

    @property
    def sop_instance_uid(self) -> str:
        return str(self.source.SOPInstanceUID)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the stored grid; (0, 0) when the file does not say."""
        return int(self.source.get("Rows") or 0), int(self.source.get("Columns") or 0)

    @property
    def device_uid(self) -> str:
        return f"2.25.{self.device.int}"

    def identity(self, kind: str) -> dict[str, Any]:
        """What highdicom asks for by name, for a result of this kind."""
        return {
            "series_instance_uid": self.uid(f"{kind}-series", self.version),
            "series_number": KINDS[kind].series_number,
            "sop_instance_uid": self.uid(kind, self.version),
            "instance_number": 1,
            "manufacturer": OWN_MANUFACTURER,
        }

    def regions(self, finding: Mapping[str, Any]) -> list[Region]:
        """Where a finding of ``findings`` is: as the reviewer drew it, or else where the heatmap says."""
        if not finding["present"]:
            return []
        if finding["boxes"] is not None:
            boxes = (box.within(*self.shape) for box in finding["boxes"])
            return [box for box in boxes if box.area > 0]
        heatmap = self.heatmaps.get(finding["name"])
        return regions(heatmap) if heatmap is not None else []


def neutral(source: Dataset) -> Dataset:
    """The source without patient and study, which ``finished`` adds as they came: highdicom takes only valid ones."""
    evidence = Dataset()
    evidence.update(source)
    for element in study_of(source):
        if element.keyword != "StudyInstanceUID":
            del evidence[element.tag]
    for keyword in ("PatientID", "PatientName", "PatientBirthDate", "PatientSex"):
        setattr(evidence, keyword, "")
    for keyword in ("AccessionNumber", "StudyID", "StudyDate", "StudyTime", "ReferringPhysicianName"):
        setattr(evidence, keyword, None)
    evidence.SpecificCharacterSet = "ISO_IR 192"
    return evidence


def finished(result: Dataset, answer: Answer, kind: str) -> Dataset:
    """``result`` in its study, of its patient, by this reader, at the time of the reading."""
    result.update(study_of(answer.source))
    result.SpecificCharacterSet = "ISO_IR 192"
    result.Manufacturer, result.ManufacturerModelName = OWN_MANUFACTURER, MODEL
    result.DeviceSerialNumber = answer.device_uid[-16:]
    result.SoftwareVersions = answer.reader[:64]
    result.SeriesDescription = description_of(kind, answer.status)
    if result.Modality not in {"SR", "SEG", "DOC"}:
        result.Laterality = ""  # type 2C: a chest is no paired organ
    _date(result, local_time(answer))
    scheme = Dataset()
    scheme.CodingSchemeDesignator, scheme.CodingSchemeUID = SCHEME, SCHEME_UID
    scheme.CodingSchemeName = "Concepts of Hilum for which the standard has no code"
    scheme.CodingSchemeResponsibleOrganization = "Hilum"
    result.CodingSchemeIdentificationSequence = [scheme]
    if "ContributingEquipmentSequence" in result:
        del result.ContributingEquipmentSequence  # a library that states its version and the time at which it ran
    result.file_meta.ImplementationClassUID = OUR_IMPLEMENTATION
    result.file_meta.ImplementationVersionName = OUR_VERSION_NAME
    return result


def description_of(kind: str, status: Status) -> str:
    """Series Description of a result."""
    return f"Hilum {KINDS[kind].title}: {SHORT_NOTICES[status]}"


def encoded(result: Dataset) -> bytes:
    """As a file (PS3.10)."""
    file = BytesIO()
    result.save_as(file, enforce_file_format=True)
    return file.getvalue()


def _date(result: Dataset, moment: datetime) -> None:
    day, time = moment.strftime("%Y%m%d"), moment.strftime("%H%M%S")
    for name in ("Series", "Content", "InstanceCreation", "PresentationCreation"):
        if name == "Series" or f"{name}Date" in result:
            setattr(result, f"{name}Date", day)
            setattr(result, f"{name}Time", time)
    if "DateOfSecondaryCapture" in result:
        result.DateOfSecondaryCapture, result.TimeOfSecondaryCapture = day, time


def local_time(answer: Answer) -> datetime:
    """In the zone in which the file's own times are, or else in this machine's."""
    offset = _OFFSET.fullmatch(str(answer.source.get("TimezoneOffsetFromUTC") or ""))
    if offset is None:
        return answer.made_at.astimezone()
    sign, hours, minutes = offset.groups()
    east = timedelta(hours=int(hours), minutes=int(minutes))
    return answer.made_at.astimezone(timezone(-east if sign == "-" else east))
