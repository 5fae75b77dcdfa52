"""``hilum doctor`` looks at the service itself: database, object store, workers, and what waits or was given up."""

from collections.abc import Callable, Iterator

import psycopg

from model.errors import HilumError, Unavailable
from serving.audit.syslog import collector_of
from serving.checks import Check
from serving.database_checks import database_checks
from serving.destinations import current
from serving.priors.place import configured_archive
from serving.private_postgres import PrivatePostgres
from serving.senders.sender import Rejected
from serving.settings import Settings
from serving.store.database import Database, connection_options
from serving.store.migration import newest_version
from serving.store.objects import Objects
from serving.store.stalled import living_workers
from serving.store.store import Store

_OLDEST_POSTGRES = 140000
_PROBE = "doctor/probe"
#: A reading that waits for longer is late.
_LATE_SECONDS = 600


def service_checks(settings: Settings) -> list[Check]:
    """What can be seen from here; a private database is looked at while `hilum serve` runs."""
    url = settings.database_url
    if url is None:
        postgres = PrivatePostgres(settings.data / "postgres")
        if not postgres.answers():
            words = f"private, not running now (data folder {settings.data})"
            return [Check(name="database", right=True, words=words)]
        url = postgres.url
    database = _database(url)
    if not database.right:
        return [database]
    pool = Database(url, connections=2).open()
    try:
        store = Store(pool, Objects.at(settings.object_store, settings.data / "objects"))
        return [
            database,
            _object_store(store),
            *_work(store),
            *_destinations(settings, store),
            *_others(settings),
            *database_checks(store),
        ]
    except HilumError as error:
        return [database, Check(name="service", right=False, words=str(error), cure="Start `hilum serve` once.")]
    finally:
        pool.close()


def _database(url: str) -> Check:
    cure = "Look at HILUM_DATABASE_URL, and at the database's own log."
    options = connection_options(url)
    try:
        with psycopg.connect(options["conninfo"], **options["kwargs"]) as connection:
            server = connection.info.server_version
            row = connection.execute("SELECT max(version) FROM schema_version").fetchone()
    except psycopg.errors.UndefinedTable:
        return Check(name="database", right=True, words="reachable, still empty")
    except psycopg.Error as error:
        return Check(name="database", right=False, words=f"not reachable ({type(error).__name__})", cure=cure)
    version = row[0] if row else None
    words = f"PostgreSQL {server // 10000}.{server % 10000}, tables of version {version} of {newest_version()}"
    cure = "PostgreSQL 14 or newer is needed; an older version of the tables is brought forward by `hilum serve`."
    return Check(
        name="database", right=server >= _OLDEST_POSTGRES and version == newest_version(), words=words, cure=cure
    )


def _object_store(store: Store) -> Check:
    """Bytes are stored, read back and deleted."""
    name = "object store"
    try:
        store.objects.put(_PROBE, b"probe")
        same = store.objects.get(_PROBE) == b"probe"
        store.objects.delete(_PROBE)
    except Unavailable as error:
        return Check(name=name, right=False, words=str(error), cure="Look at HILUM_OBJECT_STORE and its credentials.")
    words = "stores, gives and deletes" if same else "gives other bytes than were stored"
    return Check(name=name, right=same, words=words, cure="Use another store.")


def _work(store: Store) -> Iterator[Check]:
    workers = living_workers(store)
    yield Check(
        name="workers",
        right=workers > 0,
        words=f"{workers} processes read",
        cure="Start `hilum serve` or `hilum worker`; their logs say why they ended.",
    )
    late = [
        row for row in store.database.all("queue_figures") if row["priority"] and row["oldest_seconds"] > _LATE_SECONDS
    ]
    words = "; ".join(f"{row['waiting']} wait for {row['task']}" for row in late) or "nothing waits for long"
    yield Check(name="queue", right=not late, words=words, cure="Start more workers, or look at their logs.")
    dead = sum(row["dead"] for row in store.database.all("dead_figures"))
    cure = "See GET /api/dead-letters or the page; replay them once their reason is gone."
    yield Check(name="dead letters", right=dead == 0, words=f"{dead} jobs were given up", cure=cure)


def _others(settings: Settings) -> Iterator[Check]:
    """The archive of priors and the audit collector: each is asked whether it is there."""
    asked: dict[str, Callable[[], str]] = {}
    if archive := configured_archive(settings):
        asked["archive of priors"] = archive.check
    if collector := collector_of(settings):
        asked["audit collector"] = collector.check
    for name, check in asked.items():
        try:
            right, words = True, check()
        except Unavailable as error:
            right, words = False, str(error)
        yield Check(name=name, right=right, words=words, cure="Look at its address, and at what it knows of us.")


def _destinations(settings: Settings, store: Store) -> Iterator[Check]:
    """Each is asked whether it is there; nothing is sent."""
    for name, one in sorted(current(settings, store).items()):
        try:
            right, words = True, one.sender.check()
        except (Unavailable, Rejected) as error:
            right, words = False, str(error)
        cure = "Look at its address and at what it knows of us; deliveries wait meanwhile."
        yield Check(name=f"destination {name}", right=right, words=words, cure=cure)
