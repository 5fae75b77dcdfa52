"""What a review that is signed off teaches of its radiograph."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model.findings import FINDINGS


@dataclass(frozen=True, kw_only=True)
class Said:
    """By finding's name of the closed list; what is not here is unknown."""

    labels: Mapping[str, bool]
    #: Finding, x, y, width, height in pixels of the stored image.
    boxes: tuple[tuple[str, float, float, float, float], ...]
    #: Findings in words of the reviewer's own: they are counted and left out, since words may name somebody.
    own_words: int


def said(reading: Mapping[str, Any], review: Mapping[str, Any]) -> Said:
    """From the documents of a reading, a refusal or a failure, and of its review.

    Present: accepted, corrected or added. Absent: rejected, or below the threshold when the radiologist signed off.
    Unknown: present but not judged; experimental, which is not shown unless asked for, and not judged.
    """
    verdicts = {one["finding"]: one["verdict"] for one in review["verdicts"]}
    missed = [one for one in review["missed"] if one["finding"] in FINDINGS]
    labels = {
        finding["name"]: label
        for finding in reading["findings"]
        if (label := _label(finding, verdicts.get(finding["name"]))) is not None
    }
    labels |= dict.fromkeys((one["finding"] for one in missed), True)
    boxed = [one for one in (*review["verdicts"], *missed) if one.get("box") and labels.get(one["finding"])]
    boxes = [(one["finding"], *(float(one["box"][side]) for side in ("x", "y", "width", "height"))) for one in boxed]
    return Said(
        labels=dict(sorted(labels.items())),
        boxes=tuple((name, x, y, width, height) for name, x, y, width, height in boxes),
        own_words=len(review["missed"]) - len(missed),
    )


def _label(finding: Mapping[str, Any], verdict: str | None) -> bool | None:
    if verdict is None:
        return None if finding["present"] or finding["experimental"] else False
    return verdict == "corrected" or (verdict == "accepted" and bool(finding["present"]))
