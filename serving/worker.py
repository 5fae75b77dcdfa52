"""A worker: one process, one core. It does jobs, gives those of the dead to the living, and keeps house.

It lives through the loss of its database: it stops, waits, gives back what it held, and goes on.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from procrastinate import App, JobContext
from psycopg.rows import DictRow

from model.errors import HilumError, Unavailable
from model.limits import Limits
from serving import metrics
from serving.commitment import Asked, send_report
from serving.crew import Crew
from serving.delivery import deliver
from serving.destinations import configured, current
from serving.dispatch import dispatched
from serving.jobs import COMMITMENT_QUEUE, PRIORS_QUEUE, READ_QUEUE, Backoff, QueueWorker, make_app
from serving.logs import place_of
from serving.priors.place import configured_archive
from serving.priors.seeking import Seeker, why
from serving.reading_task import Reads, make_instance_reader
from serving.senders.sender import Rejected
from serving.settings import Settings, names
from serving.store import completions, deliveries, descriptions, priors, retention, stalled
from serving.store import destinations as stored
from serving.store.completions import Sending
from serving.store.dead_letters import DeadJob, give_up
from serving.store.readings import Record
from serving.store.stalled import POISON, SILENT
from serving.store.store import Store

log = logging.getLogger("hilum.worker")

#: Seconds between signs of life.
HEARTBEAT = 2.0
#: Seconds between looks: for the jobs of dead workers and complete studies; for old data.
_OFTEN, _SELDOM = 1.0, 60.0
#: One radiograph is in the network while the next one is fetched and the last one recorded.
_CONCURRENCY = {READ_QUEUE: 2, PRIORS_QUEUE: 1, COMMITMENT_QUEUE: 1}
_DELIVER_CONCURRENCY = 4
#: With growing pauses, a little more than an hour.
_PRIORS_ATTEMPTS = 14
#: With growing pauses, a day.
_COMMITMENT_ATTEMPTS = 150
#: Seconds between looks whether there are other queues.
_TICK = 0.5
#: Seconds that a delivery waits for a destination that this process does not know: another may be started with it soon.
_GONE = 300.0
#: Threads of this process: a job holds one while it runs, and a destination that does not answer holds it for long.
_THREADS = 128
#: Seconds between looks for jobs that nobody told of: those that are tried again.
_POLL = 0.5


class Worker:
    """Does jobs until ``stop``."""

    def __init__(
        self, settings: Settings, store: Store, reader: Reads, *, heartbeat: float = HEARTBEAT, silent: float = SILENT
    ) -> None:
        self._settings = settings
        self._store = store
        self._urgent = names(settings.urgent_findings)
        self._destinations = configured(settings)
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
        self._heartbeat, self._silent = heartbeat, silent
        self._stopped = asyncio.Event()
        self._lost = asyncio.Event()

    def stop(self) -> None:
        """End after the jobs under way. Call it from the event loop's thread."""
        self._stopped.set()

    async def run(self) -> None:
        """Work until stopped; the database may come and go."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS, "job"))
        house = [
            asyncio.create_task(self._repeatedly(_OFTEN, self._rescue, self._look, self._complete)),
            asyncio.create_task(self._repeatedly(_SELDOM, self._prune, self._set_aside)),
            asyncio.create_task(self._repeatedly(_SELDOM, self._describe)),
        ]
        held: list[int] = []
        while not self._stopped.is_set():
            if await self._ready(held):
                held = await self._work()
        await asyncio.gather(*house)
        if held:
            await self._ready(held)

    async def _ready(self, held: list[int]) -> bool:
        """Give back what we held before; False, after a pause, while the database is not there."""
        try:
            await asyncio.to_thread(stalled.release, self._store, held)
        except Unavailable as error:
            log.warning("waiting for the database: %s", error)
            await self._pause(1.0)
            return False
        return True

    async def _work(self) -> list[int]:
        """Do jobs until stopped or until the database is lost; the procrastinate workers that may still hold jobs."""
        self._lost.clear()
        app = self._tasks(make_app(self._store.database.url, self._lost.set))
        try:
            await app.open_async()
        except Exception as error:  # noqa: BLE001 - psycopg_pool and procrastinate raise several types for "not there"
            log.warning("waiting for the database: %s", type(error).__name__)
            await self._pause(1.0)
            return []
        crew = Crew(lambda queue: self._worker(app, queue))
        log.info("ready")
        while not self._stopped.is_set() and not self._lost.is_set():
            crew.serve(self._queues())
            await self._first_of(self._stopped, self._lost, seconds=_TICK)
            if not crew.is_whole():
                log.warning("a queue's own worker ended; starting them again")
                await self._pause(1.0)
                break
        held = await crew.end()
        with contextlib.suppress(Exception):
            await app.close_async()
        return held

    def _queues(self) -> list[str]:
        queues = [READ_QUEUE, COMMITMENT_QUEUE, *(one.queue for one in self._destinations.values())]
        return [*queues, PRIORS_QUEUE] if self._seeker else queues

    def _worker(self, app: App, queue: str) -> QueueWorker:
        return QueueWorker(
            app,
            queues=[queue],
            name=queue,
            concurrency=_CONCURRENCY.get(queue, _DELIVER_CONCURRENCY),
            fetch_job_polling_interval=_POLL,
            update_heartbeat_interval=self._heartbeat,
            stalled_worker_timeout=10 * self._silent,  # ours looks after them first, and counts
            delete_jobs="successful",
            install_signal_handlers=False,
        )

    def _tasks(self, app: App) -> App:
        @app.task(name="read", pass_context=True, retry=self._read_backoff)
        def read(context: JobContext, instance_id: int) -> None:
            with self._given_up(context, self._read_backoff):
                outcome = self._instances.read(instance_id)
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
        destination = self._destinations.get(name)
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
            give_up(self._store, dead, self._epitaph(dead), self._urgent)
            metrics.note_dead(dead.task, dead.kind)

    def _epitaph(self, dead: DeadJob) -> Record | None:
        if dead.task != "read":
            return None
        reason = f"{dead.reason} Review the radiograph without it."
        return self._instances.failed(dead.arguments["instance_id"], reason)

    def _rescue(self) -> None:
        again, poison = stalled.rescue(self._store, self._epitaph, self._urgent, silent_seconds=self._silent)
        if again:
            log.warning("%d jobs of dead workers are queued again", again)
        for _ in range(poison):
            metrics.note_dead("read", "poison")
            log.error("a job is poison: %s", POISON)

    def _look(self) -> None:
        """Where results go now; nothing waits for what an administrator removed."""
        self._destinations = current(self._settings, self._store)
        if removed := stored.removed(self._store) - self._destinations.keys():
            stored.set_aside(self._store, sorted(removed))

    def _complete(self) -> None:
        def dispatch(outcomes: Sequence[DictRow]) -> list[Sending]:
            return dispatched(self._destinations.values(), outcomes)

        done = completions.complete_studies(self._store, quiet_seconds=self._settings.quiet_seconds, dispatch=dispatch)
        for study in done + completions.complete_reviews(self._store, dispatch=dispatch):
            log.info("complete %s number %d", study["study_instance_uid"], study["number"])

    def _set_aside(self) -> None:
        gone = stored.figures(self._store).keys() - self._destinations.keys()
        if set_aside := stored.set_aside(self._store, sorted(gone), seconds=_GONE):
            log.error("%d deliveries to destinations that are gone are dead letters", set_aside)

    def _prune(self) -> None:
        if self._settings.keep_days:
            while pruned := retention.prune_studies(self._store, keep_days=self._settings.keep_days):
                log.info("pruned %d studies", pruned)
        while retention.prune_content(self._store, display_pixels=self._settings.display_pixels):
            pass
        retention.forget_ended_jobs(self._store)

    def _describe(self) -> None:
        """Once after an upgrade; without anything to do, one look at an empty index."""
        while descriptions.describe_some(self._store, max_bytes=self._settings.max_instance_bytes):
            if self._stopped.is_set():
                return

    async def _repeatedly(self, seconds: float, *work: Callable[[], None]) -> None:
        while not self._stopped.is_set():
            for one in work:
                try:
                    await asyncio.to_thread(one)
                except Unavailable:
                    self._lost.set()  # the jobs' own connections are no better
                except Exception as error:  # noqa: BLE001 - housekeeping goes on
                    log.error("housekeeping failed: %s", place_of(error))
            await self._pause(seconds)

    async def _pause(self, seconds: float) -> None:
        await self._first_of(self._stopped, seconds=seconds)

    async def _first_of(self, *events: asyncio.Event, seconds: float) -> None:
        """Until one of them is set, or the time is over."""
        waits = [asyncio.create_task(event.wait()) for event in events]
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()


def _our_fault(error: Exception) -> str:
    return f"An error of ours ({type(error).__name__}) stopped it."
