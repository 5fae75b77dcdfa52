"""Samples that are received when the service starts, as if someone had sent them."""

import logging
import threading
from pathlib import Path

from model.errors import Unavailable
from serving.instances import receive
from serving.settings import Settings
from serving.store import Receipt, Store
from serving.walk import walk

#: Seconds between tries while the queue is full.
_PAUSE = 0.2
_SUFFIXES = (".dcm", ".png", ".jpg", ".jpeg", "")

log = logging.getLogger("hilum.samples")


def feed(folder: Path, settings: Settings, store: Store, stop: threading.Event) -> None:
    """Receive every radiograph file of ``folder``, waiting while too much is queued, until ``stop`` is set."""
    fed = 0
    for path, _ in walk([folder]):
        if path.suffix.lower() not in _SUFFIXES or path.stat().st_size > settings.max_instance_bytes:
            continue
        data = path.read_bytes()
        if not _receive(data, settings, store, stop):
            return
        fed += 1
    log.info("%d samples received", fed)


def _receive(data: bytes, settings: Settings, store: Store, stop: threading.Event) -> bool:
    instance = receive(data, settings.max_instance_bytes)
    while not stop.is_set():
        try:
            receipt = store.receive(instance, data)
        except Unavailable:
            stop.wait(_PAUSE)
        else:
            if receipt is Receipt.CONFLICT:
                log.warning("a sample has other content under a known UID: %s", instance.sop_instance_uid)
            return True
    return False
