"""Whether more can be taken: room on the disk, readings that wait, uploads at the same time."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from model.errors import Unavailable
from serving.instances import Priority
from serving.problems import StorageFull
from serving.settings import Settings
from serving.store.store import Store

#: Seconds for which a count of what waits is good enough.
_FRESH = 1.0


class Capacity:
    """Says no before anything is taken, so that nothing that was taken fails for want of room."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._uploads = threading.BoundedSemaphore(settings.max_uploads)
        self._counted_at = -_FRESH
        self._waiting = 0

    def check(self) -> None:
        """Return when one more instance can be taken.

        Raises:
            StorageFull: when the disk is nearly full.
            Unavailable: when too much waits to be read, or the database cannot be asked.
        """
        self._check_disk()
        if self.waiting() >= self._settings.queue_length:
            most = self._settings.queue_length
            raise Unavailable(f"At most {most} instances may wait to be read. Send it again later.")

    def _check_disk(self) -> None:
        least = self._settings.min_free_bytes
        if least and shutil.disk_usage(self._settings.data).free < least:
            words = f"At least {least} bytes must be free on the data folder's disk, but are not."
            raise StorageFull(
                f"{words} Nothing is received until the administrator makes room. Keep it and send it later."
            )

    def waiting(self) -> int:
        """Readings that wait, a second old at most; a backfill's do not count."""
        if time.monotonic() - self._counted_at >= _FRESH:
            bound = self._settings.queue_length
            row = self._store.database.one("backlog", priority=int(Priority.ROUTINE), bound=bound)
            self._waiting = row["waiting"] if row else 0
            self._counted_at = time.monotonic()
        return self._waiting

    @contextmanager
    def upload(self) -> Iterator[None]:
        """A place for one upload.

        Raises:
            Unavailable: when all are taken.
        """
        if not self._uploads.acquire(blocking=False):
            most = self._settings.max_uploads
            raise Unavailable(f"At most {most} uploads may run at the same time. Send it again later.")
        try:
            yield
        finally:
            self._uploads.release()
