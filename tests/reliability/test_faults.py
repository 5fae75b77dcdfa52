"""What a machine may do to the service: clear answers while it lasts, and recovery without a hand."""

import itertools
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import httpx
import psutil
import pytest

from tests.reliability.checks import check_deliveries, check_readings, in_folder, settle
from tests.reliability.gate import gate
from tests.reliability.radiographs import Sent, radiographs
from tests.reliability.s3 import s3
from tests.reliability.sending import OUT_OF_RESOURCES, Acknowledged, c_store, send_all
from tests.reliability.service import LONG, Service, running, short_folder, until

_MiB = 2**20
_DICOM = {"Content-Type": "application/dicom"}
#: Seconds that the database is gone.
_GONE = 30 if LONG else 4

Fetch = Callable[[str], bytes]


@pytest.fixture
def sent() -> list[Sent]:
    return list(itertools.islice(radiographs("faults"), 8))


def _refused(service: Service, one: Sent, status: int) -> bool:
    """Both doors say that it cannot be taken now; False while one of them does not yet."""
    answer = httpx.post(f"{service.url}/api/instances", content=one.content, headers=_DICOM, timeout=30)
    if answer.status_code != status:
        return False
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) >= 1
    assert httpx.get(f"{service.url}/readyz", timeout=30).status_code == 503
    return c_store(one, service.dimse_port) == OUT_OF_RESOURCES


def _check_recovery(service: Service, sent: list[Sent], fetch: Fetch | None = None) -> None:
    """Everything is taken and read now, what was refused before as well."""
    acknowledged = Acknowledged()
    send_all(sent, service.url, acknowledged)
    settle(service, 60)
    check_readings(service, acknowledged, fetch)


@contextmanager
def _small_disk(folder: Path, size: int) -> Iterator[Path]:
    """A file system of its own, in memory."""
    folder.mkdir()
    if (
        os.geteuid() != 0
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("a small file system can be mounted by root only, where the kernel lets it")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def _disk_and_service(mebibytes: int, **settings: object) -> Iterator[tuple[Path, Service]]:
    """A small disk with a service's data folder on it."""
    with (
        short_folder() as folder,
        _small_disk(folder / "disk", mebibytes * _MiB) as disk,
        running(disk / "data", log=folder / "log", workers=1, quiet_seconds=1, **settings) as service,
    ):
        yield disk, service


def test_a_nearly_full_disk_is_507_until_there_is_room(sent: list[Sent]) -> None:
    with (
        short_folder() as folder,
        _small_disk(folder / "disk", 256 * _MiB) as disk,
        running(disk / "data", log=folder / "log", workers=1, quiet_seconds=1, min_free_bytes=64 * _MiB) as service,
    ):
        send_all(sent[:2], service.url, Acknowledged())
        filler = disk / "filler"
        filler.write_bytes(bytes(_free(disk) - 32 * _MiB))
        until(lambda: _refused(service, sent[2], 507), 20, "both doors refuse", service.words)
        filler.unlink()
        until(service.is_ready, 20, "the service is ready again", service.words)
        _check_recovery(service, sent)


def test_a_full_disk_is_503_until_there_is_room(sent: list[Sent]) -> None:
    with _disk_and_service(256, min_free_bytes=0) as (disk, service):
        send_all(sent[:2], service.url, Acknowledged())
        _fill(disk / "filler")
        until(lambda: _refuses_post(service, sent[2]), 30, "it refuses", service.words)
        (disk / "filler").unlink()
        until(service.is_ready, 60, "the service is ready again", service.words)
        _check_recovery(service, sent)


def test_a_disk_that_cannot_be_written_is_503_until_it_can(sent: list[Sent]) -> None:
    with short_folder() as folder, _small_disk(folder / "disk", 64 * _MiB) as disk:
        settings = {"object_store": f"file://{disk}", "workers": 1, "quiet_seconds": 1, "min_free_bytes": 0}
        with running(folder / "data", **settings) as service:
            send_all(sent[:2], service.url, Acknowledged())
            _remount(disk, "ro")
            until(lambda: _refuses_post(service, sent[2]), 20, "it refuses", service.words)
            assert c_store(sent[2], service.dimse_port) == OUT_OF_RESOURCES
            _remount(disk, "rw")
            _check_recovery(service, sent, lambda found: (disk / "content" / found[:2] / found).read_bytes())


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_database_that_is_gone_is_503_until_it_is_back(sent: list[Sent], how: signal.Signals) -> None:
    with short_folder() as folder, running(folder / "data", workers=2, quiet_seconds=1, min_free_bytes=0) as service:
        acknowledged = Acknowledged()
        send_all(sent[:4], service.url, acknowledged)
        if how is signal.SIGSTOP:
            _stand_still(service)
        else:
            _keep_away(service, sent[4])
        until(service.is_ready, 60, "the service is ready again", service.words)
        _check_recovery(service, sent)


def test_an_object_store_that_is_gone_is_503_until_it_is_back(sent: list[Sent]) -> None:
    with short_folder() as folder, s3() as store, gate(store.port) as way:
        settings = {**store.settings(), "workers": 1, "quiet_seconds": 1, "min_free_bytes": 0}
        service = Service(folder / "data", **settings)
        try:
            service.started(store.environment(way.port))
            send_all(sent[:2], service.url, Acknowledged())
            way.close()
            until(lambda: _refused(service, sent[2], 503), 60, "both doors refuse", service.words)
            way.open()
            until(service.is_ready, 60, "the service is ready again", service.words)
            _check_recovery(service, sent, store.fetch)
        finally:
            service.end()


def test_a_clock_that_jumps_changes_nothing(sent: list[Sent]) -> None:
    """The clock of the whole box, the database's too: a day ahead, and then back to two days ago."""
    with short_folder() as folder:
        clock = folder / "clock"
        out = folder / "out"
        service = Service(
            folder / "data", workers=2, quiet_seconds=1, min_free_bytes=0, destinations=f"folder=file://{out}"
        )
        try:
            _set(clock, "+0")
            service.started(_fake_time(clock))
            acknowledged = Acknowledged()
            for jump, some in (("+1d", sent[:3]), ("-2d", sent[3:6]), ("+0", sent[6:])):
                send_all(some[:1], service.url, acknowledged)
                _set(clock, jump)
                send_all(some[1:], service.url, acknowledged)
            settle(service, 60)
            check_readings(service, acknowledged)
            check_deliveries(service, "folder", in_folder(out))
            (days,) = service.rows(
                "SELECT max(received_at) - min(received_at) > interval '1 day' AS jumped FROM instance"
            )
            assert days["jumped"]
        finally:
            service.end()


def _refuses_post(service: Service, one: Sent) -> bool:
    answer = httpx.post(f"{service.url}/api/instances", content=one.content, headers=_DICOM, timeout=30)
    if answer.status_code != 503:
        return False
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) >= 1
    return True


