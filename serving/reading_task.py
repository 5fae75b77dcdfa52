"""What a worker does with one instance: bytes to an outcome to a record."""

import time
from dataclasses import dataclass, replace
from typing import Protocol

from model.errors import NotReadable, Unavailable
from model.limits import Limits
from model.radiograph import Radiograph
from model.reading import Reading, Refusal
from serving.instances import Priority
from serving.outcome import Failure, Outcome, State
from serving.presentations.display import render
from serving.presentations.reading_json import outcome_json
from serving.presentations.study_json import strongest
from serving.processes import ended_if_late
from serving.store import readings
from serving.store.objects import content_name, rendition_name
from serving.store.readings import Record, Task
from serving.store.store import Store
from serving.turn import Turn

#: A radiograph takes a fraction of one; what takes so long hangs, and its worker with it: that is ended, as if it died.
MOST_SECONDS = 300.0


class Reads(Protocol):
    """What the service needs of a reader; ``model.reader.Reader`` is one."""

    @property
    def name(self) -> str:
        """Name and version, e.g. "hilum-lite2 0.1.0"."""
        ...

    def read(self, radiograph: Radiograph) -> Reading:
        """Read one radiograph.

        Raises:
            NotReadable: with the code that says why.
        """
        ...


def read_bytes(reader: Reads, data: bytes, *, limits: Limits) -> Outcome:
    """From the bytes of one file to its outcome: a reading, or the refusal that ``NotReadable`` becomes."""
    started = time.perf_counter()
    try:
        radiograph = Radiograph.from_bytes(data, limits=limits)
    except NotReadable as error:
        return Outcome(result=Refusal.of(error), reader=reader.name)
    decoded = {"decode": round((time.perf_counter() - started) * 1000, 2)}
    outcome = Outcome(
        result=_read(reader, radiograph),
        reader=reader.name,
        sop_instance_uid=radiograph.sop_instance_uid,
        view=radiograph.view,
        pixels=radiograph.pixels,
        timings_ms=decoded,
    )
    if isinstance(outcome.result, Reading):
        return replace(outcome, timings_ms={**decoded, **outcome.result.timings_ms})
    return outcome


def _read(reader: Reads, radiograph: Radiograph) -> Reading | Refusal:
    try:
        return reader.read(radiograph)
    except NotReadable as error:
        return Refusal.of(error)


@dataclass(frozen=True)
class InstanceReader:
    """Reads instances of a store and records what came of them; one radiograph at a time is in the network."""

    store: Store
    reader: Reads
    limits: Limits
    urgent: tuple[str, ...]
    display_pixels: int
    _turn: Turn

    def read(self, instance_id: int, priority: int = 0) -> Outcome | None:
        """Read and record; None when there is nothing to do: pruned, or read before.

        Raises:
            Unavailable: when store or database are not there; nothing was recorded.
        """
        with self._turn.ticket(priority) as ticket:
            task = readings.task(self.store, instance_id, self.reader.name)
            if task is None or task.done:
                return None
            data = self._content(task.content_hash, keep_in_memory=False)
            with self._turn.taken(ticket), ended_if_late(MOST_SECONDS):
                outcome = read_bytes(self.reader, data, limits=self.limits)
        timed = replace(outcome, timings_ms={"queue": round(task.waited_ms, 2), **outcome.timings_ms})
        kept = readings.record(self.store, record_of(timed, task), self.urgent)
        return timed if kept else None

    def render(self, instance_id: int) -> None:
        """Make the display copy of an instance; nothing when its pixels cannot be decoded."""
        task = readings.task(self.store, instance_id, self.reader.name)
        if task is None:
            return
        data = self._content(task.content_hash)
        with self._turn.ticket(Priority.STAT) as ticket, self._turn.taken(ticket), ended_if_late(MOST_SECONDS):
            try:
                radiograph = Radiograph.from_bytes(data, limits=self.limits)
            except NotReadable:
                return
            jpeg = render(radiograph.pixels, self.display_pixels)
        self.store.objects.put(rendition_name(task.content_hash, self.display_pixels), jpeg)

    def failed(self, instance_id: int, reason: str) -> Record | None:
        """What is to be said of an instance whose reading is given up; None when it is not kept any more."""
        task = readings.task(self.store, instance_id, self.reader.name)
        if task is None:
            return None
        return record_of(Outcome(result=Failure(reason=reason), reader=self.reader.name), task)

    def _content(self, content_hash: str, *, keep_in_memory: bool = True) -> bytes:
        data = self.store.objects.get(content_name(content_hash), keep_in_memory=keep_in_memory)
        if data is None:
            raise Unavailable("The object store must hold the bytes that were received, but does not find them now.")
        return data


def make_instance_reader(
    store: Store, reader: Reads, *, limits: Limits, urgent: tuple[str, ...], display_pixels: int
) -> InstanceReader:
    return InstanceReader(store, reader, limits, urgent, display_pixels, Turn())


def record_of(outcome: Outcome, task: Task) -> Record:
    """An outcome as the store keeps it."""
    reading = outcome.result if isinstance(outcome.result, Reading) else None
    present = [f.name for f in reading.findings if f.present and not f.experimental] if reading else []
    document = outcome_json(outcome, task.sop_instance_uid)
    return Record(
        instance_id=task.instance_id,
        reader=outcome.reader,
        content_hash=task.content_hash,
        state=State(outcome.state),
        document=document,
        strongest=strongest(document["findings"]),
        refusal_code=str(outcome.result.code) if isinstance(outcome.result, Refusal) else None,
        findings=present,
        heatmaps=[reading.heatmaps[f.name] for f in reading.findings] if reading else [],
    )
