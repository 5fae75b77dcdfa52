"""Samples that are received when the service starts, as if someone had sent them."""

import logging
import threading
from pathlib import Path

from model.errors import Unavailable
from serving.doors.taking import take
from serving.instances import Origin
from serving.services import Services
from serving.store.reception import Receipt
from serving.walk import walk
from serving.who import service

#: Seconds between tries while nothing can be taken.
_PAUSE = 0.2
_SUFFIXES = (".dcm", ".png", ".jpg", ".jpeg", "")

log = logging.getLogger("hilum.samples")


def feed(folder: Path, services: Services, stop: threading.Event) -> None:
    """Receive every radiograph file of ``folder``, waiting while nothing can be taken, until ``stop`` is set."""
    fed = 0
    for path, _ in walk([folder]):
        if path.suffix.lower() not in _SUFFIXES or path.stat().st_size > services.settings.max_instance_bytes:
            continue
        if not _receive(path.read_bytes(), services, stop):
            return
        fed += 1
    log.info("%d samples received", fed)


def _receive(data: bytes, services: Services, stop: threading.Event) -> bool:
    while not stop.is_set():
        try:
            taken = take(data, services, Origin(door="samples", who=service("samples")))
        except Unavailable:
            stop.wait(_PAUSE)
        else:
            if taken.receipt is Receipt.CONFLICT:
                log.warning("a sample has other content under a known UID: %s", taken.sop_instance_uid)
            return True
    return False
