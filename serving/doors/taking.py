"""One file through any door: identified, stored, queued."""

from dataclasses import dataclass, replace

from serving import metrics
from serving.instances import Origin, Priority, identify
from serving.services import Services
from serving.store.reception import Receipt, receive


@dataclass(frozen=True, kw_only=True)
class Taken:
    sop_instance_uid: str
    receipt: Receipt


def take(data: bytes, services: Services, origin: Origin) -> Taken:
    """Receive one file. When this returns, it is safe: fsynced, committed, and queued to be read.

    A file that says itself that it cannot wait (0040,1003) is read first, whatever ``origin`` says.

    Raises:
        Unavailable: when it cannot be taken now; nothing of it is kept.
    """
    services.capacity.check()
    instance = identify(data, services.settings.max_instance_bytes)
    if instance.is_urgent:
        origin = replace(origin, priority=Priority.STAT)
    receipt = receive(services.store, instance, origin, data)
    metrics.note_received(origin.door, str(receipt), len(data))
    return Taken(sop_instance_uid=instance.sop_instance_uid, receipt=receipt)