def _keep_away(service: Service, one: Sent) -> None:
    """The database's processes end again and again, for so long."""
    over = threading.Event()

    def kill() -> None:
        while not over.wait(0.02):
            service.signal("postmaster", signal.SIGKILL)

    killing = threading.Thread(target=kill)
    killing.start()
    try:
        until(lambda: _refused(service, one, 503), 60, "both doors refuse", service.words)
        over.wait(_GONE)
    finally:
        over.set()
        killing.join()


def _stand_still(service: Service) -> None:
    """The database's processes answer nothing, for so long, as on a machine that swaps."""
    service.signal("postmaster", signal.SIGSTOP)
    time.sleep(_GONE)
    service.signal("postmaster", signal.SIGCONT)


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        _write_on(file)


def _write_on(file: IO[bytes]) -> None:
    while True:
        file.write(bytes(4096))


def _free(disk: Path) -> int:
    return psutil.disk_usage(str(disk)).free


def _remount(disk: Path, how: str) -> None:
    """Once nobody writes a file there."""
    command = ["mount", "-o", f"remount,{how}", disk]
    until(lambda: not subprocess.run(command, capture_output=True, check=False).returncode, 10, "it is mounted")


def _set(clock: Path, offset: str) -> None:
    """In one step, since it is read at any moment."""
    new = clock.with_suffix(".new")
    new.write_text(f"{offset}\n", encoding="ascii")
    new.replace(clock)


def _fake_time(clock: Path) -> dict[str, str]:
    """What makes the programs that are started with it take the time of day from ``clock``."""
    found = find_spec("libfaketime")
    assert found
    assert found.origin
    library = Path(found.origin).parent / "vendor/libfaketime/src/libfaketime.so.1"
    faked = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    _set(clock, "-400d")
    year = subprocess.run(["date", "+%s"], env=faked, capture_output=True, text=True, check=False).stdout
    now = subprocess.run(["date", "+%s"], capture_output=True, text=True, check=True).stdout
    if not year or int(now) - int(year) < 300 * 86400:
        pytest.skip("libfaketime does not run on this machine")
    _set(clock, "+0")
    return faked
