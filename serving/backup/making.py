"""``hilum backup``: while everything runs. First the database as of one moment, then the files that it refers to.

What is received meanwhile is of the next backup. Nothing is pruned meanwhile, so that each row finds its file.
"""

import hashlib
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from model.errors import Misconfigured, Unavailable
from serving.backup.dump import dump
from serving.backup.manifest import (
    File,
    Manifest,
    file_at,
    hash_of,
    read_list,
    read_manifest,
    write_list,
    write_manifest,
    write_whole,
)
from serving.store import chain
from serving.store.audit import Act, Action, note_alone
from serving.store.database import execute, only
from serving.store.migration import newest_version
from serving.store.objects import content_name
from serving.store.store import Store
from serving.training_set.pseudonyms import KEY_FILE
from serving.who import service

_PATIENCE = 30.0
_AT_ONCE = 4


#: Of the data folder, what is neither in the database nor in the object store and cannot be made again.
DATA_FILES = (KEY_FILE,)


def back_up(store: Store, folder: Path, data: Path) -> Manifest:
    """Bring the backup in ``folder`` up to date, or make it; ``data`` is the service's data folder.

    Raises:
        Misconfigured: when the folder holds something else, or the database is not of this version.
        Unavailable: when another backup runs, or database or object store are not there.
    """
    before = _before(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(store):
        _check_version(store)
        manifest = _make(store, folder, data, before)
    _forget(folder, manifest)
    about = {"objects": sum(1 for _ in read_list(folder / manifest.objects.name)), "position": manifest.audit.position}
    note_alone(store, Act(who=service("backup"), action=Action.BACKED_UP, details=about))
    return manifest


def _make(store: Store, folder: Path, data: Path, before: Mapping[str, File]) -> Manifest:
    now = store.database.now()
    stamp = now.strftime("%Y%m%dT%H%M%S%f")
    chain.chain_all(store)
    head = chain.head_of(store)
    dump(store.database.url, folder / f"database-{stamp}.dump")
    files = _copy(store, folder / "objects", before)
    write_list(folder / f"objects-{stamp}.jsonl", files)
    manifest = Manifest(
        made_at=now.isoformat(),
        hilum=version("hilum"),
        tables=newest_version(),
        database=file_at(folder, f"database-{stamp}.dump"),
        objects=file_at(folder, f"objects-{stamp}.jsonl"),
        data=tuple(_data_files(folder / "data", data)),
        audit=head,
    )
    write_manifest(folder, manifest)
    return manifest


def _data_files(folder: Path, data: Path) -> Iterator[File]:
    for name in DATA_FILES:
        if (data / name).is_file():
            write_whole(folder / name, (data / name).read_bytes())
            yield file_at(folder, name)


def _before(folder: Path) -> Mapping[str, File]:
    """The files of the backup that is there, by name."""
    if folder.exists() and not folder.is_dir():
        raise Misconfigured(f"'{folder}' must be a folder for the backup, but is a file.")
    manifest = read_manifest(folder)
    if manifest is None:
        strange = [one.name for one in folder.iterdir() if not _is_ours(one.name)] if folder.exists() else []
        if strange:
            raise Misconfigured(f"'{folder}' must be empty or hold a backup, but holds '{strange[0]}'.")
        return {}
    return {one.name: one for one in read_list(folder / manifest.objects.name)}


def _is_ours(name: str) -> bool:
    return name.startswith(("manifest.json", "database-", "objects", "data"))


@contextmanager
def _alone(store: Store) -> Iterator[None]:
    """No other backup, and nobody prunes."""
    with store.database.connection() as connection:
        until = time.monotonic() + _PATIENCE
        while not only(execute(connection, "hold_backup"))["held"]:
            if time.monotonic() > until:
                raise Unavailable("Another backup of this database must end first. Try again later.")
            time.sleep(0.2)
        try:
            yield
        finally:
            execute(connection, "release_backup")


def _check_version(store: Store) -> None:
    row = store.database.one("tables_version")
    found = row["version"] if row else None
    if found != newest_version():
        words = (
            f"The tables must be of version {newest_version()}, not {found}. Start `hilum serve` of this version once."
        )
        raise Misconfigured(words)


def _copy(store: Store, folder: Path, before: Mapping[str, File]) -> list[File]:
    """Every file that a row refers to; what is there already is not copied again."""
    rows = store.database.all("all_content")
    names = [content_name(row["content_hash"]) for row in rows]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        copied = list(pool.map(lambda name: _copied(store, folder, name, before.get(name)), names))
    # What is doomed may be gone already, or doomed since the moment that the database is as of: then it is there.
    missing = sum(one is None and not row["doomed"] for one, row in zip(copied, rows, strict=True))
    if missing:
        raise Unavailable(f"The object store must hold every file, but {missing} are not found. Run `hilum doctor`.")
    return [one for one in copied if one is not None]


def _copied(store: Store, folder: Path, name: str, before: File | None) -> File | None:
    path = folder / name
    size = store.objects.size(name)
    if size is None:
        return None
    if path.is_file() and path.stat().st_size == size:
        return before if before and before.size == size else File(name=name, size=size, sha256=hash_of(path))
    data = store.objects.get(name, keep_in_memory=False)
    if data is None:
        return None
    write_whole(path, data)
    return File(name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())


def _forget(folder: Path, manifest: Manifest) -> None:
    """What belongs to the backup before, and to no backup."""
    for path in folder.glob("*-*.*"):
        if path.name not in {manifest.database.name, manifest.objects.name}:
            path.unlink()
    listed = {one.name for one in read_list(folder / manifest.objects.name)}
    for path in (folder / "objects").rglob("*"):
        if path.is_file() and path.relative_to(folder / "objects").as_posix() not in listed:
            path.unlink()
