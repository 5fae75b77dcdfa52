"""What every worker looks after beside its jobs, each a step that may be done at any time and by several at once."""

import logging
from collections.abc import Sequence

from psycopg.rows import DictRow

from model.errors import Unavailable
from serving import metrics
from serving.audit.forwarding import Forwarder
from serving.audit.syslog import collector_of
from serving.destinations import Register
from serving.dispatch import dispatched
from serving.settings import Settings, names
from serving.store import chain, completions, descriptions, retention, stalled
from serving.store import destinations as stored
from serving.store.completions import Sending
from serving.store.stalled import POISON, Epitaph
from serving.store.store import Store

log = logging.getLogger("hilum.worker")

#: Seconds that a delivery waits for a destination that this process does not know: another may be started with it soon.
_GONE = 300.0


class Housekeeping:
    """``silent`` seconds without a sign of life make a worker a dead one."""

    def __init__(
        self, settings: Settings, store: Store, destinations: Register, epitaph: Epitaph, *, silent: float
    ) -> None:
        self._settings = settings
        self._store = store
        self._destinations = destinations
        self._epitaph = epitaph
        self._silent = silent
        collector = collector_of(settings)
        self._forwarder = Forwarder(store, collector, settings.ae_title) if collector else None

    def rescue(self) -> None:
        """Give the jobs of dead workers to the living."""
        again, poison = stalled.rescue(
            self._store, self._epitaph, names(self._settings.urgent_findings), silent_seconds=self._silent
        )
        if again:
            log.warning("%d jobs of dead workers are queued again", again)
        for _ in range(poison):
            metrics.note_dead("read", "poison")
            log.error("a job is poison: %s", POISON)

    def look(self) -> None:
        """Where results go now; nothing waits for what an administrator removed."""
        self._destinations.look()
        if removed := stored.removed(self._store) - self._destinations.by_name.keys():
            stored.set_aside(self._store, sorted(removed))

    def complete(self) -> None:
        """Complete studies and reviews that are due, and queue what is sent of them."""

        def dispatch(outcomes: Sequence[DictRow]) -> list[Sending]:
            return dispatched(self._destinations.by_name.values(), outcomes)

        done = completions.complete_studies(self._store, quiet_seconds=self._settings.quiet_seconds, dispatch=dispatch)
        for study in done + completions.complete_reviews(self._store, dispatch=dispatch):
            log.info("complete %s number %d", study["study_instance_uid"], study["number"])

    def chain(self) -> None:
        """Add what was noted to the audit trail's chain."""
        chain.chain_all(self._store)

    def forward(self) -> None:
        """Send the audit trail on, if the settings name a collector."""
        if self._forwarder:
            self._forwarder.forward()

    def tell_chain(self) -> None:
        """Say where the chain ends: to the log, which others may keep, and to its anchor."""
        try:
            head = chain.tell(self._store)
        except chain.Broken as error:
            log.error("%s Run `hilum audit verify`.", error)
        except Unavailable as error:  # no reason for jobs to begin anew: they find out for themselves
            log.warning("the audit trail's end was not told: %s", error)
        else:
            if head:
                log.info("the audit trail is at position %d with the hash %s", head.position, head.hash)

    def set_aside(self) -> None:
        """Nothing waits for long for destinations that nobody names any more."""
        gone = stored.figures(self._store).keys() - self._destinations.by_name.keys()
        if set_aside := stored.set_aside(self._store, sorted(gone), seconds=_GONE):
            log.error("%d deliveries to destinations that are gone are dead letters", set_aside)

    def prune(self) -> None:
        """Forget what is old."""
        if self._settings.keep_days:
            while pruned := retention.prune_studies(self._store, keep_days=self._settings.keep_days):
                log.info("pruned %d studies", pruned)
        while retention.prune_content(self._store, display_pixels=self._settings.display_pixels):
            pass
        retention.forget_ended_jobs(self._store)

    def describe(self) -> bool:
        """Some of what an upgrade left to do; whether there may be more."""
        return bool(descriptions.describe_some(self._store, max_bytes=self._settings.max_instance_bytes))
