"""A completed study as JSON: what destinations are sent. Holds patient data."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from serving.presentations.reading_json import NOTICE

_NAMESPACE = uuid.UUID("0b6a3d52-58ba-4f5f-93fd-4e1c5f6f6c2e")


def completion_json(completion: Mapping[str, Any], outcomes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A study's result (number 1) or an addendum to it: only what is new since the number before."""
    number = completion["number"]
    return {
        "completion_uid": uid_of(completion),
        "kind": "result" if number == 1 else "addendum",
        "number": number,
        "predecessor": uid_of(completion, number - 1) if number > 1 else None,
        "completed_at": completion["completed_at"].isoformat(timespec="milliseconds"),
        "notice": NOTICE,
        "study_instance_uid": completion["study_instance_uid"],
        "accession_number": completion["accession_number"],
        "patient": {"patient_id": completion["patient_id"], "name": completion["patient_name"]},
        "shared_study_uid": completion["shared_uid"],
        "readings": [
            {
                "series_instance_uid": row["series_instance_uid"],
                "content_hash": f"sha256:{row['content_hash']}",
                **row["document"],
            }
            for row in outcomes
        ],
    }


def uid_of(completion: Mapping[str, Any], number: int | None = None) -> str:
    """Derived, so that what is sent again is the same: UUIDv5 under 2.25 (PS3.5, B.2).

    With ``number``, that of the study's completion with this number.
    """
    what = (completion["study_instance_uid"], completion["patient_key"], number or completion["number"])
    return f"2.25.{uuid.uuid5(_NAMESPACE, ':'.join(map(str, what))).int}"
