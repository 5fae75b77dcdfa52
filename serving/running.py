"""Starting the service: reader, store and application together, on a socket of ours."""

import logging
import socket
import threading

import click
import uvicorn

from model.errors import Misconfigured
from model.reader import Reader
from model.weights import DEFAULT
from serving.api import STORAGE
from serving.app import create_app
from serving.samples import feed
from serving.settings import Settings
from serving.store import InMemoryStore, Store

_LOOPBACK = ("127.0.0.1", "::1", "localhost")

log = logging.getLogger("hilum.serve")


def run_service(settings: Settings) -> None:
    """Serve until interrupted.

    Raises:
        Misconfigured: when the weights do not fit, or the address cannot be listened on.
    """
    reader = Reader.load(settings.weights or DEFAULT)
    store = make_store(settings)
    listening = _listen(settings)
    stop = threading.Event()
    if settings.samples:
        threading.Thread(
            target=feed, args=(settings.samples, settings, store, stop), name="samples", daemon=True
        ).start()
    _greet(settings, listening, reader.name)
    server = uvicorn.Server(uvicorn.Config(create_app(settings, store, reader), log_config=None))
    try:
        server.run(sockets=[listening])
    finally:
        stop.set()


def make_store(settings: Settings) -> Store:
    return InMemoryStore(
        max_instances=settings.max_instances, max_bytes=settings.max_store_bytes, queue_length=settings.queue_length
    )


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        words = f"{settings.host}:{settings.port} must be free to listen on, but is not: {error.strerror}. Use --port."
        raise Misconfigured(words) from None


def _greet(settings: Settings, listening: socket.socket, reader_name: str) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(f"\n  Hilum is at http://{host}:{listening.getsockname()[1]}   reader {reader_name}\n")
    click.secho(f"  {STORAGE}", fg="yellow")
    if settings.host not in _LOOPBACK:
        words = "  Anyone who reaches this address sees every patient: this version has no users. Put it behind one."
        click.secho(words, fg="red", bold=True)
    click.echo()
