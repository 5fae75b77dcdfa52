"""The audit trail goes on to a collector; what it has read is noted, so nothing is lost while it is away."""

import logging
import time

from model.errors import Unavailable
from serving.audit.syslog import Collector, syslog_message
from serving.store import audit
from serving.store.store import Store

log = logging.getLogger("hilum.audit")

_AT_ONCE = 200
#: Seconds between tries while the collector is away: at first, and at most.
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0


class Forwarder:
    """Sends what is new, again and again; several may, one does."""

    def __init__(self, store: Store, collector: Collector, source: str) -> None:
        self._store, self._collector, self._source = store, collector, source
        self._pause = 0.0
        self._again_at = 0.0

    def forward(self) -> None:
        """Send what the collector has not read yet.

        Raises:
            Unavailable: when the database is not there; that the collector is not is logged, and tried again.
        """
        if time.monotonic() < self._again_at:
            return
        try:
            while audit.forward(self._store, self._send, limit=_AT_ONCE) == _AT_ONCE:
                pass
        except _Away as error:
            self._pause = min(_LONGEST_PAUSE, 2 * self._pause or _FIRST_PAUSE)
            self._again_at = time.monotonic() + self._pause
            log.warning("%s It is tried again in %.0f s.", error, self._pause)
        else:
            self._pause = 0.0

    def _send(self, rows: list[audit.Row]) -> None:
        try:
            self._collector.send([syslog_message(row, self._source) for row in rows])
        except Unavailable as error:
            raise _Away(str(error)) from error


class _Away(Exception):
    """The collector, not the database."""
