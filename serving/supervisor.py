"""``hilum serve``: database, API, workers and receiver on one box; ``hilum api | worker | receive``: one of them alone.

The supervisor holds the listening socket, so that requests wait, and are not refused, while the API starts again.
Whoever comes first after an upgrade migrates the database; the others wait for it, so they start in any order.
"""

import logging
import os
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import click

from model.errors import Misconfigured, Unavailable
from serving import metrics
from serving.noted_run import noted_run
from serving.private_postgres import PrivatePostgres
from serving.processes import Processes
from serving.running import NO_DATABASE, listen, open_store, reader_name
from serving.settings import CONFIG_VARIABLE, LOOPBACK, Settings, environment, make_data_folder
from serving.store.accounts import is_there_any
from serving.store.migration import migrate
from serving.users.links import base_url, first_token, welcome_link

log = logging.getLogger("hilum.supervisor")

_TICK = 0.1
#: Seconds that the API of a supervisor that was killed may still take to end and leave us its port.
_PATIENCE = 8.0
#: glibc, in bytes: the memory of one radiograph is used again for the next, not asked from the kernel, which clears it
#: each time. Whoever starts us may say otherwise.
_REUSE_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(32 * 2**20), "MALLOC_TRIM_THRESHOLD_": str(128 * 2**20)}
_MOST_RECEIVERS = 4


def serve(settings: Settings) -> None:
    """Everything on one box, until SIGTERM or SIGINT.

    Raises:
        Misconfigured: when something is wrong that only a person can put right.
    """
    stop = _stop_on_signals()
    reader = reader_name(settings)
    make_data_folder(settings)
    listening = listen(settings.host, settings.port, patience=_PATIENCE)
    postgres = PrivatePostgres(settings.data / "postgres") if settings.database_url is None else None
    if postgres:
        postgres.start()
        settings = replace(settings, database_url=postgres.url)
    try:
        _migrate(settings, stop)
        processes = _with_api(settings, listening)
        _add_workers(processes, settings)
        _add_receivers(processes, settings)
        _greet(settings, listening, reader)
        with noted_run(settings, "serve"):
            _keep_running(processes, postgres, stop)
    finally:
        if postgres:
            postgres.stop()


def serve_api(settings: Settings) -> None:
    """The HTTP interface and page alone, on a database and object store that others share, until SIGTERM or SIGINT."""
    stop = _stop_on_signals()
    reader = reader_name(settings)
    make_data_folder(settings)
    listening = listen(settings.host, settings.port, patience=_PATIENCE)
    _migrate(settings, stop)
    processes = _with_api(settings, listening)
    _greet(replace(settings, dimse_port=0), listening, reader)
    with noted_run(settings, "api"):
        _keep_running(processes, None, stop)


def work(settings: Settings) -> None:
    """Workers alone, on the database and object store of others, until SIGTERM or SIGINT."""
    _join(settings, _add_workers, "worker")


def receive(settings: Settings) -> None:
    """The receiver alone, on the database and object store of others, until SIGTERM or SIGINT."""
    _join(settings, _add_receivers, "receive")


def _join(settings: Settings, add: Callable[[Processes, Settings], None], name: str) -> None:
    stop = _stop_on_signals()
    make_data_folder(settings)
    environ = _environment(settings)
    _migrate(settings, stop)
    if settings.metrics_port:
        metrics.serve(settings.host, settings.metrics_port, environ)
    processes = Processes(environ)
    add(processes, settings)
    with noted_run(settings, name):
        _keep_running(processes, None, stop)


def _with_api(settings: Settings, listening: socket.socket) -> Processes:
    processes = Processes(_environment(settings))
    descriptor = listening.fileno()
    processes.add("api", "process", "api", "--socket", str(descriptor), pass_fds=[descriptor])
    return processes


def _add_workers(processes: Processes, settings: Settings) -> None:
    for number in range(worker_count(settings)):
        processes.add(f"worker-{number}", "process", "worker")


