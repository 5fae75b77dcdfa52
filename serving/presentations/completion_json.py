"""A completed study as JSON: what destinations are sent. Holds patient data."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from serving.presentations.review import Review, notice_of

_NAMESPACE = uuid.UUID("0b6a3d52-58ba-4f5f-93fd-4e1c5f6f6c2e")


def completion_json(
    completion: Mapping[str, Any], outcomes: Sequence[Mapping[str, Any]], review: Review | None
) -> dict[str, Any]:
    """A study's result (number 1), an addendum to it or a review: only what is new since the number before."""
    number = completion["number"]
    return {
        "completion_uid": uid_of(completion),
        "kind": kind_of(number, is_review=completion["review"] is not None),
        "number": number,
        "predecessor": uid_of(completion, number - 1) if number > 1 else None,
        "completed_at": completion["completed_at"].isoformat(timespec="milliseconds"),
        "notice": notice_of(review),
        "study_instance_uid": completion["study_instance_uid"],
        "accession_number": completion["accession_number"],
        "patient": {"patient_id": completion["patient_id"], "name": completion["patient_name"]},
        "shared_study_uid": completion["shared_uid"],
        "readings": [
            {
                "series_instance_uid": row["series_instance_uid"],
                "content_hash": f"sha256:{row['content_hash']}",
                **row["document"],
                "review": _review(review) if review else None,
            }
            for row in outcomes
        ],
    }


def _review(review: Review) -> dict[str, Any]:
    return {
        "number": review.number,
        "predecessor": review.predecessor or None,
        "status": str(review.status),
        "reviewer": review.observer,
        "reviewed_at": review.reviewed_at.isoformat(timespec="milliseconds"),
        "verdicts": list(review.verdicts),
        "missed": list(review.missed),
        "comment": review.comment,
    }


def kind_of(number: int, *, is_review: bool) -> str:
    """What a completion is."""
    if is_review:
        return "review"
    return "result" if number == 1 else "addendum"


def uid_of(completion: Mapping[str, Any], number: int | None = None) -> str:
    """Derived, so that what is sent again is the same: UUIDv5 under 2.25 (PS3.5, B.2).

    With ``number``, that of the study's completion with this number.
    """
    what = (completion["study_instance_uid"], completion["patient_key"], number or completion["number"])
    return f"2.25.{uuid.uuid5(_NAMESPACE, ':'.join(map(str, what))).int}"
