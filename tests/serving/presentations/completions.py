"""Completions as the store hands them over, of what a reader says of files."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tests.fakes import StubReader
from tests.serving.presentations.answers import answer_of, sample

NAME = "Nguyễn^Thị Ánh^Đào^BS^Jr"
UID = "1.2.3.30"
LATERAL = "normal_lateral"


def completion(**more: Any) -> dict[str, Any]:
    """A row of ``store/queries.sql: delivery_to_send``."""
    return {
        "study_instance_uid": UID,
        "patient_key": "k",
        "shared_uid": False,
        "patient_name": NAME,
        "patient_id": "BN|Đ^1&\\~",
        "birth_date": "19700401",
        "sex": "F",
        "study_date": "20260102",
        "study_description": "X-quang ngực",
        "accession_number": "ACC^7",
        "number": 1,
        "completed_at": datetime(2026, 3, 4, 5, 6, 8, 900000, UTC),
        "review": None,
        "superseded": [],
        **more,
    }


def outcomes(names: Sequence[str] = ("effusion_pa",)) -> list[dict[str, Any]]:
    """Rows of ``store/queries.sql: outcomes``: what a stub says of samples; it refuses ``LATERAL``."""
    answers = [answer_of(StubReader(too_dark=1.1 if name == LATERAL else 0), sample(name)) for name in names]
    return [
        {
            "outcome_id": number,
            "document": answer.document,
            "recorded_at": answer.recorded_at,
            "sop_instance_uid": answer.sop_instance_uid,
            "series_instance_uid": answer.source.SeriesInstanceUID,
            "content_hash": "0",
        }
        for number, answer in enumerate(answers, 1)
    ]