def _add_receivers(processes: Processes, settings: Settings) -> None:
    """On one socket, which we hold: a connection goes to whoever is idle, and waits while they start again."""
    if not settings.dimse_port:
        return
    listening = listen(settings.dimse_host, settings.dimse_port, option="--dimse-port", patience=_PATIENCE)
    descriptor = listening.detach()
    for number in range(receiver_count(settings)):
        processes.add(f"receiver-{number}", "process", "receiver", "--socket", str(descriptor), pass_fds=[descriptor])
    log.info("C-STORE to %s at %s:%d", settings.ae_title, settings.dimse_host, settings.dimse_port)


def receiver_count(settings: Settings) -> int:
    """One for each core that we may use, but no more than keep a fast disk busy, unless the settings say otherwise."""
    return settings.receivers or min(_MOST_RECEIVERS, len(os.sched_getaffinity(0)))


def worker_count(settings: Settings) -> int:
    """One for each core that we may use, unless the settings say otherwise."""
    return settings.workers or len(os.sched_getaffinity(0))


def _keep_running(processes: Processes, postgres: PrivatePostgres | None, stop: threading.Event) -> None:
    try:
        while not stop.is_set():
            if postgres and not postgres.is_running():
                _start_again(postgres, stop)
            processes.look_after()
            stop.wait(_TICK)
    finally:
        processes.end()


def _start_again(postgres: PrivatePostgres, stop: threading.Event) -> None:
    log.error("the private database ended; starting it again")
    try:
        postgres.start()
    except Misconfigured as error:  # e.g. its last processes are not gone yet, or the disk is full
        log.error("%s", error)
        stop.wait(1)


def _migrate(settings: Settings, stop: threading.Event) -> None:
    """Bring the database to our version, waiting for one that is not there yet.

    Raises:
        Misconfigured: when no database is named, or one that is not ours to migrate.
    """
    if settings.database_url is None:
        raise Misconfigured(NO_DATABASE)
    while not stop.is_set():
        try:
            migrate(settings.database_url)
        except Unavailable as error:
            log.warning("waiting for the database: %s", error)
            stop.wait(1)
        else:
            return


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _environment(settings: Settings) -> Mapping[str, str]:
    """Our own, the settings, and a fresh folder in which the processes count together."""
    inherited = {name: value for name, value in os.environ.items() if name != CONFIG_VARIABLE}
    return {**_REUSE_MEMORY, **inherited, **environment(settings), **_counting(settings.data / "metrics")}


def _counting(folder: Path) -> dict[str, str]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return {metrics.FOLDER_VARIABLE: str(folder.resolve())}


def _greet(settings: Settings, listening: socket.socket, reader: str) -> None:
    port = listening.getsockname()[1]
    click.echo(f"\n  Hilum is at {base_url(settings, port)}   reader {reader}")
    if settings.dimse_port:
        click.echo(f"  C-STORE to {settings.ae_title} at {settings.dimse_host}:{settings.dimse_port}")
    click.echo(f"  Data in {settings.data.resolve()}\n")
    if settings.demo:
        click.secho("  Demo mode: whoever uses this machine may do everything, without signing in.", bold=True)
    else:
        _invite_first(settings, port)
    if settings.host not in LOOPBACK and not settings.tls_certificate and not settings.trusted_proxies:
        words = "  Passwords and patients go over the network as they are: set HILUM_TLS_CERTIFICATE or use a proxy."
        click.secho(words, fg="red", bold=True)


def _invite_first(settings: Settings, port: int) -> None:
    """Once, for a service without accounts: without this link nobody could sign in."""
    store = open_store(settings)
    try:
        if token := first_token(store):
            click.secho(f"  Make the first administrator at {welcome_link(settings, token, port)}\n", bold=True)
        elif not is_there_any(store):
            click.echo("  Nobody has an account yet: `hilum users invite` prints another link.\n")
    finally:
        store.database.close()
