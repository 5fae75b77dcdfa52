"""A worker: one process, one core. It does jobs, gives those of the dead to the living, and keeps house.

It lives through the loss of its database: it stops, waits, gives back what it held, and goes on.
"""

import asyncio
import contextlib
import logging
import os
import secrets
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from procrastinate import App

from model.errors import Unavailable
from serving.crew import Crew
from serving.destinations import Register
from serving.housekeeping import Housekeeping
from serving.jobs import COMMITMENT_QUEUE, PRIORS_QUEUE, READ_QUEUE, QueueWorker, make_app
from serving.logs import place_of
from serving.reading_task import Reads
from serving.settings import Settings
from serving.store import stalled
from serving.store.stalled import SILENT
from serving.store.store import Store
from serving.tasks import Tasks

log = logging.getLogger("hilum.worker")

#: Seconds between signs of life.
HEARTBEAT = 2.0
#: Seconds between looks: for the jobs of dead workers and complete studies; for old data.
_OFTEN, _SELDOM = 1.0, 60.0
#: One radiograph is in the network while the next one is fetched and the last one recorded.
_CONCURRENCY = {READ_QUEUE: 2, PRIORS_QUEUE: 1, COMMITMENT_QUEUE: 1}
_DELIVER_CONCURRENCY = 4
#: Seconds between looks whether there are other queues.
_TICK = 0.5
#: Threads of this process: a job holds one while it runs, and a destination that does not answer holds it for long.
_THREADS = 128
#: Seconds between looks for jobs that nobody told of: those that are tried again.
_POLL = 0.5


class Worker:
    """Does jobs until ``stop``."""

    def __init__(
        self, settings: Settings, store: Store, reader: Reads, *, heartbeat: float = HEARTBEAT, silent: float = SILENT
    ) -> None:
        self._store = store
        self._destinations = Register(settings, store)
        self._tasks = Tasks(settings, store, reader, self._destinations)
        self._house = Housekeeping(settings, store, self._destinations, self._tasks.epitaph, silent=silent)
        self._heartbeat, self._silent = heartbeat, silent
        #: No other process has it.
        self._name = f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(4)}"
        self._stopped = asyncio.Event()
        self._lost = asyncio.Event()

    def stop(self) -> None:
        """End after the jobs under way. Call it from the event loop's thread."""
        self._stopped.set()

    async def run(self) -> None:
        """Work until stopped; the database may come and go."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS, "job"))
        own = self._house
        house = [
            asyncio.create_task(self._repeatedly(_OFTEN, own.rescue, own.look, own.complete, own.chain)),
            asyncio.create_task(self._repeatedly(_SELDOM, own.prune, own.set_aside, own.tell_chain)),
            asyncio.create_task(self._repeatedly(_SELDOM, self._describe)),
            asyncio.create_task(self._repeatedly(_OFTEN, own.forward)),
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
        app = self._tasks.add_to(make_app(self._store.database.url, self._lost.set))
        try:
            await app.open_async()
        except Exception as error:  # noqa: BLE001 - psycopg_pool and procrastinate raise several types for "not there"
            log.warning("waiting for the database: %s", type(error).__name__)
            await self._pause(1.0)
            return []
        crew = Crew(lambda queue: self._worker(app, queue))
        log.info("ready")
        known: set[int] = set()
        while not self._stopped.is_set() and not self._lost.is_set():
            crew.serve(self._queues())
            known = await self._introduce(known, crew.numbers())
            await self._first_of(self._stopped, self._lost, seconds=_TICK)
            if not crew.is_whole():
                log.warning("a queue's own worker ended; starting them again")
                await self._pause(1.0)
                break
        held = await crew.end()
        with contextlib.suppress(Exception):
            await app.close_async()
        return held

    async def _introduce(self, known: set[int], numbers: set[int]) -> set[int]:
        """Say which queues' workers are ours, when others are than were ``known``."""
        if numbers != known:
            try:
                await asyncio.to_thread(stalled.note_process, self._store, self._name, sorted(numbers))
            except Unavailable:
                self._lost.set()
        return numbers

    def _queues(self) -> list[str]:
        queues = [READ_QUEUE, COMMITMENT_QUEUE, *(one.queue for one in self._destinations.by_name.values())]
        return [*queues, PRIORS_QUEUE] if self._tasks.seeks_priors else queues

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

    def _describe(self) -> None:
        """Once after an upgrade; without anything to do, one look at an empty index."""
        while not self._stopped.is_set() and self._house.describe():
            pass

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
