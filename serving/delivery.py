"""Sending a completed study to a destination. Sent twice, it is the same file, Idempotency-Key or SOP Instance UID."""

from collections.abc import Iterator, Sequence

from pydicom.dataset import Dataset

from model.errors import Unavailable
from model.limits import Limits
from serving.destinations import Destination
from serving.dicom_results import results
from serving.presentations.completion_json import uid_of
from serving.presentations.documents import document
from serving.presentations.review import Review
from serving.senders.sender import Parcel
from serving.settings import Settings
from serving.store import deliveries
from serving.store.store import Store


def deliver(store: Store, destination: Destination, delivery_id: int, settings: Settings) -> None:
    """Send one delivery, if it is still to be sent, and note that it arrived.

    Raises:
        Unavailable: when the destination or the database is not there.
        Rejected: when the destination says that it will not take it.
    """
    row = deliveries.delivery(store, delivery_id)
    if row is None or row["delivery_state"] != "queued":
        return
    if row["waits"]:  # else what is final could be overtaken by what was preliminary
        raise Unavailable("What was to be sent of the study before must be there first, but is not yet.")
    outcomes = deliveries.outcomes(store, row["outcome_ids"])
    review = Review.of(row["review"], settings.verified_by)
    limits = Limits(max_bytes=settings.max_instance_bytes)

    def instances(kinds: Sequence[str]) -> Iterator[Dataset]:
        return results(store, outcomes, kinds, limits, review)

    parcel = Parcel(uid=uid_of(row), document=lambda kind: document(kind, row, outcomes, review), instances=instances)
    destination.sender.send(parcel)
    deliveries.note_attempt(store, delivery_id, state="delivered")
