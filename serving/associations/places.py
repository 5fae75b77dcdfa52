"""Places for associations, shared by the processes of one machine; those of a process that ends are free at once."""

import fcntl
import os
import threading
from pathlib import Path


class Places:
    """``count`` places: bytes of a file, which a process locks one by one (the kernel unlocks them when it ends)."""

    def __init__(self, file: Path, count: int) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._count = count
        self._lock = threading.Lock()
        self._taken: set[int] = set()

    def take(self) -> int | None:
        """A place; None when all are taken."""
        with self._lock:
            for place in range(self._count):
                if place not in self._taken and self._hold(place):
                    self._taken.add(place)
                    return place
        return None

    def give_back(self, place: int) -> None:
        with self._lock:
            self._taken.discard(place)
            fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, place)

    def close(self) -> None:
        os.close(self._descriptor)

    def _hold(self, place: int) -> bool:
        try:
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except OSError:  # another process has it
            return False
        return True
