"""What a radiologist says of a reading, as it goes out with it; and what is then the last word on each finding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from model.findings import FINDINGS
from serving.presentations.reading_json import NOTICE
from serving.presentations.regions import Region


class Status(StrEnum):
    """How far a result can be relied on.

    preliminary ──> final ──> amended | withdrawn ──> amended
    """

    #: Nobody reviewed it.
    PRELIMINARY = "preliminary"
    #: A radiologist signed it off.
    FINAL = "final"
    #: Signed off anew, after a version that was signed off had been sent.
    AMENDED = "amended"
    #: The sign-off was taken back.
    WITHDRAWN = "withdrawn"


#: Status to what stands in a description, which has little room.
SHORT_NOTICES = {
    Status.PRELIMINARY: "AI result, not verified",
    Status.FINAL: "AI result, verified",
    Status.AMENDED: "AI result, verified anew",
    Status.WITHDRAWN: "AI result, sign-off withdrawn",
}


@dataclass(frozen=True, kw_only=True)
class Review:
    """The review that a version of a result is about."""

    #: 1, 2, ... within the reading.
    number: int
    #: The number of the review that was sent before; 0: the reading itself.
    predecessor: int
    status: Status
    #: Who reviewed: a role, or a name where the site wants it.
    observer: str
    #: Aware.
    reviewed_at: datetime
    verdicts: Sequence[Mapping[str, Any]] = ()
    missed: Sequence[Mapping[str, Any]] = ()
    comment: str = ""
    #: Names of what the versions that were sent before this one added.
    formerly_added: Sequence[str] = ()

    @classmethod
    def of(cls, said: Mapping[str, Any] | None, verified_by: str) -> Self | None:
        """From the column "review" of a delivery; ``verified_by`` is the setting."""
        if said is None:
            return None
        document = said["document"]
        return cls(
            number=said["number"],
            predecessor=said["predecessor"],
            status=_status(signed_off=said["signed_off"], amends=said["amends"]),
            observer=verified_by.replace("{reviewer}", said["reviewer"]),
            reviewed_at=datetime.fromisoformat(said["reviewed_at"]),
            verdicts=document.get("verdicts", ()),
            missed=document.get("missed", ()),
            comment=document.get("comment", ""),
            formerly_added=said["formerly_added"],
        )

    @property
    def is_signed_off(self) -> bool:
        return self.status in {Status.FINAL, Status.AMENDED}


def status_of(review: Review | None) -> Status:
    return review.status if review else Status.PRELIMINARY


def notice_of(review: Review | None) -> str:
    """What stands in every presentation: whether anybody answers for it."""
    if review is None:
        return NOTICE
    if review.is_signed_off:
        return f"AI result, reviewed and signed off by: {review.observer}."
    return "AI result, not verified: its sign-off was withdrawn; for review by a radiologist."


def last_word(findings: Sequence[Mapping[str, Any]], review: Review | None) -> list[dict[str, Any]]:
    """The findings of a document with what the review makes of them, then those that it adds.

    Each has ``present`` as the reviewer has it, ``verdict`` ("accepted", "rejected", "corrected", "added" or None),
    ``boxes`` (where it is; None: where the heatmap says) and ``comments``; side and zone only where the heatmap says
    it. What is added and was not looked for has no ``probability``, ``threshold`` and ``operating_point``. A review
    that is not signed off changes nothing.
    """
    counts = review is not None and review.is_signed_off
    verdicts = {verdict["finding"]: verdict for verdict in review.verdicts} if review and counts else {}
    missed: dict[str, list[Mapping[str, Any]]] = {}
    for one in review.missed if review and counts else ():
        missed.setdefault(one["finding"], []).append(one)
    known = [_judged(finding, verdicts.get(finding["name"]), missed.pop(finding["name"], ())) for finding in findings]
    return known + [_added(_unknown(name), entries) for name, entries in missed.items()]


def added(name: str) -> dict[str, Any]:
    """A finding that a reviewer named."""
    return _added(_unknown(name), ())


def _status(*, signed_off: bool, amends: bool) -> Status:
    if not signed_off:
        return Status.WITHDRAWN
    return Status.AMENDED if amends else Status.FINAL


def _judged(
    finding: Mapping[str, Any], verdict: Mapping[str, Any] | None, missed: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    if missed:
        return _added(finding, missed)
    if verdict is None:
        return {**finding, "verdict": None, "boxes": None, "comments": []}
    word = verdict["verdict"]
    return {
        **(_unplaced(finding) if word == "corrected" else finding),
        "present": word == "corrected" or (word == "accepted" and finding["present"]),
        "verdict": word,
        "boxes": _boxes([verdict]) or None,
        "comments": _comments([verdict]),
    }


def _added(finding: Mapping[str, Any], missed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        **_unplaced(finding),
        "present": True,
        "experimental": False,  # that is said of the reader, and this of the reviewer
        "verdict": "added",
        "boxes": _boxes(missed),
        "comments": _comments(missed),
    }


def _unplaced(finding: Mapping[str, Any]) -> dict[str, Any]:
    """Where the heatmap says is not where it is."""
    return {**finding, "side": None, "zone": None}


def _unknown(name: str) -> dict[str, Any]:
    """A finding that the reader does not look for."""
    code = FINDINGS.get(name)
    coded = (
        {"scheme": code.scheme, "value": code.value, "meaning": code.meaning} if code else _OTHER | {"meaning": name}
    )
    nothing = dict.fromkeys(("probability", "threshold", "operating_point"))
    return {"name": name, "code": coded, "experimental": False, **nothing}


_OTHER = {"scheme": "99HILUM", "value": "other-finding"}


def _boxes(entries: Sequence[Mapping[str, Any]]) -> list[Region]:
    boxes = [entry["box"] for entry in entries if entry.get("box")]
    return [Region(box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]) for box in boxes]


def _comments(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    return [entry["comment"] for entry in entries if entry.get("comment")]
