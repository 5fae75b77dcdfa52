"""Who receives by C-STORE: Hilum, DCMTK's storescp and Orthanc, each as a program on a port of this machine."""

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import Running, free_port
from serving.private_postgres import PrivatePostgres
from serving.store.migration import migrate

#: Larger PDUs than most take by themselves cost each of them less; Hilum takes them unless told otherwise.
LARGEST_PDU = 131072
#: Seconds.
_REST = 1


@dataclass(frozen=True, kw_only=True)
class Receiving:
    """One that runs."""

    title: str
    port: int
    #: With what they started.
    pids: tuple[int, ...]
    #: Where it puts what it is sent.
    folder: Path

    def clear(self) -> None:
        """Forget the bytes, since disks are not endless, and wait until the disk rests: the next one finds it so."""
        for file in self.folder.rglob("*"):
            if file.is_file():
                file.unlink()
        os.sync()
        time.sleep(_REST)


@contextmanager
def hilum(folder: Path) -> Iterator[Receiving]:
    """`hilum receive` on a private database, with no worker: nothing is read meanwhile."""
    data = folder / "hilum"
    data.mkdir()
    postgres = PrivatePostgres(data / "postgres")
    postgres.start()
    try:
        migrate(postgres.url)
        port = free_port()
        settings = {"DATABASE_URL": postgres.url, "DATA": data, "DIMSE_PORT": port, "QUEUE_LENGTH": 10**9}
        environment = {f"HILUM_{name}": str(value) for name, value in settings.items()}
        running = Running.start("serving", "receive", port=port, environment=environment)
        try:
            running.connect(60).close()
            yield Receiving(
                title="HILUM",
                port=port,
                pids=(running.process.pid, _postmaster(data / "postgres")),
                folder=data / "objects",
            )
        finally:
            running.stop()
    finally:
        postgres.stop()


@contextmanager
def storescp(folder: Path) -> Iterator[Receiving]:
    """A process for each association, as DCMTK has it; what comes is written when all of it came, not fsynced."""
    place, port = folder / "storescp", free_port()
    place.mkdir()
    command = ["storescp", "--fork", "+xa", "--max-pdu", str(LARGEST_PDU), "--output-directory", str(place), str(port)]
    with _program(command, port) as pid:
        yield Receiving(title="STORESCP", port=port, pids=(pid,), folder=place)


def orthanc(folder: Path) -> AbstractContextManager[Receiving]:
    """As Debian configures it: not compressed, PDUs of 16 KiB."""
    return _orthanc(folder / "orthanc", {})


def orthanc_with_large_pdus(folder: Path) -> AbstractContextManager[Receiving]:
    return _orthanc(folder / "orthanc-large", {"MaximumPduLength": LARGEST_PDU})


@contextmanager
def _orthanc(folder: Path, changed: Mapping[str, object]) -> Iterator[Receiving]:
    place, port = folder / "files", free_port()
    place.mkdir(parents=True)
    settings = {
        "DicomAet": "ORTHANC", "DicomPort": port, "HttpServerEnabled": False, "StorageDirectory": str(place),
        "IndexDirectory": str(folder / "index"), "StorageCompression": False, "DicomAlwaysAllowStore": True,
    }  # fmt: skip
    file = folder / "orthanc.json"
    file.write_text(json.dumps({**settings, **changed}))
    with _program(["Orthanc", str(file)], port) as pid:
        yield Receiving(title="ORTHANC", port=port, pids=(pid,), folder=place)


def _postmaster(folder: Path) -> int:
    return int((folder / "data/postmaster.pid").read_text().split("\n", 1)[0])


@contextmanager
def _program(command: Sequence[str], port: int) -> Iterator[int]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        Running(process, port).connect(60).close()
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


def fsync_milliseconds(folder: Path, size: int, times: int) -> float:
    """What it takes to bring so many bytes to the disk, written before: the median of some times."""
    taken = []
    for number in range(times):
        file = folder / f"fsync-{number}"
        with file.open("wb") as opened:
            opened.write(os.urandom(size))
            opened.flush()
            began = time.perf_counter()
            os.fsync(opened.fileno())
            taken.append(1000 * (time.perf_counter() - began))
        file.unlink()
    return sorted(taken)[times // 2]
