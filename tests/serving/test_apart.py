"""API, workers and receiver as processes of their own on one database and one object store, as on several machines."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest
from pynetdicom import AE

import data_samples
from tests.serving.live import postgres

SAMPLE = Path(data_samples.__file__).with_name("normal_pa.dcm")
_PATIENCE = 60.0


@pytest.fixture
def database_url() -> str:
    """An empty database."""
    server, name = postgres(), f"apart_{uuid.uuid4().hex}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return server.url.replace("postgresql:///hilum?", f"postgresql:///{name}?")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextlib.contextmanager
def running(command: str, folder: Path, settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """``hilum command`` with a data folder of its own; asked to end at the end, and it must."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("HILUM_")}
    environ |= {"HILUM_DATA": str(folder / command), "HILUM_WORKERS": "1", "HILUM_MIN_FREE_BYTES": "0", **settings}
    environ["HILUM_DEMO"] = "true"
    process = subprocess.Popen([sys.executable, "-m", "serving", command], env=environ)
    try:
        yield process
    finally:
        process.terminate()
        assert process.wait(_PATIENCE) == 0


def wait_for(url: str) -> httpx.Response:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            answer = httpx.get(url)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code == 200:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"{url} did not answer 200")


def echo(port: int) -> int:
    """The status that a C-ECHO is answered with, once the port is listened on."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port)).close()
            break
        time.sleep(0.1)
    entity = AE()
    entity.add_requested_context("1.2.840.10008.1.1")
    association = entity.associate("127.0.0.1", port, ae_title="HILUM")
    try:
        return int(association.send_c_echo().Status)
    finally:
        association.release()


def test_they_start_in_any_order_on_an_empty_database_and_read_together(database_url: str, tmp_path: Path) -> None:
    port, dimse_port, *metrics_ports = (free_port() for _ in range(4))
    shared = {"HILUM_DATABASE_URL": database_url, "HILUM_OBJECT_STORE": (tmp_path / "objects").as_uri()}
    own = {
        "worker": {"HILUM_METRICS_PORT": str(metrics_ports[0])},
        "receive": {"HILUM_METRICS_PORT": str(metrics_ports[1]), "HILUM_DIMSE_PORT": str(dimse_port)},
        "api": {"HILUM_PORT": str(port)},
    }
    with contextlib.ExitStack() as stack:
        for command, settings in own.items():
            stack.enter_context(running(command, tmp_path, {**shared, **settings}))
        here = f"http://127.0.0.1:{port}"
        assert wait_for(f"{here}/readyz").json()["workers"] >= 1
        answer = httpx.post(f"{here}/api/instances?wait=60", files={"f": SAMPLE.read_bytes()}, timeout=_PATIENCE)
        assert answer.json()["instances"][0]["reading"]["state"] == "read"
        for metrics_port in metrics_ports:
            wait_for(f"http://127.0.0.1:{metrics_port}/metrics")
        assert echo(dimse_port) == 0x0000


def test_an_upload_of_200_mb_does_not_sit_in_memory(database_url: str, tmp_path: Path) -> None:
    packed = tmp_path / "large.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(25):
            archive.writestr(f"{number}.bin", os.urandom(8_000_000))  # each is received, and refused once it is read
    assert packed.stat().st_size >= 200_000_000
    port = free_port()
    settings = {"HILUM_DATABASE_URL": database_url, "HILUM_PORT": str(port)}
    with running("api", tmp_path, settings) as supervisor:
        here = f"http://127.0.0.1:{port}"
        wait_for(f"{here}/healthz")
        (api,) = psutil.Process(supervisor.pid).children()
        before = api.memory_info().rss
        with packed.open("rb") as body:
            headers = {"Content-Type": "application/zip"}
            answer = httpx.post(f"{here}/api/instances", content=body, headers=headers, timeout=_PATIENCE)
        assert [one["receipt"] for one in answer.json()["instances"]] == ["received"] * 25
        # The spool's first part, one entry and its copies; not 200 MB.
        assert _peak(api.pid) - before < 120_000_000


def _peak(pid: int) -> int:
    """Bytes that a process had in memory at most."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) * 1024


@pytest.mark.parametrize("command", ["api", "worker", "receive"])
def test_alone_they_need_a_database_that_is_named(command: str, tmp_path: Path) -> None:
    environ = {**os.environ, "HILUM_DATA": str(tmp_path), "HILUM_PORT": "0"}
    run = subprocess.run(
        [sys.executable, "-m", "serving", command], env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 1
    assert run.stderr.startswith("Error: HILUM_DATABASE_URL must name the database")
