"""``hilum backfill``: many old radiographs, below everything that is live; it can be killed and goes on where it was.

Only a bounded number of its readings wait at any time, so that the queue stays short, and all of them come after what
is live: a radiograph that arrives meanwhile waits for the reading under way and no longer.
"""

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from model.errors import Unavailable
from serving.doors.taking import take
from serving.instances import Origin, Priority
from serving.services import Services
from serving.store import backfills
from serving.store.backfills import Standing
from serving.store.reception import Receipt
from serving.store.store import Store
from serving.who import service

_ORIGIN = Origin(door="backfill", priority=Priority.BACKFILL, who=service("backfill"))
#: Seconds between tries while enough waits, and between notes of how far it is.
_PAUSE, _NOTE = 0.2, 1.0
_BATCH = 50


@dataclass
class Tally:
    """What became of the files, for the person who waits."""

    received: int = 0
    known: int = 0
    too_large: int = 0

    def words(self) -> str:
        return f"{self.received} received, {self.known} known before, {self.too_large} too large"


def backfill_folder(services: Services, folder: Path, window: int, stop: threading.Event) -> Tally:
    """Receive every file below ``folder``, in order, from where an earlier run stood."""
    source = f"folder:{folder.resolve()}"
    before = backfills.standing(services.store, source)
    total = sum(1 for _ in files(folder))
    tally = Tally()
    done, noted = before.done, time.monotonic()
    last = before.last_name
    with click.progressbar(length=total, label=f"{folder}", show_pos=True) as bar:
        bar.update(done)
        for name in files(folder):
            if stop.is_set():
                break
            if last and _parts(name) <= _parts(last):
                continue  # done by an earlier run
            if not _receive(services, folder / name, tally, window, stop):
                break
            done, last = done + 1, name
            bar.update(1)
            if time.monotonic() - noted > _NOTE:
                backfills.note(services.store, source, Standing(done=done, total=total, last_name=last))
                noted = time.monotonic()
    backfills.note(services.store, source, Standing(done=done, total=total, last_name=last))
    return tally


def reread(store: Store, reader: str, window: int, stop: threading.Event) -> int:
    """Have everything read that this reader has not read yet; how many instances were queued.

    What was read before stays; completed studies are not sent to destinations again.
    """
    source = f"reader:{reader}"
    after = int(backfills.standing(store, source).last_name or 0)
    total = backfills.count_unread(store, reader, after)
    queued = 0
    with click.progressbar(length=total, label=reader, show_pos=True) as bar:
        while not stop.is_set():
            if not _room(store, window, stop):
                break
            batch = backfills.queue_unread(store, reader, after, _BATCH)
            if not batch:
                break
            after, queued = max(batch), queued + len(batch)
            backfills.note(store, source, Standing(done=queued, total=total, last_name=str(after)))
            bar.update(len(batch))
    return queued


def files(folder: Path) -> Iterator[str]:
    """Names of all files below ``folder``, relative to it, always in the same order; hidden ones are passed over."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from (f"{entry.name}/{below}" for below in files(Path(entry.path)))
        elif entry.is_file():
            yield entry.name


def _parts(name: str) -> tuple[str, ...]:
    """What names are compared by: the order in which ``files`` gives them."""
    return tuple(name.split("/"))


def _receive(services: Services, path: Path, tally: Tally, window: int, stop: threading.Event) -> bool:
    """Receive one file, as soon as there is room for it; False when stopped before that."""
    if path.stat().st_size > services.settings.max_instance_bytes:
        tally.too_large += 1
        return True
    data = path.read_bytes()
    while _room(services.store, window, stop):
        try:
            taken = take(data, services, _ORIGIN)
        except Unavailable:
            stop.wait(_PAUSE)
            continue
        tally.received += taken.receipt is Receipt.RECEIVED
        tally.known += taken.receipt is not Receipt.RECEIVED
        return True
    return False


def _room(store: Store, window: int, stop: threading.Event) -> bool:
    """Wait until fewer than ``window`` of a backfill's readings wait; False when stopped."""
    while not stop.is_set():
        try:
            if backfills.waiting(store, window) < window:
                return True
        except Unavailable:
            pass  # the database comes back
        stop.wait(_PAUSE)
    return False
