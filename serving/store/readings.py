"""What was said of instances: recorded once, found again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg.types.json import Jsonb

from model.placement import Placement
from model.reading import Heatmap
from serving.outcome import Entry, State
from serving.store.database import Connection, Row, execute, only
from serving.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Task:
    """An instance that a worker is to read."""

    instance_id: int
    sop_instance_uid: str
    content_hash: str
    received_at: datetime
    #: Milliseconds since it was received, by the database's clock.
    waited_ms: float
    #: This reader has read or refused it already.
    done: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Record:
    """What a worker has to say of an instance."""

    instance_id: int
    reader: str
    content_hash: str
    state: State
    document: Mapping[str, Any]
    refusal_code: str | None = None
    #: Present findings that are not experimental.
    findings: Sequence[str] = ()
    #: The finding that a list shows: name, probability and present.
    strongest: Mapping[str, Any] | None = None
    heatmaps: Sequence[Heatmap] = field(default=())


def task(store: Store, instance_id: int, reader: str) -> Task | None:
    """What is to be read; None when the instance is not kept any more."""
    row = store.database.one("instance_to_read", instance_id=instance_id, reader=reader)
    if row is None:
        return None
    waited = max(0.0, (row["now"] - row["received_at"]).total_seconds() * 1000)
    names = ("instance_id", "sop_instance_uid", "content_hash", "received_at", "done")
    return Task(waited_ms=waited, **{name: row[name] for name in names})


def record(store: Store, said: Record, urgent: Sequence[str]) -> bool:
    """Keep it, unless this reader said something of the instance already; whether it was kept."""
    with store.database.connection() as connection:
        return keep(connection, said, urgent)


def keep(connection: Connection, said: Record, urgent: Sequence[str]) -> bool:
    """As ``record``, in the caller's transaction; alone, it is one."""
    it = {
        "instance_id": said.instance_id,
        "reader": said.reader,
        "content_hash": said.content_hash,
        "state": str(said.state),
        "refusal_code": said.refusal_code,
        "document": said.document,
        "findings": list(said.findings),
        "strongest": said.strongest,
        "placement": asdict(said.heatmaps[0].placement) if said.heatmaps else None,
        "heatmap_shape": [len(said.heatmaps), *said.heatmaps[0].cells.shape] if said.heatmaps else [],
    }
    cells = np.stack([heatmap.cells for heatmap in said.heatmaps]).tobytes() if said.heatmaps else None
    row = only(execute(connection, "record_outcome", it=Jsonb(it), heatmaps=cells, urgent=list(urgent)))
    return row["outcome_id"] is not None


def find(store: Store, sop_instance_uid: str) -> Entry | None:
    """One instance with what was said of it last."""
    row = store.database.one("entry", sop_instance_uid=sop_instance_uid, sites=store.sites)
    return _entry(row) if row else None


def heatmap(store: Store, entry: Entry, finding: str) -> Heatmap | None:
    """One heatmap of a reading; None when the reading has none for this finding."""
    names = [found["name"] for found in entry.document["findings"]]
    if finding not in names or entry.placement is None or not entry.heatmap_shape:
        return None
    row = store.database.one("heatmaps", outcome_id=entry.outcome_id)
    if row is None or row["heatmaps"] is None:
        return None
    cells: NDArray[np.float32] = np.frombuffer(row["heatmaps"], np.float32).reshape(entry.heatmap_shape)
    return Heatmap(finding=finding, cells=cells[names.index(finding)].copy(), placement=Placement(**entry.placement))


def pending(store: Store, uids: Sequence[str]) -> list[str]:
    """Which of these SOP Instance UIDs still wait to be read."""
    return [row["sop_instance_uid"] for row in store.database.all("pending_instances", uids=list(uids))] if uids else []


def queue_render(store: Store, instance_id: int) -> None:
    """Have a worker make the display copy of an instance, before everything else."""
    store.database.one("queue_render", instance_id=instance_id)


def _entry(row: Row) -> Entry:
    said = row["outcome_id"] is not None
    return Entry(
        instance_id=row["instance_id"],
        sop_instance_uid=row["sop_instance_uid"],
        series_instance_uid=row["series_instance_uid"],
        study_instance_uid=row["study_instance_uid"],
        content_hash=row["content_hash"],
        state=State(row["state"]),
        received_at=row["received_at"],
        outcome_id=row["outcome_id"],
        document=row["document"] if said else {},
        placement=row["placement"],
        heatmap_shape=tuple(row["heatmap_shape"] or ()),
    )
