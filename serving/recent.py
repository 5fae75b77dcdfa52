"""What was made lately and can be made again, kept in memory up to a bound."""

import threading
from collections import OrderedDict
from collections.abc import Callable


class Recent:
    """Bytes by name, at most ``most_bytes`` together; the longest unused go first. Safe to share between threads."""

    def __init__(self, most_bytes: int = 64 * 2**20) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str, make: Callable[[], bytes]) -> bytes:
        """What is kept under ``name``, or what ``make`` makes now."""
        with self._lock:
            kept = self._kept.get(name)
            if kept is not None:
                self._kept.move_to_end(name)
                return kept
        made = make()
        with self._lock:
            self._kept[name] = made
            self._kept.move_to_end(name)
            while sum(map(len, self._kept.values())) > self._most_bytes and len(self._kept) > 1:
                self._kept.popitem(last=False)
        return made
