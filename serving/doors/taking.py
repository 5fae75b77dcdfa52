"""One file through any door: identified, stored, queued."""

from dataclasses import dataclass, replace

from model.errors import Unavailable
from serving import metrics
from serving.instances import Instance, Origin, Priority, identify
from serving.services import Services
from serving.store.reception import Receipt, is_received, receive


@dataclass(frozen=True, kw_only=True)
class Taken:
    sop_instance_uid: str
    receipt: Receipt


def take(data: bytes, services: Services, origin: Origin) -> Taken:
    """Receive one file. When this returns, it is safe: fsynced, committed, and queued to be read.

    A result of ours that comes back, as a PACS forwards what it holds, is known and let go: nothing is read in circles.

    A file that says itself that it cannot wait (0040,1003) is read first, whatever ``origin`` says.

    Raises:
        Unavailable: when it cannot be taken now; nothing of it is kept.
    """
    return take_identified(identify(data, services.settings.max_instance_bytes), data, services, origin)


def take_identified(instance: Instance, data: bytes, services: Services, origin: Origin) -> Taken:
    """As ``take``, of a file that was looked at already."""
    if instance.is_own_result:
        metrics.note_received(origin.door, str(Receipt.OWN_RESULT), len(data))
        return Taken(sop_instance_uid=instance.sop_instance_uid, receipt=Receipt.OWN_RESULT)
    try:
        services.capacity.check()
    except Unavailable:
        # What is safe already is answered all the same: its sender may stop asking.
        if is_received(services.store, instance):
            return Taken(sop_instance_uid=instance.sop_instance_uid, receipt=Receipt.DUPLICATE)
        raise
    if instance.is_urgent:
        origin = replace(origin, priority=Priority.STAT)
    receipt = receive(services.store, instance, origin, data)
    metrics.note_received(origin.door, str(receipt), len(data))
    return Taken(sop_instance_uid=instance.sop_instance_uid, receipt=receipt)
