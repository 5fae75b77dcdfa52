"""A worker as `hilum serve` starts one, whose reader ends the process at one SOP Instance UID: ``DEADLY_UID``.

It stands for a radiograph that crashes a decoder or fills the memory: what no exception tells of.
"""

import asyncio
import os
import signal
from dataclasses import dataclass

from model.radiograph import Radiograph
from model.reader import Reader
from model.reading import Reading
from model.weights import DEFAULT
from serving.cli import read_settings
from serving.logs import configure_logs
from serving.running import open_store
from serving.worker import Worker


@dataclass(frozen=True)
class DeadlyReader:
    """Reads what the reader that ships reads, but for one."""

    reader: Reader
    deadly_uid: str

    @property
    def name(self) -> str:
        return self.reader.name

    def read(self, radiograph: Radiograph) -> Reading:
        if radiograph.sop_instance_uid == self.deadly_uid:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.reader.read(radiograph)


async def work() -> None:
    settings = read_settings(None, {})
    reader = DeadlyReader(Reader.load(DEFAULT), os.environ.get("DEADLY_UID", ""))
    # Dead sooner than in the service, so that a test need not wait.
    worker = Worker(settings, open_store(settings), reader, heartbeat=0.5, silent=3.0)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
    await worker.run()


if __name__ == "__main__":
    configure_logs()
    asyncio.run(work())
