"""What is ours of the queue: its worker, whose notifications must not be lost."""

import asyncio
from typing import Any

from procrastinate import App
from procrastinate.testing import InMemoryConnector

from serving.jobs import QueueWorker

_LONG = 3600.0


async def _told_during_a_look() -> list[int]:
    """Which jobs are done, when the second one is queued while the worker looks and has found nothing yet."""
    done: list[int] = []
    all_done = asyncio.Event()
    app = App(connector=InMemoryConnector())

    @app.task(name="read")
    def read(number: int) -> None:
        done.append(number)
        if number == 2:
            all_done.set()

    async with app.open_async():
        worker = QueueWorker(app, fetch_job_polling_interval=_LONG, listen_notify=False, install_signal_handlers=False)
        look = app.job_manager.fetch_job
        looks_for_nothing = 0

        async def tell() -> None:
            await worker._handle_notification(channel="", notification={"type": "job_inserted", "job_id": 0})

        async def look_while_a_job_comes(**options: Any) -> Any:
            nonlocal looks_for_nothing
            found = await look(**options)
            looks_for_nothing += found is None
            if found is None and looks_for_nothing == 2:
                await read.defer_async(number=2)
                await tell()
            return found

        app.job_manager.fetch_job = look_while_a_job_comes  # type: ignore[method-assign]
        running = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
        while looks_for_nothing == 0:
            await asyncio.sleep(0.01)
        await read.defer_async(number=1)
        await tell()
        try:
            async with asyncio.timeout(10):
                await all_done.wait()
        except TimeoutError:
            pass
        worker.stop()  # type: ignore[no-untyped-call]
        await running
    return done


def test_a_job_that_comes_while_the_worker_looks_is_done_without_waiting_for_the_next_poll() -> None:
    assert asyncio.run(_told_during_a_look()) == [1, 2]
