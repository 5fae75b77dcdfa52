"""PostgreSQL: connections, transactions, and what it means when it is not there."""

import select
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Self

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool, PoolTimeout, TooManyRequests

from model.errors import Misconfigured, Unavailable
from serving.problems import Unfit
from serving.store.queries import QUERIES

#: Our tables and procrastinate's stand in this schema, so that a database may be shared with others.
SCHEMA = "hilum"
#: Seconds to wait for a connection before we say that there is none.
PATIENCE = 5.0
#: Over TCP, a machine that is gone without a word is noticed within about 30 s.
_KEEPALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30000}

Connection = psycopg.Connection[DictRow]
Row = Mapping[str, Any]


def connection_options(url: str, *, on_disk: bool = True) -> dict[str, Any]:
    """What every connection of ours is opened with: our schema, and commits that are on disk when they return.

    Without ``on_disk``, they are there within a second: for what is done again when it was lost.
    """
    committed = "on" if on_disk else "off"
    return {
        "conninfo": url,
        "kwargs": {
            "options": f"-c search_path={SCHEMA},public -c synchronous_commit={committed} -c timezone=UTC",
            "connect_timeout": int(PATIENCE),
            **_KEEPALIVE,
            "application_name": "hilum",
        },
    }


def has_something_to_say(connection: psycopg.BaseConnection[Any]) -> bool:
    """Whether an idle connection got something unasked, such as the server's farewell; only the kernel is asked."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _check(connection: Connection) -> None:
    """Ask the server whether a connection still works, when there is a reason to doubt it."""
    if has_something_to_say(connection):
        ConnectionPool.check_connection(connection)


class Contended(Unavailable):
    """Another transaction was in the way: the same one again, at once, may well succeed."""


class Database:
    """A pool of connections to one PostgreSQL. Safe to share between threads."""

    def __init__(self, url: str, *, connections: int) -> None:
        self.url = url
        options = connection_options(url)
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            options["conninfo"],
            kwargs={**options["kwargs"], "row_factory": dict_row, "autocommit": True},
            min_size=1,
            max_size=connections,
            timeout=PATIENCE,
            check=_check,
            open=False,
            name="hilum",
        )

    def open(self) -> Self:
        """Start the pool; connections are made in the background, so the database need not be there yet."""
        try:
            self._pool.open()
        except psycopg.ProgrammingError as error:
            raise Misconfigured(f"HILUM_DATABASE_URL must be a PostgreSQL URL: {type(error).__name__}.") from None
        return self

    def close(self) -> None:
        self._pool.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection in a transaction that is committed at the end, or rolled back by an exception.

        Raises:
            Unavailable: when the database is not reachable, or goes away before the commit.
        """
        with self.connection() as connection, connection.transaction():
            yield connection

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection on which each statement is a transaction of its own, which saves two trips to the server.

        Raises:
            Unavailable: when the database is not reachable, or goes away before the statement ends.
            Unfit: when it has no place for a value.
        """
        try:
            with self._pool.connection() as connection:
                yield connection
        except (PoolTimeout, TooManyRequests):
            raise Unavailable("The database must be reachable, but is not now. Send it again later.") from None
        except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
            raise Contended("Others changed the same rows at the same moment. Send it again.") from error
        except psycopg.DataError:
            raise Unfit("A text must be without NUL, and a number in the range of its kind. Send another.") from None
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            words = f"The database must take this, but did not ({type(error).__name__}). Send it again later."
            raise Unavailable(words) from error

    def now(self) -> datetime:
        """The database's clock; this machine's when the database is not reachable."""
        try:
            row = self.one("now")
        except Unavailable:
            row = None
        return row["now"] if row else datetime.now(UTC)

    def all(self, query: str, **values: Any) -> list[DictRow]:
        """Every row of the named query."""
        with self.connection() as connection:
            return execute(connection, query, **values).fetchall()

    def one(self, query: str, **values: Any) -> DictRow | None:
        """The first row of the named query, if there is one."""
        with self.connection() as connection:
            return execute(connection, query, **values).fetchone()


def execute(connection: Connection, query: str, **values: Any) -> psycopg.Cursor[DictRow]:
    """Run the query of that name in queries.sql."""
    return connection.execute(QUERIES[query], values)


def only(cursor: psycopg.Cursor[DictRow]) -> DictRow:
    """The row of a query that always has one."""
    row = cursor.fetchone()
    assert row is not None, "this query always answers with a row"
    return row
