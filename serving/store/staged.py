"""Bytes that come piece by piece: on the disk at once, and gone when they are not put into the store.

They have no name until then, so not even a power cut leaves half a file behind.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from mmap import ACCESS_READ, mmap
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

#: Large pieces cost the kernel less than small ones.
PIECE_BYTES = 2**20


class Staged:
    """A file without a name in ``folder``; close it."""

    def __init__(self, folder: Path) -> None:
        self._file = _nameless(folder)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def write(self, piece: bytes | memoryview) -> None:
        """Append ``piece``.

        Raises:
            OSError: such as a full disk.
        """
        left = memoryview(piece)
        while left:
            left = left[self._file.write(left) :]
        if len(piece) > PIECE_BYTES // 2 and hasattr(os, "posix_fadvise"):
            # Linux begins to write dirty pages that it is told are not needed, and keeps them until they are written:
            # less is left for the fsync at the end.
            os.posix_fadvise(self._file.fileno(), self._size, len(piece), os.POSIX_FADV_DONTNEED)
        self._size += len(piece)

    @contextmanager
    def mapped(self) -> Iterator[bytes]:
        """All of it, if it is anything, as bytes that are read from the file as they are looked at."""
        with mmap(self._file.fileno(), self._size, access=ACCESS_READ) as found:
            yield cast("bytes", found)  # of what bytes can, readers slice and unpack

    @contextmanager
    def reading(self) -> Iterator[IO[bytes]]:
        self._file.seek(0)
        yield self._file

    def link_to(self, path: Path) -> bool:
        """Give it a name, instead of what has that name; False where the file system can't."""
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = self._file.fileno()
        source = f"/proc/self/fd/{descriptor}"
        try:
            with suppress(FileNotFoundError):
                path.unlink()
            os.link(source, path, src_dir_fd=descriptor)  # with a descriptor, Python follows the link
        except OSError:
            return False
        return True

    def close(self) -> None:
        self._file.close()


def _nameless(folder: Path) -> IO[bytes]:
    """A file that may get a name later where the system knows O_TMPFILE, otherwise one that may not."""
    try:
        descriptor = os.open(folder, os.O_RDWR | os.O_TMPFILE | os.O_CLOEXEC, 0o666)
    except (AttributeError, OSError):
        return TemporaryFile(dir=folder, buffering=0)
    return os.fdopen(descriptor, "r+b", buffering=0)
