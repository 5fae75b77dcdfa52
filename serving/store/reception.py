"""Receiving: an instance is stored, fsynced and queued in one transaction, or nothing of it is."""

from enum import StrEnum

from psycopg.types.json import Jsonb

from model.errors import Unavailable
from serving.instances import Instance, Origin
from serving.store.audit import who_json
from serving.store.database import Connection, Contended, execute, only
from serving.store.objects import content_name
from serving.store.staged import Staged
from serving.store.store import Store

_TRIES = 5


class Receipt(StrEnum):
    """What became of a file that was sent."""

    RECEIVED = "received"
    #: The same content under the same UID: nothing is done again.
    DUPLICATE = "duplicate"
    #: Other content under a known UID: what was first stays, this one is kept aside.
    CONFLICT = "conflict"
    #: A result of ours that came back: it is not kept, since it can be made again, and never read.
    OWN_RESULT = "own-result"
    #: Of a SOP class that is not stored here, by setting: nothing of it is kept.
    NOT_STORED = "not-stored"


def is_received(store: Store, instance: Instance) -> bool:
    """Whether this content is safe here already, under its SOP Instance UID."""
    known = store.database.one("known_instance", sop_instance_uid=instance.sop_instance_uid)
    return known is not None and known["content_hash"] == instance.content_hash


class _Overtaken(Exception):
    """Somebody else received the same SOP Instance UID between our look and our row."""


def receive(store: Store, instance: Instance, origin: Origin, data: bytes | Staged) -> Receipt:
    """Store and queue ``instance``. When this returns, it survives whatever happens to any process or to the power.

    Raises:
        Unavailable: when database or object store do not take it; then nothing of it is kept.
    """
    for _ in range(_TRIES):
        try:
            with store.database.connection() as connection, connection.pipeline(), connection.transaction():
                return _receive(store, connection, instance, origin, data)
        except (_Overtaken, Contended):
            continue  # the next look finds it
    raise Unavailable("The same instance is being received by many senders. Send it again later.")


def _receive(store: Store, connection: Connection, instance: Instance, origin: Origin, data: bytes | Staged) -> Receipt:
    looked = execute(connection, "known_instance", sop_instance_uid=instance.sop_instance_uid)
    # The content's row before its bytes: it holds off whoever would delete them until our commit.
    held = execute(connection, "hold_content", content_hash=instance.content_hash, size=len(data))
    known = looked.fetchone()
    if known and known["content_hash"] == instance.content_hash:
        if known["door"] == "prior" != origin.door:
            _claim(connection, known["instance_id"], origin)
        return Receipt.DUPLICATE
    if only(held)["missing"]:
        store.objects.put(content_name(instance.content_hash), _harmless(instance, data))
    if known:
        execute(
            connection,
            "set_aside",
            instance_id=known["instance_id"],
            content_hash=instance.content_hash,
            sop_instance_uid=instance.sop_instance_uid,
            study_instance_uid=instance.study_instance_uid,
            door=origin.door,
            sender=origin.sender,
            who=who_json(origin.who),
        )
        return Receipt.CONFLICT
    row = only(execute(connection, "receive_instance", it=Jsonb(_columns(instance, origin))))
    if row["instance_id"] is None:
        raise _Overtaken
    return Receipt.RECEIVED


def _harmless(instance: Instance, data: bytes | Staged) -> bytes | Staged:
    """The same without what a DICOM file's preamble may hold: a program, a page, a picture to whoever opens it so.

    It means nothing in DICOM (PS3.10, 7.1), and the content's hash is without it. What comes by C-STORE has none.
    """
    hides = isinstance(data, bytes) and instance.transfer_syntax and data[128:132] == b"DICM" and any(data[:128])
    return bytes(128) + data[128:] if hides else data  # type: ignore[index]


def _claim(connection: Connection, instance_id: int, origin: Origin) -> None:
    """What we fetched ourselves as a prior is now sent by somebody."""
    came = {"door": origin.door, "sender": origin.sender, "priority": int(origin.priority)}
    came["site"] = origin.site
    execute(connection, "claim_prior", instance_id=instance_id, **came)


def _columns(instance: Instance, origin: Origin) -> dict[str, object]:
    patient = instance.patient
    return {
        "study_instance_uid": instance.study_instance_uid,
        "series_instance_uid": instance.series_instance_uid,
        "sop_instance_uid": instance.sop_instance_uid,
        "sop_class_uid": instance.sop_class_uid,
        "transfer_syntax": instance.transfer_syntax,
        "content_hash": instance.content_hash,
        "modality": instance.modality,
        "view_position": instance.view_position,
        "body_part_examined": instance.body_part_examined,
        "station_name": instance.station_name,
        "institution_name": instance.institution_name,
        "patient_key": patient.key,
        "patient_name": patient.name,
        "patient_id": patient.patient_id,
        "birth_date": patient.birth_date,
        "sex": patient.sex,
        "search_text": " ".join(filter(None, (patient.search_text, instance.accession_number.casefold()))),
        "study_date": instance.study_date,
        "study_description": instance.study_description,
        "accession_number": instance.accession_number,
        "attributes": instance.attributes,
        "name_to_match": instance.name_to_match,
        "physician_to_match": instance.physician_to_match,
        "door": origin.door,
        "site": origin.site,
        "sender": origin.sender,
        "priority": int(origin.priority),
        "who": who_json(origin.who).obj,
    }
