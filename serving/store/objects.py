"""Bytes, by name, in an object store: a folder of this machine, S3, Google Cloud or Azure (obstore)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from model.errors import Misconfigured, Unavailable
from serving.store.staged import Staged

#: Where the end of the audit trail's chain is told.
ANCHOR_NAME = "audit/anchor.json"
_TIMEOUT, _CONNECT_TIMEOUT = timedelta(seconds=30), timedelta(seconds=5)


def content_name(content_hash: str) -> str:
    """Where the bytes of a received file are."""
    return f"content/{content_hash[:2]}/{content_hash}"


def rendition_name(content_hash: str, longest_side: int) -> str:
    """Where the display copy of a received file is, once someone looked at it."""
    return f"renditions/{content_hash[:2]}/{content_hash}-{longest_side}.jpg"


class Objects:
    """An object store. Names are made by the functions above, never from what a file says."""

    def __init__(self, store: ObjectStore, incoming: Path) -> None:
        self._store = store
        #: The folder of this machine that it is; None elsewhere.
        self.folder = store.prefix if isinstance(store, LocalStore) else None
        #: Where what is staged is: in the store's own folder, if it is one, so that they need not be copied.
        self._incoming = self.folder / "incoming" if self.folder else incoming
        #: Folders whose own names this process has brought to the disk.
        self._kept: set[Path] = set()

    @classmethod
    def at(cls, url: str | None, folder: Path) -> "Objects":
        """The store at ``url`` (s3://, gs://, az://, file://), or in ``folder`` without one.

        Raises:
            Misconfigured: when the URL names no store that we know.
        """
        try:
            if url is None or url.startswith("file:"):
                return cls(LocalStore.from_url(url, mkdir=True) if url else LocalStore(folder, mkdir=True), folder)
            client = {"timeout": _TIMEOUT, "connect_timeout": _CONNECT_TIMEOUT, "allow_http": True}
            return cls(from_url(url, client_options=client), folder / "incoming")  # type: ignore[call-overload]
        except (BaseError, ValueError, OSError) as error:
            words = f"HILUM_OBJECT_STORE must be a folder that can be written or a URL that obstore knows: {error}"
            raise Misconfigured(words) from None

    def stage(self) -> Staged:
        """For what comes piece by piece, to be put later.

        Raises:
            Unavailable: when there is no place for it.
        """
        with _unavailable("take"):
            self._incoming.mkdir(parents=True, exist_ok=True)
            return Staged(self._incoming)

    def put(self, name: str, data: bytes | Staged) -> None:
        """Store ``data`` under ``name``; when this returns, it survives a loss of power.

        Raises:
            Unavailable: when the store does not take it: not reachable, full, not writable.
        """
        with _unavailable("take"):
            if isinstance(data, Staged):
                self._put_staged(name, data)
            else:
                obstore.put(self._store, name, data, use_multipart=False)
            if self.folder is not None:
                self._sync_with_folders(self.folder / name)

    def _put_staged(self, name: str, staged: Staged) -> None:
        if self.folder is None or not staged.link_to(self.folder / name):
            with staged.reading() as file:
                obstore.put(self._store, name, file)

    def _sync_with_folders(self, path: Path) -> None:
        """Bring a file and its entry in each folder above it to the disk: the store itself does not."""
        sync(path)
        sync(path.parent)
        if path.parent not in self._kept:
            sync(path.parent.parent)
            self._kept.add(path.parent)

    def get(self, name: str, *, keep_in_memory: bool = True) -> bytes | None:
        """The bytes under ``name``; None when there are none.

        Without ``keep_in_memory``, the system's memory forgets those of a folder: they are seldom asked for again, and
        would push the database's pages out.

        Raises:
            Unavailable: when the store cannot be asked.
        """
        with _unavailable("give"):
            try:
                if self.folder is not None:
                    return _read(self.folder / name, keep_in_memory=keep_in_memory)
                return obstore.get(self._store, name).bytes().to_bytes()
            except FileNotFoundError:
                return None

    def has(self, name: str) -> bool:
        """Whether anything is under ``name``.

        Raises:
            Unavailable: when the store cannot be asked.
        """
        return self.size(name) is not None

    def size(self, name: str) -> int | None:
        """How many bytes are under ``name``; None when nothing is.

        Raises:
            Unavailable: when the store cannot be asked.
        """
        with _unavailable("give"):
            try:
                return obstore.head(self._store, name)["size"]
            except FileNotFoundError:
                return None

    def delete(self, name: str) -> None:
        """Remove what is under ``name``, if anything is."""
        with _unavailable("delete"):
            try:
                obstore.delete(self._store, name)
            except FileNotFoundError:
                return


def _read(path: Path, *, keep_in_memory: bool) -> bytes:
    """A file, copied once: the store itself copies it twice."""
    with path.open("rb", buffering=0) as file:
        data = file.read()
        if not keep_in_memory and hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return data


def sync(place: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _unavailable(verb: str) -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        words = f"The object store must {verb} the bytes, but does not now ({type(error).__name__}). Try again later."
        raise Unavailable(words) from error
