"""What a backup consists of: ``manifest.json``, which is written last and at once, so that there is always a whole one.

manifest.json            what belongs together, with hashes
database-STAMP.dump      pg_dump, custom format
objects-STAMP.jsonl      name, size and SHA-256 of each file
objects/content/ab/...   the files; those of the backup before stay and are not copied again
data/                    what the data folder holds that is in neither
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from model.errors import Misconfigured
from serving.store.chain import Head
from serving.store.objects import sync

_NAME = "manifest.json"
_FORMAT = 1
_PIECE = 2**20


@dataclass(frozen=True, kw_only=True)
class File:
    """One file: its name in the backup or the object store; its size in bytes; its SHA-256, hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    #: ISO 8601, of the moment that the database is as of.
    made_at: str
    #: Version of Hilum, and of its tables.
    hilum: str
    tables: int
    database: File
    #: The list of the object store's files.
    objects: File
    #: Files of the data folder, below "data".
    data: tuple[File, ...]
    #: Where the audit trail's chain ended.
    audit: Head


def hash_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_at(folder: Path, name: str) -> File:
    path = folder / name
    return File(name=name, size=path.stat().st_size, sha256=hash_of(path))


def write_whole(path: Path, data: bytes) -> None:
    """On the disk under its name, all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync(path.parent)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    write_whole(folder / _NAME, json.dumps({"format": _FORMAT, **asdict(manifest)}, indent=2).encode())


def read_manifest(folder: Path) -> Manifest | None:
    """None where no backup was finished yet.

    Raises:
        Misconfigured: when what is there is none.
    """
    try:
        found = json.loads((folder / _NAME).read_bytes())
        if found.pop("format") != _FORMAT:
            raise Misconfigured(f"{folder} must hold a backup of format {_FORMAT}: it is of a newer Hilum. Upgrade.")
        files = {name: File(**found.pop(name)) for name in ("database", "objects")}
        data = tuple(File(**one) for one in found.pop("data"))
        return Manifest(**found | files | {"data": data, "audit": Head(**found["audit"])})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Misconfigured(f"{folder / _NAME} must be the manifest of a backup, but is none.") from None


def write_list(path: Path, files: Sequence[File]) -> None:
    lines = "".join(json.dumps(asdict(one)) + "\n" for one in files)
    write_whole(path, lines.encode())


def read_list(path: Path) -> Iterator[File]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield File(**json.loads(line))
