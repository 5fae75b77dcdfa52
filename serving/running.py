"""The processes of the service, each alone: the API, a worker, the receiver. ``supervisor`` keeps them running."""

import asyncio
import errno
import logging
import signal
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import uvicorn
import uvloop
from fastapi import FastAPI

from model.errors import Misconfigured
from model.reader import Reader
from model.weights import DEFAULT, load
from serving.app import create_app
from serving.backfill import backfill_folder, reread
from serving.capacity import Capacity
from serving.decoders import Decoders
from serving.doors.dimse import Receiver
from serving.http_connection import SERVED, Connection
from serving.private_postgres import PrivatePostgres
from serving.processes import bound_memory, give_back_memory
from serving.progress import Progress
from serving.renewal import renewed
from serving.samples import feed
from serving.services import Services
from serving.settings import Settings
from serving.store.database import Database
from serving.store.objects import Objects
from serving.store.store import Store
from serving.tls import https_context
from serving.worker import Worker

log = logging.getLogger("hilum.process")

NO_DATABASE = "HILUM_DATABASE_URL must name the database that `hilum serve` or you yourself run."
#: Seconds that requests under way have when the API stops.
_GRACE = 5


def open_store(settings: Settings) -> Store:
    """The store that the settings name; the database need not be there yet.

    Raises:
        Misconfigured: when a URL is none, or no database is named.
    """
    if settings.database_url is None:
        raise Misconfigured(NO_DATABASE)
    database = Database(settings.database_url, connections=settings.database_connections).open()
    return Store(database, Objects.at(settings.object_store, settings.data / "objects"))


def run_api(settings: Settings, descriptor: int) -> None:
    """The HTTP interface on a listening socket that we were handed, until a signal."""
    listening = socket.socket(fileno=descriptor)
    store = open_store(settings)
    app = create_app(settings, store, reader_name(settings))
    app.state.decoders.start()
    stop = threading.Event()
    if settings.samples:
        services = make_services(settings, store)
        threading.Thread(target=feed, args=(settings.samples, services, stop), name="samples", daemon=True).start()
    config = http_config(settings, app)
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        stop.set()
        store.database.close()


def http_config(settings: Settings, app: FastAPI) -> uvicorn.Config:
    """How the interface is served: by HTTPS where the settings have a certificate, which may be renewed meanwhile."""
    context = https_context(settings)
    if context and settings.tls_certificate:
        renewed(context, settings.tls_certificate, settings.tls_key)
    factory = (lambda _, __: context) if context else None
    # The application knows which proxies are trusted.
    more: dict[str, Any] = {"proxy_headers": False, "ssl_context_factory": factory, **SERVED}
    return uvicorn.Config(app, http=Connection, timeout_graceful_shutdown=_GRACE, **more)


def run_worker(settings: Settings) -> None:
    """Jobs on one core, until a signal."""
    bound_memory(settings.worker_memory_bytes)
    reader = Reader.load(settings.weights or DEFAULT)
    give_back_memory()  # its weights came twice, as they are stored and as they compute
    store = open_store(settings)

    async def work() -> None:
        worker = Worker(settings, store, reader)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, worker.stop)
        await worker.run()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work())
    store.database.close()


def run_backfill(settings: Settings, folder: Path | None, window: int) -> None:
    """Old radiographs below everything that is live: those of a folder, or all that the reader has not read yet."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    store = open_store(with_private_database(settings))
    if folder is None:
        click.echo(f"{reread(store, reader_name(settings), window, stop)} instances are queued to be read.")
    else:
        click.echo(f"{backfill_folder(make_services(settings, store), folder, window, stop).words()}.")
    if stop.is_set():
        click.echo("Stopped. The same command goes on from here.")
    store.database.close()


def with_private_database(settings: Settings) -> Settings:
    """The same, with the private database of a service that runs here, where none is named.

    Raises:
        Misconfigured: when it does not run.
    """
    if settings.database_url is not None:
        return settings
    postgres = PrivatePostgres(settings.data / "postgres")
    if not postgres.answers():
        words = f"`hilum serve` must run with the data folder '{settings.data}', or HILUM_DATABASE_URL name a database."
        raise Misconfigured(words)
    return replace(settings, database_url=postgres.url)


def run_receiver(settings: Settings, descriptor: int) -> None:
    """The Storage SCP on a listening socket that we were handed, until a signal."""
    listening = socket.socket(fileno=descriptor)
    store = open_store(settings)
    receiver = Receiver(make_services(settings, store), listening)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    receiver.start()
    ended.wait()
    receiver.stop()
    store.database.close()


def reader_name(settings: Settings) -> str:
    """Name and version of the reader, without loading it into ONNX Runtime."""
    manifest, _ = load(settings.weights or DEFAULT)
    return manifest.reader


def listen(host: str, port: int, *, option: str = "--port", patience: float = 0.0) -> socket.socket:
    """A socket that accepts connections; ``patience`` in seconds for an address to become free.

    ``option`` chooses another port.

    Raises:
        Misconfigured: when the address is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    until = time.monotonic() + patience
    while True:
        try:
            return socket.create_server((host, port), family=family, backlog=2048)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                words = f"{host}:{port} must be free to listen on, but is not: {error.strerror}. Use {option}."
                raise Misconfigured(words) from None
        time.sleep(0.1)


def make_services(settings: Settings, store: Store) -> Services:
    """What doors need, over this store."""
    progress = Progress(store.database.url)
    capacity, decoders = Capacity(settings, store), Decoders(most_memory=settings.worker_memory_bytes)
    return Services(settings, store, reader_name(settings), progress, capacity, decoders)
