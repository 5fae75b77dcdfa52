"""Brings a database to the newest schema: made new, or migrated forward from an earlier version, never back."""

import re
from importlib.resources import files
from typing import cast

import psycopg
from procrastinate.schema import SchemaManager
from psycopg.sql import SQL

from model.errors import Misconfigured, Unavailable
from serving.store.database import SCHEMA, connection_options

#: One process migrates at a time; the others wait and then find nothing to do.
_LOCK = 0x48494C554D  # "HILUM"


def newest_version() -> int:
    """The version that schema.sql is at."""
    return max(migrations(), default=1)


def migrations() -> dict[int, str]:
    """Version to the SQL that leads there from the version before."""
    folder = files("serving.store") / "migrations"
    found = ((re.match(r"(\d{4})_\w+\.sql$", file.name), file) for file in folder.iterdir())
    return {int(match[1]): file.read_text(encoding="utf-8") for match, file in found if match}


def migrate(url: str) -> int:
    """Bring the database at ``url`` to the newest version; the version it had, 0 for an empty one.

    Raises:
        Misconfigured: when the database is of a newer Hilum, or does not let us make tables.
        Unavailable: when it is not reachable.
    """
    options = connection_options(url)
    try:
        with psycopg.connect(options["conninfo"], **options["kwargs"]) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            found = _version(connection)
            _bring(connection, found)
            return found
    except psycopg.OperationalError as error:
        raise Unavailable(f"The database must be reachable, but is not: {type(error).__name__}.") from error
    except psycopg.errors.InsufficientPrivilege:
        words = f"The database must let this user make the schema '{SCHEMA}' and tables in it. GRANT CREATE to it."
        raise Misconfigured(words) from None
    except psycopg.ProgrammingError as error:
        raise Misconfigured(f"HILUM_DATABASE_URL must name a PostgreSQL database of ours: {error}") from None


def _bring(connection: psycopg.Connection, found: int) -> None:
    newest = newest_version()
    if found > newest:
        words = f"The database must be of version {newest} or older, not {found}: it is of a newer Hilum. Upgrade."
        raise Misconfigured(words)
    if found == 0:
        connection.execute(SQL(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        connection.execute(SchemaManager.get_schema())
        _run(connection, (files("serving.store") / "schema.sql").read_text(encoding="utf-8"))
        _note(connection, newest)
    for version, sql in sorted(migrations().items()):
        if 0 < found < version:
            _run(connection, sql)
            _note(connection, version)


def _version(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT to_regclass(%s)", [f"{SCHEMA}.schema_version"]).fetchone()
    if row is None or row[0] is None:
        return 0
    newest = connection.execute("SELECT max(version) FROM schema_version").fetchone()
    return cast("int", newest[0]) if newest else 0


def _run(connection: psycopg.Connection, sql: str) -> None:
    connection.execute(sql.encode())


def _note(connection: psycopg.Connection, version: int) -> None:
    connection.execute("INSERT INTO schema_version (version) VALUES (%s)", [version])
