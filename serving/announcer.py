"""Tells the event loop that something was read, from whichever thread reads."""

import asyncio
from collections.abc import Callable


class Announcer:
    """One event that is set anew at each announcement: waiters look again at what they wait for."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._announced = asyncio.Event()

    def announce(self) -> None:
        """Wake the waiters; from any thread, also after the loop is closed."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    async def wait_until(self, done: Callable[[], bool], seconds: float) -> None:
        """Return when ``done()`` or after ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    announced = self._announced  # before looking, so that no announcement is missed
                    if done():
                        return
                    await announced.wait()
        except TimeoutError:
            return

    def _wake(self) -> None:
        self._announced.set()
        self._announced = asyncio.Event()
