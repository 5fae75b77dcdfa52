"""One file through any door: identified, stored, queued."""

from dataclasses import dataclass, replace

from model.admission import SOP_CLASSES
from model.errors import Unavailable
from serving import metrics
from serving.instances import Instance, Origin, Priority, identify
from serving.routing import Candidate
from serving.services import Services
from serving.settings import Settings
from serving.sites import site_of
from serving.store.reception import Receipt, is_received, receive
from serving.store.staged import Staged


@dataclass(frozen=True, kw_only=True)
class Taken:
    sop_instance_uid: str
    receipt: Receipt


def take(data: bytes, services: Services, origin: Origin) -> Taken:
    """As ``take_identified``, of a file that was not looked at yet."""
    return take_identified(identify(data, services.settings.max_instance_bytes), data, services, origin)


def is_stored_here(sop_class_uid: str, settings: Settings) -> bool:
    """Whether objects of a SOP class are stored: radiographs always, others by setting; files without one are."""
    return settings.other_objects == "store" or not sop_class_uid or sop_class_uid in SOP_CLASSES


def _let_go(instance: Instance, settings: Settings) -> Receipt | None:
    """What is not kept, nor has to be."""
    if instance.is_own_result:
        return Receipt.OWN_RESULT
    return None if is_stored_here(instance.sop_class_uid, settings) else Receipt.NOT_STORED


def _site(instance: Instance, origin: Origin, settings: Settings) -> str:
    """Whose it is; of who sees some sites only, one of those."""
    one = Candidate(
        sender=origin.sender,
        modality=instance.modality,
        body_part=instance.body_part_examined,
        station=instance.station_name,
        institution=instance.institution_name,
    )
    site = site_of(settings.sites, one)
    return site if site in origin.sender_sites or not origin.sender_sites else origin.sender_sites[0]


def take_identified(instance: Instance, data: bytes | Staged, services: Services, origin: Origin) -> Taken:
    """Receive one file. When this returns, it is safe: fsynced, committed, and queued to be read.

    A result of ours that comes back, as a PACS forwards what it holds, is known and let go: nothing is read in circles.

    A file that says itself that it cannot wait (0040,1003) is read first, whatever ``origin`` says.

    Raises:
        Unavailable: when it cannot be taken now; nothing of it is kept.
    """
    if let_go := _let_go(instance, services.settings):
        metrics.note_received(origin.door, str(let_go), len(data))
        return Taken(sop_instance_uid=instance.sop_instance_uid, receipt=let_go)
    try:
        services.capacity.check()
    except Unavailable:
        # What is safe already is answered all the same: its sender may stop asking.
        if is_received(services.store, instance):
            return Taken(sop_instance_uid=instance.sop_instance_uid, receipt=Receipt.DUPLICATE)
        raise
    if instance.is_urgent:
        origin = replace(origin, priority=Priority.STAT)
    origin = replace(origin, site=_site(instance, origin, services.settings))
    receipt = receive(services.store, instance, origin, data)
    metrics.note_received(origin.door, str(receipt), len(data))
    return Taken(sop_instance_uid=instance.sop_instance_uid, receipt=receipt)
