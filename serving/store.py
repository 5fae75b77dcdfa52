"""Where received instances and their readings are: what a store must do, and one that keeps them in memory.

``receive`` stores and queues in one step, so that no instance is received and forgotten.
"""

import threading
from collections import deque
from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from model.errors import Unavailable
from serving.instances import Instance
from serving.outcome import Entry, Outcome


class Receipt(StrEnum):
    """What became of a file that was sent."""

    RECEIVED = "received"
    #: The same content under the same UID: nothing is done again.
    DUPLICATE = "duplicate"
    #: Other content under a known UID: what was first stays.
    CONFLICT = "conflict"


class Store(Protocol):
    """Keeps instances, their content and their outcomes. Safe to call from any thread."""

    def receive(self, instance: Instance, data: bytes) -> Receipt:
        """Store and queue ``instance``, both or neither; a known UID changes nothing.

        Raises:
            Unavailable: when too much is waiting to be read.
        """
        ...

    def claim(self) -> tuple[Instance, bytes] | None:
        """The next instance to read, waiting for one; None when the store is closed."""
        ...

    def record(self, instance: Instance, outcome: Outcome) -> None:
        """Keep what came of ``instance``."""
        ...

    def find(self, sop_instance_uid: str) -> Entry | None:
        """The entry of one instance, if it is here."""
        ...

    def entries(self) -> Sequence[Entry]:
        """All entries, the newest first."""
        ...

    def close(self) -> None:
        """Let every waiting ``claim`` return None."""
        ...


class InMemoryStore:
    """Keeps everything in memory, within bounds: the oldest instance that is read goes when a bound is reached."""

    def __init__(self, *, max_instances: int, max_bytes: int, queue_length: int) -> None:
        self._max_instances = max_instances
        self._max_bytes = max_bytes
        self._queue_length = queue_length
        self._entries: dict[str, Entry] = {}  # in the order of receipt
        self._contents: dict[str, bytes] = {}
        self._bytes = 0
        self._pending: deque[str] = deque()
        self._closed = False
        self._changed = threading.Condition()

    def receive(self, instance: Instance, data: bytes) -> Receipt:
        with self._changed:
            known = self._entries.get(instance.sop_instance_uid)
            if known:
                same = known.instance.content_hash == instance.content_hash
                return Receipt.DUPLICATE if same else Receipt.CONFLICT
            self._make_room(len(data))
            self._entries[instance.sop_instance_uid] = Entry(instance=instance)
            self._contents[instance.sop_instance_uid] = data
            self._bytes += len(data)
            self._pending.append(instance.sop_instance_uid)
            self._changed.notify()
            return Receipt.RECEIVED

    def claim(self) -> tuple[Instance, bytes] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._pending or self._closed)
            if self._closed:
                return None
            uid = self._pending.popleft()
            return self._entries[uid].instance, self._contents[uid]

    def record(self, instance: Instance, outcome: Outcome) -> None:
        with self._changed:
            self._entries[instance.sop_instance_uid] = Entry(instance=instance, outcome=outcome)
            self._bytes += outcome.size
            self._drop_oldest(0, self._max_instances)

    def find(self, sop_instance_uid: str) -> Entry | None:
        with self._changed:
            return self._entries.get(sop_instance_uid)

    def entries(self) -> Sequence[Entry]:
        with self._changed:
            return tuple(reversed(self._entries.values()))

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _make_room(self, size: int) -> None:
        if len(self._pending) >= self._queue_length:
            raise Unavailable(f"At most {self._queue_length} instances may wait to be read. Send it again later.")
        self._drop_oldest(size, self._max_instances - 1)
        if self._bytes + size > self._max_bytes or len(self._entries) >= self._max_instances:
            raise Unavailable("The memory for instances is full of ones that wait to be read. Send it again later.")

    def _drop_oldest(self, size: int, most: int) -> None:
        """Drop read instances, the oldest first, until ``size`` more bytes and no more than ``most`` entries fit."""
        for uid, entry in list(self._entries.items()):
            if self._bytes + size <= self._max_bytes and len(self._entries) <= most:
                return
            if entry.outcome:
                del self._entries[uid]
                self._bytes -= len(self._contents.pop(uid)) + entry.outcome.size
