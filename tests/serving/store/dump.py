"""Keeps what a database of this version looks like, with rows in it, for the test of later migrations.

Run it before a release: ``python -m tests.serving.store.dump`` writes ``schemas/<version>.sql``.
"""

import subprocess
from pathlib import Path

from serving.instances import Origin, identify
from serving.outcome import State
from serving.private_postgres import PROGRAMS
from serving.store import readings, reviews
from serving.store.migration import newest_version
from serving.store.readings import Record
from serving.store.reception import receive
from serving.store.store import Store
from serving.who import Kind, Who
from tests.serving.files import dicom
from tests.serving.live import new_store


def fill(store: Store) -> None:
    """One study: a reading that is reviewed, a refusal, an instance that waits, and a conflict."""
    for uid in ("1.2.3.1", "1.2.3.2", "1.2.3.3"):
        receive(store, identify(dicom(uid), 10**6), Origin(door="http"), dicom(uid))
    other = dicom("1.2.3.1", shade=7)
    receive(store, identify(other, 10**6), Origin(door="http"), other)
    document = {"state": "read", "findings": [], "view": "PA", "radiograph": None}
    for number, state in ((1, State.READ), (2, State.REFUSED)):
        said = Record(instance_id=number, reader="stub 1", content_hash="", state=state, document=document)
        readings.record(store, said, ())
    who = Who(kind=Kind.ACCOUNT, name="reader-7")
    reviews.add(store, 1, reviewer="reader-7", document={}, signed_off=True, idempotency_key=None, urgent=(), who=who)


def main() -> None:
    with new_store() as (settings, store):
        fill(store)
        command = [str(PROGRAMS / "pg_dump"), "--inserts", "--no-owner", "--schema=hilum", str(settings.database_url)]
        dumped = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    # Without what is for psql alone (it begins with a backslash), and the schema after its extension.
    lines = [line for line in dumped.splitlines() if not line.startswith(("\\", "CREATE SCHEMA"))]
    target = Path(__file__).with_name("schemas") / f"{newest_version()}.sql"
    target.parent.mkdir(exist_ok=True)
    target.write_text("CREATE SCHEMA hilum;\nCREATE EXTENSION pg_trgm SCHEMA hilum;\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
