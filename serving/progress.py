"""What happens, as it happens: PostgreSQL's notifications to whoever waits in this process."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import psycopg

from serving.store.database import connection_options

log = logging.getLogger("hilum.progress")

_CHANNEL = "hilum_progress"
_PAUSE = 1.0
#: A page that falls so far behind is told to look at everything again.
_MOST_BEHIND = 500


class Progress:
    """Listens to the database while it runs. Nothing is lost by not listening: the database can always be asked."""

    def __init__(self, url: str) -> None:
        self._options = connection_options(url)
        self._queues: set[asyncio.Queue[str | None]] = set()
        self._happened = asyncio.Event()

    async def listen(self) -> None:
        """Until cancelled; over lost connections, after which everybody looks again."""
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                log.warning("not listening to the database for now: %s", type(error).__name__)
            await asyncio.sleep(_PAUSE)

    async def _listen(self) -> None:
        options = self._options
        async with await psycopg.AsyncConnection.connect(
            options["conninfo"], autocommit=True, **options["kwargs"]
        ) as connection:
            await connection.execute(f"LISTEN {_CHANNEL}")
            self._tell(None)
            async for notification in connection.notifies():
                self._tell(notification.payload)

    def _tell(self, payload: str | None) -> None:
        self._happened.set()
        self._happened = asyncio.Event()
        for queue in self._queues:
            if queue.qsize() >= _MOST_BEHIND:
                while not queue.empty():
                    queue.get_nowait()
                payload = None
            queue.put_nowait(payload)

    @contextmanager
    def told(self) -> Iterator[asyncio.Queue[str | None]]:
        """What happens from now on, as JSON; None when something may have been missed: look at everything."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    async def wait_until(self, done: Callable[[], Awaitable[bool]], seconds: float) -> bool:
        """Whether ``done()`` came true within ``seconds``; it is asked when something happened, and now and then."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    happened = self._happened  # before looking, so that nothing is missed
                    if await done():
                        return True
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(_PAUSE):
                            await happened.wait()
        except TimeoutError:
            return False
