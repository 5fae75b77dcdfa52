"""Which destination is sent which readings of a completion, and why not the others."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from serving.destinations import Destination
from serving.routing import Candidate
from serving.store.completions import Sending

#: The least urgency of a study (``schema.sql: study``) that is urgent: an urgent finding, or STAT.
_URGENT = 3


def dispatched(destinations: Iterable[Destination], outcomes: Sequence[Mapping[str, Any]]) -> list[Sending]:
    """One for each destination, also when it is sent nothing; ``outcomes`` are rows of the query ``candidates``."""
    candidates = {row["outcome_id"]: _candidate(row) for row in outcomes}
    return [_sending(destination, candidates) for destination in destinations]


def _sending(destination: Destination, candidates: Mapping[int, Candidate]) -> Sending:
    objections = {outcome_id: destination.rules.objection(one) for outcome_id, one in candidates.items()}
    words = dict.fromkeys(objection for objection in objections.values() if objection)
    return Sending(
        destination=destination.name,
        outcome_ids=[outcome_id for outcome_id, objection in objections.items() if objection is None],
        left_out=" ".join(words) or None,
    )


def _candidate(row: Mapping[str, Any]) -> Candidate:
    return Candidate(
        sender=row["sender"],
        modality=row["modality"],
        body_part=row["body_part_examined"],
        station=row["station_name"],
        institution=row["institution_name"],
        state=row["state"],
        findings=row["findings"],
        is_urgent=row["urgency"] >= _URGENT,
        is_review=row["review_id"] is not None,
    )
