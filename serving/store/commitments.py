"""What is kept under some UIDs, and reports on it that are to be sent."""

from collections.abc import Sequence

from psycopg.types.json import Jsonb

from serving.store.store import Store


def kept(store: Store, uids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """SOP Instance UID to SOP class and hash of the content, of those that are here."""
    rows = store.database.all("kept_under", uids=list(uids))
    return {row["sop_instance_uid"]: (row["sop_class_uid"], row["content_hash"]) for row in rows}


def queue(store: Store, **arguments: object) -> None:
    """Queue the job ``commitment`` with these arguments; it is on disk when this returns."""
    store.database.all("queue_commitment", arguments=Jsonb(arguments))
