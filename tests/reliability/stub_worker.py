"""A worker as `hilum serve` starts one, with a stub for a reader; it counts as dead sooner, so a test need not wait."""

import asyncio
import signal

from serving.cli import read_settings
from serving.logs import configure_logs
from serving.running import open_store
from serving.worker import Worker
from tests.fakes import StubReader


async def work() -> None:
    settings = read_settings(None, {})
    worker = Worker(settings, open_store(settings), StubReader(), heartbeat=0.5, silent=3.0)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
    await worker.run()


if __name__ == "__main__":
    configure_logs()
    asyncio.run(work())
