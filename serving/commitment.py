"""Storage commitment, push model (PS3.4, annex J): what we answer for, and how the peer that asked hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from io import BytesIO

from pydicom.dataset import Dataset
from pydicom.uid import ImplicitVRLittleEndian
from pynetdicom import AE, build_context, build_role
from pynetdicom.dsutils import decode

from model.errors import Unavailable
from serving.peers import KnownPeer
from serving.store import commitments
from serving.store.objects import content_name
from serving.store.store import Store

SOP_CLASS, SOP_INSTANCE = "1.2.840.10008.1.20.1", "1.2.840.10008.1.20.1.1"
#: Action Type ID (0000,1008) of a request (J.3.2).
REQUEST = 1
#: Event Type ID (0000,1002): all are committed, or some are not (J.3.3).
ALL_COMMITTED, SOME_FAILED = 1, 2
_SECONDS = 30


class Failure(IntEnum):
    """Failure Reason (0008,1197) of an instance that is not committed (PS3.3, C.14.1.1)."""

    NO_SUCH_INSTANCE = 0x0112
    CLASS_CONFLICT = 0x0119


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A transaction: SOP class and SOP instance of each object that the peer would delete."""

    transaction_uid: str
    references: Sequence[tuple[str, str]]


def read_request(encoded: bytes, transfer_syntax: str) -> Asked:
    """Of the data set of an N-ACTION.

    Raises:
        ValueError: when it lacks what it must have.
    """
    try:
        found = decode(BytesIO(encoded), transfer_syntax == ImplicitVRLittleEndian, is_little_endian=True)
        references = [
            (str(one.ReferencedSOPClassUID), str(one.ReferencedSOPInstanceUID)) for one in found.ReferencedSOPSequence
        ]
        transaction = str(found.TransactionUID)
    except Exception as error:  # noqa: BLE001 - pydicom's reader raises what the bytes bring it to
        raise ValueError(type(error).__name__) from None
    if not transaction or not references:
        raise ValueError("empty")
    return Asked(transaction_uid=transaction, references=references)


def report(store: Store, asked: Asked, our_title: str) -> tuple[int, Dataset]:
    """Event type and data set of the N-EVENT-REPORT: committed is what is fsynced and kept under that SOP class, now.

    Raises:
        Unavailable: when database or object store cannot be asked.
    """
    kept = commitments.kept(store, [uid for _, uid in asked.references])
    committed, failed = [], []
    for sop_class, uid in asked.references:
        reference = Dataset()
        reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = sop_class, uid
        if reason := _failure(store, kept.get(uid), sop_class):
            reference.FailureReason = int(reason)
            failed.append(reference)
        else:
            committed.append(reference)
    said = Dataset()
    said.TransactionUID, said.RetrieveAETitle = asked.transaction_uid, our_title
    if committed:
        said.ReferencedSOPSequence = committed
    if failed:
        said.FailedSOPSequence = failed
    return (SOME_FAILED if failed else ALL_COMMITTED), said


def _failure(store: Store, kept: tuple[str, str] | None, sop_class: str) -> Failure | None:
    if kept is None or not store.objects.has(content_name(kept[1])):
        return Failure.NO_SUCH_INSTANCE
    return None if kept[0] == sop_class else Failure.CLASS_CONFLICT


def queue_report(store: Store, asked: Asked, peer: KnownPeer) -> None:
    """Have the report sent over an association of its own: the job is on disk when this returns.

    Raises:
        Unavailable: when the database does not take it.
    """
    references = [list(one) for one in asked.references]
    host, port = peer.where
    commitments.queue(
        store, peer=peer.title, host=host, port=port, transaction_uid=asked.transaction_uid, references=references
    )


def send_report(store: Store, asked: Asked, our_title: str, title: str, where: tuple[str, int]) -> None:
    """N-EVENT-REPORT to a peer, in which we are the SCP that asks for the association (PS3.7, D.3.3.4).

    Raises:
        Unavailable: when the peer is not there or does not take it, or our store cannot be asked.
    """
    kind, said = report(store, asked, our_title)
    entity = AE(ae_title=our_title)
    entity.connection_timeout = entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = _SECONDS
    association = entity.associate(
        *where, contexts=[build_context(SOP_CLASS)], ae_title=title, ext_neg=[build_role(SOP_CLASS, scp_role=True)]
    )
    if not association.is_established:
        raise Unavailable("The peer must accept our association to hear of its storage commitment, but does not.")
    try:
        status, _ = association.send_n_event_report(said, kind, SOP_CLASS, SOP_INSTANCE)
    except (RuntimeError, ValueError) as error:  # it ended meanwhile, or does not accept the presentation context
        raise Unavailable("The peer must accept storage commitment as its user, but does not.") from error
    finally:
        if association.is_established:
            association.release()
    if status.get("Status") != 0x0000:
        raise Unavailable("The peer must answer N-EVENT-REPORT with success, but did not.")
