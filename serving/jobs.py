"""Jobs: what they are called, and when one that failed is tried again.

    read      {"instance_id"}   decode and read an instance, record what came of it
    render    {"instance_id"}   make the display copy of an instance that somebody looks at
    deliver   {"delivery_id"}   send a completed study to a destination
    priors    {"study_id"}      fetch the earlier studies of a study's patient
    commitment {"peer", ...}    tell a peer what of its storage commitment request is kept

They are queued by SQL, in the transaction that makes them necessary (``store/schema.sql: queue_job``), and done by
procrastinate. Each can be done twice without harm.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, LiteralString

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Notification
from procrastinate.worker import Worker
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from model.errors import OutOfMemory, Unavailable
from serving.store.database import PATIENCE, connection_options, has_something_to_say

READ_QUEUE, PRIORS_QUEUE, COMMITMENT_QUEUE = "read", "priors", "commitment"
#: An error of ours is tried so often: most go on failing, but a full memory may pass.
ERROR_ATTEMPTS = 3


class Backoff(BaseRetryStrategy):
    """Twice the pause after each try, with jitter, so that what was held up together does not come back together.

    Pauses are in seconds. ``now`` is the database's clock: that of a worker may be wrong.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        attempts: int,
        first_pause: float,
        longest_pause: float,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._now = now
        self._attempts = attempts
        self._first_pause = first_pause
        self._longest_pause = longest_pause
        self._chance = chance

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if self.is_last(exception, job.attempts):
            return None
        pause = min(self._longest_pause, self._first_pause * 2 ** min(job.attempts, 30))
        retry_at = self._now() + timedelta(seconds=pause * (0.5 + self._chance()))
        # It failed without killing its worker: it is no suspect (any more), and holds up none while it pauses.
        return RetryDecision(retry_at=retry_at, lock=f"job {job.id}")

    def is_last(self, exception: BaseException, attempts: int) -> bool:
        """Whether a job that was tried ``attempts`` times before is given up when this try ends in ``exception``."""
        may_pass = isinstance(exception, Unavailable) and not isinstance(exception, OutOfMemory)
        most = self._attempts if may_pass else min(self._attempts, ERROR_ATTEMPTS)
        return attempts + 1 >= most


class _Connector(PsycopgConnector):
    """Tells when a query of procrastinate's own did not get through, so that its worker can start anew."""

    def __init__(self, lost: Callable[[], None], **options: Any) -> None:
        super().__init__(**options)
        self._lost = lost

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        with self._watched():
            await super().execute_query_async(query, **arguments)

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        with self._watched():
            row: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
            return row

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
        except (ConnectorException, PoolTimeout):
            self._lost()
            raise


class QueueWorker(Worker):
    """procrastinate's own, that forgets no job it was told of.

    It unlearns what it was told after each look for a job, also what it was told during that look: such a job would lie
    until the next poll.
    """

    _told = 0

    async def _handle_notification(self, *, channel: str, notification: Notification) -> None:
        self._told += 1
        await super()._handle_notification(channel=channel, notification=notification)

    async def _fetch_and_process_jobs(self) -> None:
        told = self._told
        await super()._fetch_and_process_jobs()  # type: ignore[no-untyped-call]
        if self._told != told:
            self._new_job_event.set()


def make_app(url: str, lost: Callable[[], None]) -> App:
    """procrastinate over our database; ``lost`` is called when one of its own queries did not get through.

    Its commits (a job is taken, ended, tried again) need not be on disk at once: they are lost only when the database
    itself falls, then every worker gives back what it held, and a job that is done twice does nothing. What came of a
    job is recorded, on disk, before that.
    """
    options = connection_options(url, on_disk=False)
    connector = _Connector(
        lost,
        pool_factory=_pool,
        conninfo=options["conninfo"],
        kwargs=options["kwargs"],
        min_size=1,
        max_size=4,
        timeout=PATIENCE,
    )
    return App(connector=connector)


def _pool(**options: Any) -> AsyncConnectionPool:
    return AsyncConnectionPool(**{**options, "check": _check, "configure": _commit_each})


async def _commit_each(connection: AsyncConnection) -> None:
    """Each statement of procrastinate's is a transaction of its own, which saves two trips to the server."""
    await connection.set_autocommit(True)


async def _check(connection: AsyncConnection) -> None:
    """As the store's pool does it."""
    if has_something_to_say(connection):
        await AsyncConnectionPool.check_connection(connection)
