"""The worker: reads what was received, off the event loop, a bounded number at a time."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from model.errors import NotReadable
from model.limits import Limits
from model.radiograph import Radiograph
from model.reading import Reading, Refusal
from serving.instances import Instance
from serving.logs import place_of
from serving.outcome import Failure, Outcome
from serving.presentations.display import render
from serving.store import Store

log = logging.getLogger("hilum.worker")


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


def read_instance(reader: Reads, data: bytes, *, limits: Limits, display_pixels: int) -> Outcome:
    """From the bytes of one file to its outcome: a reading, or the refusal that ``NotReadable`` becomes."""
    started = time.perf_counter()
    try:
        radiograph = Radiograph.from_bytes(data, limits=limits)
    except NotReadable as error:
        return Outcome(result=Refusal.of(error), reader=reader.name)
    decoded = time.perf_counter()
    rendition = render(radiograph.pixels, display_pixels)
    timings = {"decode": _ms(started, decoded), "rendition": _ms(decoded, time.perf_counter())}
    outcome = Outcome(
        result=_read(reader, radiograph),
        reader=reader.name,
        sop_instance_uid=radiograph.sop_instance_uid,
        view=radiograph.view,
        rendition=rendition,
        timings_ms=timings,
    )
    if isinstance(outcome.result, Reading):
        return replace(outcome, timings_ms={**timings, **outcome.result.timings_ms})
    return outcome


def _read(reader: Reads, radiograph: Radiograph) -> Reading | Refusal:
    try:
        return reader.read(radiograph)
    except NotReadable as error:
        return Refusal.of(error)


def _ms(start: float, end: float) -> float:
    return round((end - start) * 1000, 2)


class Worker:
    """Threads that claim instances from the store until it is closed."""

    def __init__(
        self,
        store: Store,
        reader: Reads,
        *,
        threads: int,
        limits: Limits,
        display_pixels: int,
        done: Callable[[], None],
    ) -> None:
        self._store = store
        self._reader = reader
        self._limits = limits
        self._display_pixels = display_pixels
        self._done = done
        self._threads = [threading.Thread(target=self._work, name=f"worker-{n}") for n in range(threads)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Close the store and wait for the readings under way."""
        self._store.close()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while claimed := self._store.claim():
            instance, data = claimed
            self._store.record(instance, self._outcome(instance, data))
            self._done()

    def _outcome(self, instance: Instance, data: bytes) -> Outcome:
        queued = (datetime.now(UTC) - instance.received_at).total_seconds() * 1000
        try:
            outcome = read_instance(self._reader, data, limits=self._limits, display_pixels=self._display_pixels)
        except Exception as error:  # noqa: BLE001 - the worker's loop: one bad instance must not end it
            return self._failed(instance, error)
        log.info("%s %s", outcome.state, instance.sop_instance_uid)
        return replace(outcome, timings_ms={"queue": round(max(queued, 0.0), 2), **outcome.timings_ms})

    def _failed(self, instance: Instance, error: Exception) -> Outcome:
        log.error("failed %s: %s", instance.sop_instance_uid, place_of(error))
        reason = f"An error of ours ({type(error).__name__}) stopped this reading. Review the radiograph without it."
        return Outcome(result=Failure(reason=reason), reader=self._reader.name)
