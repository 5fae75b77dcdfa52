"""What a review teaches: present, absent, or unknown."""

from typing import Any

import pytest

from serving.training_set.said import said

BOX = {"x": 1.0, "y": 2.0, "width": 3.0, "height": 4.0}


def finding(name: str, *, present: bool, experimental: bool = False) -> dict[str, Any]:
    return {"name": name, "present": present, "experimental": experimental}


READING = {
    "findings": [
        finding("Effusion", present=True),
        finding("Mass", present=False),
        finding("Nodule", present=True, experimental=True),
        finding("Hernia", present=False, experimental=True),
    ]
}


def verdict(name: str, word: str, box: dict[str, float] | None = None) -> dict[str, Any]:
    return {"finding": name, "verdict": word, "box": box}


@pytest.mark.parametrize(
    ("verdicts", "missed", "labels", "boxes"),
    [
        # Nothing is said: what is below its threshold is absent; what is present, and what is experimental, is unknown.
        ([], [], {"Mass": False}, ()),
        ([verdict("Effusion", "accepted")], [], {"Effusion": True, "Mass": False}, ()),
        ([verdict("Effusion", "rejected")], [], {"Effusion": False, "Mass": False}, ()),
        (
            [verdict("Effusion", "corrected", BOX)],
            [],
            {"Effusion": True, "Mass": False},
            (("Effusion", 1.0, 2.0, 3.0, 4.0),),
        ),
        # That it is absent is accepted.
        ([verdict("Mass", "accepted")], [], {"Mass": False}, ()),
        ([verdict("Nodule", "accepted")], [], {"Mass": False, "Nodule": True}, ()),
        ([verdict("Hernia", "rejected")], [], {"Hernia": False, "Mass": False}, ()),
        ([], [{"finding": "Mass", "box": BOX}], {"Mass": True}, (("Mass", 1.0, 2.0, 3.0, 4.0),)),
        ([], [{"finding": "Fracture", "box": None}], {"Fracture": True, "Mass": False}, ()),
    ],
)  # fmt: skip
def test_labels(verdicts: list[Any], missed: list[Any], labels: dict[str, bool], boxes: tuple[Any, ...]) -> None:
    told = said(READING, {"verdicts": verdicts, "missed": missed})
    assert (told.labels, told.boxes) == (labels, boxes)


def test_words_of_the_reviewers_own_stay_here() -> None:
    told = said({"findings": []}, {"verdicts": [], "missed": [{"finding": "as told by Ms Tran", "box": BOX}]})
    assert (told.labels, told.boxes, told.own_words) == ({}, (), 1)
