"""What was said of one radiograph, and who says it: what every presentation of it begins with.

Whatever names a part of it is derived from the radiograph's SOP Instance UID, the reader's name and version and the
part, so that what is made again is the same.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from model.errors import RefusalCode
from serving.outcome import State
from serving.presentations.review import Review, Status, added, last_word, notice_of, status_of

#: Under 2.25 (PS3.5, B.2).
NAMESPACE = uuid.UUID("c2f3a1d6-7a52-4f0c-9b7e-0d5c8f4b21aa")
#: The scheme of the codes for which the standard has none; the UID names it wherever its codes go.
SCHEME, SCHEME_UID = "99HILUM", f"2.25.{uuid.uuid5(NAMESPACE, '99HILUM').int}"
#: Refusals of what is no radiograph: a study of a thousand slices gets no thousand reports.
UNANSWERED = {str(RefusalCode.NOT_DICOM), str(RefusalCode.NOT_RADIOGRAPH)}


@dataclass(frozen=True, kw_only=True, eq=False)
class Told:
    """What was said of one radiograph."""

    #: The outcome as the interface shows it: of a reading or a refusal.
    document: Mapping[str, Any]
    #: When it was recorded; aware.
    recorded_at: datetime
    #: What a radiologist said of it; None: nobody did yet.
    review: Review | None = None

    @property
    def sop_instance_uid(self) -> str:
        """Of the radiograph."""
        return str(self.document["sop_instance_uid"])

    @property
    def reader(self) -> str:
        return str(self.document["reader"])

    @property
    def algorithm(self) -> tuple[str, str]:
        """Name and version of the reader, apart."""
        name, _, version = self.reader.rpartition(" ")
        return (name, version) if name else (version, version)

    @property
    def status(self) -> Status:
        return status_of(self.review)

    @property
    def notice(self) -> str:
        return notice_of(self.review)

    @property
    def made_at(self) -> datetime:
        """When this was said; aware."""
        return self.review.reviewed_at if self.review else self.recorded_at

    @property
    def corrections(self) -> list[str]:
        """What had to be done for the radiograph to be read."""
        gate = self.document["gate"]
        return list(gate["corrections"]) if gate else []

    @property
    def version(self) -> int:
        """The review's number; 0 is the reading itself."""
        return self.review.number if self.review else 0

    def derived(self, what: str, version: int = 0) -> uuid.UUID:
        """Of a part of what is told of this radiograph; the same for the same, and for nothing else."""
        return _derived(self.sop_instance_uid, self.reader, f"{what}:review {version}" if version else what)

    def uid(self, what: str, version: int = 0) -> str:
        return f"2.25.{self.derived(what, version).int}"

    @property
    def device(self) -> uuid.UUID:
        """Of this version of the reader, wherever it runs."""
        return _derived("", self.reader, "device")

    def findings(self) -> list[dict[str, Any]]:
        """The last word on each (``review.last_word``)."""
        return last_word(self.document["findings"], self.review)

    def formerly_added(self) -> list[dict[str, Any]]:
        """The findings that versions sent before this one added."""
        return [added(name) for name in self.review.formerly_added] if self.review else []

    @property
    def ratio(self) -> tuple[float, str] | None:
        """The cardiothoracic ratio of a reading that states one, and how far off it is, in words."""
        ratio = self.document.get("cardiothoracic_ratio")  # readings of earlier versions have none
        if not ratio:
            return None
        low, high = ratio["error"]
        words = f"95 % lie between {low:+.2f} and {high:+.2f} of the ratio from outlines drawn by people"
        return ratio["value"], words

    def present(self) -> list[dict[str, Any]]:
        """The findings that reached their thresholds, or that the reviewer sees."""
        return [finding for finding in self.findings() if finding["present"]]


def told(outcomes: Iterable[Mapping[str, Any]], review: Review | None) -> list[Told]:
    """What is told of rows of ``store.deliveries.outcomes``: nothing for a failure of ours, or for no radiograph."""
    return [
        Told(document=row["document"], recorded_at=row["recorded_at"], review=review)
        for row in outcomes
        if is_told(row["document"])
    ]


def place_of(finding: Mapping[str, Any]) -> str:
    """Side and zone in words; empty where they were not determined, or by a reader that does not say."""
    side, zone = finding.get("side"), finding.get("zone")
    if side is None:
        return ""
    parts = ["both sides" if side == "both" else side, f"{zone} zone" if zone else "", _doubt(finding)]
    return ", ".join(part for part in parts if part)


def _doubt(finding: Mapping[str, Any]) -> str:
    return "" if finding.get("location_certain") else "place uncertain"


def is_told(document: Mapping[str, Any]) -> bool:
    """Whether destinations are told of it."""
    refusal = document["refusal"]
    return document["state"] != State.FAILED and not (refusal and refusal["code"] in UNANSWERED)


def _derived(sop_instance_uid: str, reader: str, what: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, f"{sop_instance_uid}:{reader}:{what}")
