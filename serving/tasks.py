"""What a worker does: the tasks, each with what it means that one fails for good."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from procrastinate import App, JobContext

from model.errors import HilumError, Unavailable
from model.limits import Limits
from serving import metrics
from serving.commitment import Asked, send_report
from serving.delivery import deliver
from serving.destinations import Register
from serving.jobs import Backoff
from serving.logs import place_of
from serving.priors.place import configured_archive
from serving.priors.seeking import Seeker, why
from serving.reading_task import Reads, make_instance_reader
from serving.senders.sender import Rejected
from serving.settings import Settings, names
from serving.store import deliveries, priors
from serving.store.dead_letters import DeadJob, give_up
from serving.store.readings import Record
from serving.store.store import Store

log = logging.getLogger("hilum.worker")

#: With growing pauses, a little less than an hour.
_PRIORS_ATTEMPTS = 14
#: With growing pauses, a day.
_COMMITMENT_ATTEMPTS = 150


class Tasks:
    """The jobs of one process over one store."""

    def __init__(self, settings: Settings, store: Store, reader: Reads, destinations: Register) -> None:
        self._settings = settings
        self._store = store
        self._urgent = names(settings.urgent_findings)
        self._destinations = destinations
        archive = configured_archive(settings)
        self._seeker = Seeker(settings, store, archive) if archive else None
        self._instances = make_instance_reader(
            store,
            reader,
            limits=Limits(max_bytes=settings.max_instance_bytes),
            urgent=self._urgent,
            display_pixels=settings.display_pixels,
        )
        now = store.database.now
        self._read_backoff = Backoff(now, attempts=settings.read_attempts, first_pause=0.5, longest_pause=60)
        self._deliver_backoff = Backoff(now, attempts=settings.deliver_attempts, first_pause=2.0, longest_pause=300)
        self._priors_backoff = Backoff(now, attempts=_PRIORS_ATTEMPTS, first_pause=2.0, longest_pause=600)
        self._commitment_backoff = Backoff(now, attempts=_COMMITMENT_ATTEMPTS, first_pause=2.0, longest_pause=600)

    @property
    def seeks_priors(self) -> bool:
        return self._seeker is not None

    def add_to(self, app: App) -> App:
        @app.task(name="read", pass_context=True, retry=self._read_backoff)
        def read(context: JobContext, instance_id: int) -> None:
            with self._given_up(context, self._read_backoff):
                outcome = self._instances.read(instance_id, context.job.priority)
                if outcome:
                    metrics.note_outcome(outcome)
                    log.info("%s instance %d", outcome.state, instance_id)
                if self._seeker:
                    self._seeker.ask(instance_id)

        @app.task(name="render", pass_context=True, retry=self._read_backoff)
        def render(context: JobContext, instance_id: int) -> None:
            with self._given_up(context, self._read_backoff):
                self._instances.render(instance_id)

        @app.task(name="deliver", pass_context=True, retry=self._deliver_backoff)
        def send(context: JobContext, delivery_id: int) -> None:
            with self._given_up(context, self._deliver_backoff):
                self._deliver(context, delivery_id)

        @app.task(name="priors", pass_context=True, retry=self._priors_backoff)
        def seek(context: JobContext, study_id: int) -> None:
            self._seek(context, study_id)

        @app.task(name="commitment", pass_context=True, retry=self._commitment_backoff)
        def commitment(
            context: JobContext, peer: str, host: str, port: int, transaction_uid: str, references: list[list[str]]
        ) -> None:
            with self._given_up(context, self._commitment_backoff):
                asked = Asked(transaction_uid=transaction_uid, references=[(one[0], one[1]) for one in references])
                send_report(self._store, asked, self._settings.ae_title, peer, (host, port))

        return app

    def epitaph(self, dead: DeadJob) -> Record | None:
        """What is to be said of the instance of a job that is given up."""
        if dead.task != "read":
            return None
        reason = f"{dead.reason} Review the radiograph without it."
        return self._instances.failed(dead.arguments["instance_id"], reason)

    def _seek(self, context: JobContext, study_id: int) -> None:
        """Nobody waits for priors: a search that goes on failing is noted, and is no dead letter."""
        assert self._seeker, "this queue is served where an archive is configured"
        try:
            self._seeker.seek(study_id)
        except Exception as error:
            is_last = self._priors_backoff.is_last(error, context.job.attempts)
            log.warning("no priors of study %d yet: %s", study_id, place_of(error))
            metrics.note_priors("failed" if is_last else "retried")
            priors.note_search(self._store, study_id, state="failed" if is_last else "queued", reason=why(error))
            raise

    def _deliver(self, context: JobContext, delivery_id: int) -> None:
        name = context.job.queue.removeprefix("deliver:")
        destination = self._destinations.find(name)
        if destination is None:
            raise Rejected(f"There is no destination '{name}' any more. Name it again and replay this.")
        try:
            deliver(self._store, destination, delivery_id, self._settings)
        except Unavailable as error:
            metrics.note_delivery(destination.name, "retried")
            deliveries.note_attempt(self._store, delivery_id, state="queued", reason=str(error))
            raise
        metrics.note_delivery(destination.name, "delivered")

    @contextmanager
    def _given_up(self, context: JobContext, backoff: Backoff) -> Iterator[None]:
        """A job that fails for the last time is a dead letter, and its instance is said to have failed."""
        try:
            yield
        except Exception as error:
            job = context.job
            log.error("failed %s %s: %s", job.task_name, job.task_kwargs, place_of(error))
            if not isinstance(error, Rejected) and not backoff.is_last(error, job.attempts):
                raise
            dead = DeadJob(
                job_id=job.id,
                task=job.task_name,
                arguments=job.task_kwargs,
                priority=job.priority,
                kind="failed",
                reason=str(error) if isinstance(error, (HilumError, Rejected)) else _our_fault(error),
            )
            give_up(self._store, dead, self.epitaph(dead), self._urgent)
            metrics.note_dead(dead.task, dead.kind)


def _our_fault(error: Exception) -> str:
    return f"An error of ours ({type(error).__name__}) stopped it."
