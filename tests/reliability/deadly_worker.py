"""A worker as `hilum serve` starts one, whose reader comes to grief at the SOP Instance UIDs in ``DEADLY_UIDS``.

``UID=WAY`` each, separated by commas: they stand for radiographs that crash, abort or hang a decoder written in C, or
fill the memory.
"""

import asyncio
import ctypes
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from model.errors import OutOfMemory
from model.radiograph import Radiograph
from model.reader import Reader
from model.reading import Reading
from model.weights import DEFAULT
from serving import reading_task
from serving.cli import read_settings
from serving.logs import configure_logs
from serving.processes import bound_memory
from serving.running import open_store
from serving.worker import Worker


def hang() -> None:
    """In C, holding the interpreter: no other thread of this process goes on."""
    ctypes.PyDLL(None).sleep(600)


def swell() -> None:
    """As ``model`` says that a decoder asked for more than there is."""
    try:
        bytes(64 << 30)
    except MemoryError as error:
        raise OutOfMemory("There is not enough memory.") from error


WAYS: Mapping[str, Callable[[], object]] = {
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "segfault": lambda: ctypes.string_at(0),
    "abort": os.abort,
    "hang": hang,
    "swell": swell,
}


@dataclass(frozen=True)
class DeadlyReader:
    """Reads what the reader that ships reads, but for one."""

    reader: Reader
    #: SOP Instance UID to what happens.
    deadly: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.reader.name

    def read(self, radiograph: Radiograph) -> Reading:
        if way := self.deadly.get(radiograph.sop_instance_uid or ""):
            WAYS[way]()
        return self.reader.read(radiograph)


async def work() -> None:
    settings = read_settings(None, {})
    reading_task.MOST_SECONDS = 5.0  # and is called hung sooner
    bound_memory(settings.worker_memory_bytes)
    named = os.environ.get("DEADLY_UIDS", "")
    reader = DeadlyReader(Reader.load(DEFAULT), dict(one.split("=") for one in named.split(",") if one))
    # Dead sooner than in the service, so that a test need not wait.
    worker = Worker(settings, open_store(settings), reader, heartbeat=0.5, silent=3.0)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
    await worker.run()


if __name__ == "__main__":
    configure_logs()
    asyncio.run(work())
