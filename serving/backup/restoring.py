"""``hilum restore``: a backup becomes a service again, where there was none. Nothing is overwritten.

Files first, then the tables in one transaction: what is interrupted is begun again with the same command.
"""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg

from model.errors import Misconfigured, Unavailable
from serving.backup.dump import load
from serving.backup.manifest import File, Manifest, hash_of, read_list, read_manifest, write_whole
from serving.private_postgres import PrivatePostgres
from serving.running import open_store
from serving.settings import Settings, make_data_folder
from serving.store import chain, stalled
from serving.store.audit import Act, Action, note_alone
from serving.store.database import SCHEMA
from serving.store.migration import migrate, newest_version
from serving.store.objects import Objects
from serving.store.store import Store
from serving.who import service

_AT_ONCE = 4


def restore(settings: Settings, folder: Path) -> Manifest:
    """Make what the settings name from the backup in ``folder``.

    Raises:
        Misconfigured: when there is something already, or the backup is not whole.
        Unavailable: when the database or the object store are not there.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise Misconfigured(f"'{folder}' must hold a backup that was finished, but holds none.")
    if manifest.tables > newest_version():
        raise Misconfigured(f"The backup is of Hilum {manifest.hilum}, a newer one. Install that, and restore with it.")
    _check(folder, manifest.database)
    _check(folder, manifest.objects)
    for file in manifest.data:
        _check(folder / "data", file)
    with _database(settings) as url:
        _check_empty(url)
        objects = Objects.at(settings.object_store, settings.data / "objects")
        _copy(objects, folder / "objects", list(read_list(folder / manifest.objects.name)))
        for file in manifest.data:
            _put_data(settings.data / file.name, folder / "data", file)
        load(url, folder / manifest.database.name)
        migrate(url)
        store = open_store(replace(settings, database_url=url))
        try:
            _resume(store, manifest)
        finally:
            store.database.close()
    return manifest


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    """Where the tables go: the database that the settings name, or a private one, made now."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    postgres = PrivatePostgres(settings.data / "postgres")
    if postgres.answers():
        raise Misconfigured(f"The service in '{settings.data}' must not run. Stop it, or name another --data.")
    make_data_folder(settings)
    postgres.start()
    try:
        yield postgres.url
    finally:
        postgres.stop()


def _check_empty(url: str) -> None:
    try:
        with psycopg.connect(url) as connection:
            there = connection.execute("SELECT to_regnamespace(%s)", [SCHEMA]).fetchone()
    except psycopg.OperationalError as error:
        raise Unavailable(f"The database must be reachable, but is not: {type(error).__name__}.") from error
    if there and there[0] is not None:
        words = "must hold nothing of Hilum's yet: a restore overwrites nothing"
        raise Misconfigured(f"The database {words}. Name an empty one, or another --data.")


def _check(folder: Path, file: File) -> None:
    path = folder / file.name
    if not path.is_file() or path.stat().st_size != file.size or hash_of(path) != file.sha256:
        raise Misconfigured(f"'{path}' must be as the manifest says, but is not: the backup is damaged.")


def _copy(objects: Objects, folder: Path, files: list[File]) -> None:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(lambda one: _put(objects, folder, one), files):
            pass


def _put(objects: Objects, folder: Path, file: File) -> None:
    """One file, which was as it is now when it was copied."""
    size = objects.size(file.name)
    if size is None:
        data = (folder / file.name).read_bytes() if (folder / file.name).is_file() else b""
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise Misconfigured(f"'{folder / file.name}' must be as the manifest says, but is not: it is damaged.")
        objects.put(file.name, data)
        return
    there = objects.get(file.name, keep_in_memory=False)
    if there is None or hashlib.sha256(there).hexdigest() != file.sha256:
        raise Misconfigured(
            f"The object store holds another '{file.name}': a restore overwrites nothing. Name another."
        )


def _put_data(path: Path, folder: Path, file: File) -> None:
    if path.exists() and hash_of(path) != file.sha256:
        raise Misconfigured(f"'{path}' is another one: a restore overwrites nothing. Name another --data.")
    write_whole(path, (folder / file.name).read_bytes())
    path.chmod(0o600)


def _resume(store: Store, manifest: Manifest) -> None:
    """Jobs that somebody held then are anybody's now; the audit trail goes on from here, and says so."""
    stalled.release(store, [row["id"] for row in store.database.all("all_workers")])
    row = store.database.one("chain_row", position=manifest.audit.position)
    if manifest.audit.position and (row is None or row["hash"] != manifest.audit.hash):
        raise Misconfigured("The audit trail of the backup is not the one that was backed up: it was changed since.")
    about: dict[str, str | int | bool | list[str]] = {"made_at": manifest.made_at, "position": manifest.audit.position}
    note_alone(store, Act(who=service("restore"), action=Action.RESTORED, details=about))
    chain.chain_all(store)
    chain.set_anchor(store, chain.head_of(store))
