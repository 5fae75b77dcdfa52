"""Headers read again, for what an earlier version did not keep of them."""

from psycopg.types.json import Jsonb

from serving.instances import identify
from serving.store.database import execute
from serving.store.objects import content_name
from serving.store.store import Store

_AT_ONCE = 20


def describe_some(store: Store, *, max_bytes: int) -> int:
    """Describe some instances that are not, the first received first; how many. Several may do so at the same time.

    Raises:
        Unavailable: when database or object store cannot be asked.
    """
    with store.database.transaction() as connection:
        rows = execute(connection, "not_described", limit=_AT_ONCE).fetchall()
        for row in rows:
            data = store.objects.get(content_name(row["content_hash"]), keep_in_memory=False)
            found = identify(data or b"", max_bytes)
            attributes = {level: Jsonb(found.attributes[level]) for level in found.attributes}
            execute(
                connection,
                "describe_instance",
                instance_id=row["instance_id"],
                study=attributes.get("study"),
                series=attributes.get("series"),
                instance=attributes.get("instance"),
                name_to_match=found.name_to_match,
                physician_to_match=found.physician_to_match,
            )
        return len(rows)
