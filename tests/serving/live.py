"""The service as it really runs, on a free port of this machine: real database, real jobs, one process."""

import asyncio
import shutil
import socket
import ssl
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import uvicorn

from serving.app import create_app
from serving.private_postgres import PrivatePostgres
from serving.reading_task import Reads
from serving.running import http_config, open_store
from serving.settings import Settings
from serving.store.migration import migrate
from serving.store.store import Store
from serving.worker import Worker
from tests.fakes import StubReader


@cache
def postgres() -> PrivatePostgres:
    """One server for all tests of a run, in a folder that goes with the run."""
    folder = Path(tempfile.mkdtemp(prefix="hilum-pg-"))
    server = PrivatePostgres(folder)
    server.start()
    import atexit

    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.stop)
    with psycopg.connect(server.url, autocommit=True) as connection:
        # A test's database is thrown away; nobody cuts the power.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    return server


@cache
def _template() -> str:
    """A database that is brought to our version once and then copied."""
    name = "template_hilum"
    with psycopg.connect(postgres().url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    migrate(_url(name))
    return name


def _url(name: str) -> str:
    server = urlsplit(postgres().url)
    return server._replace(path=f"/{name}", netloc="").geturl().replace("postgresql:/", "postgresql:///", 1)


@contextmanager
def empty_database() -> Iterator[str]:
    """The URL of a database without anything in it."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgres().url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield _url(name)
    finally:
        _drop(name)


@contextmanager
def new_database() -> Iterator[str]:
    """The URL of a database of our version, empty."""
    name = f"test_{uuid.uuid4().hex}"
    template = _template()
    with psycopg.connect(postgres().url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield _url(name)
    finally:
        _drop(name)


def _drop(name: str) -> None:
    with psycopg.connect(postgres().url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def new_store(**changes: object) -> Iterator[tuple[Settings, Store]]:
    """A store with nothing in it; ``changes`` are settings."""
    with new_database() as url, tempfile.TemporaryDirectory(prefix="hilum-data-") as folder:
        usual = {"database_url": url, "data": Path(folder), "min_free_bytes": 0, "quiet_seconds": 0, "demo": True}
        settings = Settings(**{**usual, **changes})  # type: ignore[arg-type]
        store = open_store(settings)
        try:
            yield settings, store
        finally:
            store.database.close()


@contextmanager
def working(settings: Settings, store: Store, reader: Reads) -> Iterator[None]:
    """A worker in a thread of this process."""
    made: list[tuple[Worker, asyncio.AbstractEventLoop]] = []
    up = threading.Event()

    async def work() -> None:
        worker = Worker(settings, store, reader)
        made.append((worker, asyncio.get_running_loop()))
        up.set()
        await worker.run()

    thread = threading.Thread(target=lambda: asyncio.run(work()))
    thread.start()
    assert up.wait(20)
    worker, loop = made[0]
    try:
        yield
    finally:
        if isinstance(reader, StubReader):
            reader.go_on.set()  # a test that failed half way must end too
        loop.call_soon_threadsafe(worker.stop)
        thread.join()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


@contextmanager
def serving(
    settings: Settings, store: Store, reader_name: str, *, verify: ssl.SSLContext | bool = True, port: int = 0
) -> Iterator[httpx.Client]:
    """A client of the HTTP interface, which runs in a thread of this process; on a free port unless told."""
    app = create_app(settings, store, reader_name)
    listening = socket.create_server(("127.0.0.1", port))
    config = http_config(settings, app)
    config.timeout_graceful_shutdown = 1
    server = _Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    assert server.up.wait(20)
    try:
        scheme = "https" if settings.tls_certificate else "http"
        base_url = f"{scheme}://127.0.0.1:{listening.getsockname()[1]}"
        with httpx.Client(base_url=base_url, timeout=30, verify=verify) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@contextmanager
def live(reader: Reads, **changes: object) -> Iterator[httpx.Client]:
    """A client of a running service with one worker; ``changes`` are settings."""
    with (
        new_store(**changes) as (settings, store),
        working(settings, store, reader),
        serving(settings, store, reader.name) as client,
    ):
        yield client
