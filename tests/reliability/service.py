"""The service as its users start it: ``hilum serve`` over a data folder, in processes that can be killed."""

import os
import random
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil
import psycopg
from psycopg.rows import dict_row

from serving.private_postgres import PrivatePostgres
from serving.store.database import connection_options

#: The long form of what takes minutes: ``HILUM_TEST_LONG=1``. It is no setting of the service and not passed on to it.
LONG = os.environ.get("HILUM_TEST_LONG", "") not in {"", "0"}
#: What is drawn by lot is drawn from this: ``HILUM_TEST_SEED=7``.
SEED = int(os.environ.get("HILUM_TEST_SEED", "1"))

HILUM = Path(sys.executable).with_name("hilum")
#: What can be killed.
ROLES = ("api", "worker", "receiver", "postmaster", "backend", "supervisor")

_Found = TypeVar("_Found")


def until(look: Callable[[], _Found], seconds: float, what: str, more: Callable[[], object] = str) -> _Found:
    """What ``look`` finds, as soon as it is something; ``what`` and ``more`` say what was waited for in vain."""
    last = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < last, f"within {seconds:.0f} s: {what}; {more()}"
        time.sleep(0.05)
    return found


def free_port() -> int:
    """A port of this machine on which nobody listens now."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])


def environment(ours: Mapping[str, str]) -> dict[str, str]:
    """This process' own, with these and no other settings of the service."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith("HILUM_")}, **ours}


@contextmanager
def short_folder() -> Iterator[Path]:
    """A new folder whose path is short enough for a Unix socket in it."""
    folder = Path(tempfile.mkdtemp(prefix="hilum-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Service:
    """``hilum COMMAND`` over ``data``, which need not exist; ``settings`` by their names; with ``trust``, by HTTPS."""

    def __init__(
        self,
        data: Path,
        *,
        command: str = "serve",
        log: Path | None = None,
        trust: ssl.SSLContext | None = None,
        **settings: object,
    ) -> None:
        self.data = data
        self.trust = trust
        self.port, self.dimse_port = free_port(), free_port()
        self.log = log or data.with_name(f"{data.name}.log")
        self._command = command
        self._settings = settings
        self._supervisor: subprocess.Popen[bytes] | None = None

    def start(self, more: Mapping[str, str] | None = None) -> None:
        """Start it; ``more`` are environment variables."""
        ports = {"port": self.port, "dimse_port": self.dimse_port}
        chosen = {"data": self.data, "demo": True, **ports, **self._settings}
        ours = {f"HILUM_{name.upper()}": str(value) for name, value in chosen.items()}
        with self.log.open("ab") as log:
            self._supervisor = subprocess.Popen(
                [HILUM, self._command],
                env=environment({**ours, **(more or {})}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def started(self, more: Mapping[str, str] | None = None) -> "Service":
        """Start it and wait until it is ready to receive and to read."""
        self.start(more)
        until(self.is_ready, 60, "the service is ready", self.words)
        return self

    def answers(self) -> bool:
        """Does its API live, whatever it waits for?"""
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/healthz", timeout=5, verify=self.trust or True).status_code == 200
        return False

    def is_ready(self) -> bool:
        """Is what /readyz lists there, and the receiver?"""
        assert self._supervisor
        assert self._supervisor.poll() is None, self.words()
        try:
            if httpx.get(f"{self.url}/readyz", timeout=5, verify=self.trust or True).status_code != 200:
                return False
            socket.create_connection(("127.0.0.1", self.dimse_port), timeout=5).close()
        except (httpx.TransportError, OSError):
            return False
        return True

    @property
    def url(self) -> str:
        return f"{'https' if self.trust else 'http'}://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        stated = self._settings.get("database_url")
        return str(stated) if stated else PrivatePostgres(self.data / "postgres").url

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Rows of its database, asked past the service.

        Raises:
            psycopg.OperationalError: when the database does not answer.
        """
        options = connection_options(self.database_url)
        with psycopg.connect(options["conninfo"], **options["kwargs"], row_factory=dict_row) as connection:
            return connection.execute(sql.encode(), values).fetchall()

    def number(self, sql: str, *values: object) -> int:
        """The one number that a query answers with; -1 while the database does not answer."""
        with suppress(psycopg.OperationalError):
            return int(next(iter(self.rows(sql, *values)[0].values())))
        return -1

    def processes(self, role: str) -> list[psutil.Process]:
        """Those that live now."""
        match role:
            case "supervisor":
                return [psutil.Process(self._supervisor.pid)] if self._supervisor else []
            case "postmaster":
                return self._postmaster()
            case "backend":
                return [
                    one for server in self._postmaster() for one in _children(server) if "hilum hilum" in _line(one)
                ]
            case _:
                return [one for one in psutil.process_iter() if self._is_ours(one, f"serving process {role}")]

    def kill(self, role: str, chance: random.Random) -> None:
        """End one process of this role without a warning; waits for there to be one."""
        while True:
            victim = chance.choice(until(lambda: self.processes(role), 60, f"a process to kill: {role}"))
            try:
                victim.kill()
            except psutil.NoSuchProcess:
                continue
            if role == "supervisor":
                self._reap()
            return

    def signal(self, role: str, number: signal.Signals) -> None:
        """Send a signal to every process of this role, and to the postmaster's children with it."""
        for one in self.processes(role):
            family = [one, *_children(one)] if role == "postmaster" else [one]
            for member in family:
                with suppress(psutil.NoSuchProcess):
                    member.send_signal(number)

    def stop(self) -> None:
        """Ask it to end, as an administrator does; it ends with 0."""
        assert self._supervisor
        self._supervisor.terminate()
        assert self._supervisor.wait(60) == 0, self.words()
        self._supervisor = None

    def end(self) -> None:
        """End everything of it that still runs, at once and together: a machine that loses its power."""
        if self._supervisor:
            self._supervisor.kill()
            self._reap()
        everybody = [one for role in ROLES[:-2] for one in self.processes(role)]
        everybody += [child for server in self._postmaster() for child in _children(server)]
        for one in everybody:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(everybody, 20)

    def words(self) -> str:
        """The end of its log."""
        return f"its log ends:\n{self.log.read_text(errors='replace')[-4000:]}" if self.log.exists() else "no log"

    def _reap(self) -> None:
        assert self._supervisor
        self._supervisor.wait(20)
        self._supervisor = None

    def _postmaster(self) -> list[psutil.Process]:
        try:
            pid = int((self.data / "postgres/data/postmaster.pid").read_text().split("\n", 1)[0])
            server = psutil.Process(pid)
            return [server] if "postgres" in _line(server) else []
        except (OSError, ValueError, psutil.NoSuchProcess):
            return []

    def _is_ours(self, one: psutil.Process, line: str) -> bool:
        try:
            return line in _line(one) and one.environ().get("HILUM_DATA") == str(self.data)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False


@contextmanager
def running(data: Path, *, trust: ssl.SSLContext | None = None, **settings: object) -> Iterator[Service]:
    """``hilum serve`` until the end of the block, ready at its beginning."""
    service = Service(data, trust=trust, **settings)
    try:
        yield service.started()
    finally:
        service.end()


@contextmanager
def a_database() -> Iterator[str]:
    """The URL of a PostgreSQL that no service looks after."""
    with short_folder() as folder:
        server = PrivatePostgres(folder)
        server.start()
        try:
            yield server.url
        finally:
            server.stop()


def _children(server: psutil.Process) -> list[psutil.Process]:
    try:
        return list(server.children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def _line(one: psutil.Process) -> str:
    try:
        return " ".join(one.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess, psutil.AccessDenied):
        return ""
