"""The tables as a file and back, by PostgreSQL's own programs, which come with the package of the private database."""

import os
import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from model.errors import Misconfigured
from serving.private_postgres import PROGRAMS
from serving.store.database import SCHEMA

#: What all tables stand on; what of it is there stays.
_EXTENSION = "pg_trgm"


def dump(url: str, target: Path) -> None:
    """Our schema, and nothing else of the database, as of one moment.

    Raises:
        Misconfigured: when the server is newer than our programs, or does not let us read.
    """
    what = [f"--schema={SCHEMA}", f"--extension={_EXTENSION}", "--no-owner", "--no-privileges", "--no-comments"]
    _run("pg_dump", url, "--format=custom", *what, f"--file={target}")


def load(url: str, source: Path) -> None:
    """All of it, or nothing.

    Raises:
        Misconfigured: when the database does not take it.
    """
    _run("pg_restore", url, "--single-transaction", "--no-owner", "--no-privileges", str(source))


def _run(program: str, url: str, *arguments: str) -> None:
    """The password goes by the environment: whoever lists processes sees arguments."""
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    secret = {"PGPASSWORD": parts.pop("password")} if "password" in parts else {}
    command = [str(PROGRAMS / program), f"--dbname={make_conninfo(**parts)}", *arguments]
    ended = subprocess.run(  # noqa: S603 - a program of ours
        command, env={**os.environ, **secret}, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        # The first line names the object; what comes after may quote a row.
        said = next(iter(ended.stderr.strip().splitlines()), "nothing")[:300]
        raise Misconfigured(f"{program} must end well, but says: {said}")
