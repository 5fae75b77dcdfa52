"""C-STORE to a PACS: the other side of ``doors/dimse.py`` (PS3.4, annex B; PS3.7, 9.1.1)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom import AE
from pynetdicom.association import Association

from model.errors import Unavailable
from serving.destinations import Peer, Rejected
from serving.presentations.kinds import sop_classes

_CONNECT_SECONDS, _ANSWER_SECONDS = 5, 30
_MAX_PDU = 131072
#: C-STORE statuses (PS3.4, table B.2-1; PS3.7, annex C). Duplicate: it is there, and it is the same, byte for byte.
_SUCCESS, _DUPLICATE = 0x0000, 0x0111
_WARNING = 0xB000
#: Final: data set does not match, cannot understand, SOP class not supported, not authorized, invalid attributes.
_FINAL_RANGES = (range(0xA900, 0xAA00), range(0xC000, 0xD000))
_FINAL = {0x0105, 0x0106, 0x0117, 0x0122, 0x0124}


def store(peer: Peer, our_title: str, results: Iterable[Dataset]) -> int:
    """Send each of ``results`` to ``peer`` in one association; how many there were.

    Raises:
        Unavailable: when the peer is not there or does not take one of them now.
        Rejected: when it says that it will not take one of them; the others were sent.
    """
    rejected: list[str] = []
    sent = 0
    with _association(peer, our_title) as association:
        for result in results:
            words = _store(association, result)
            sent += 1
            if words:
                rejected.append(words)
    if rejected:
        raise Rejected(" ".join(dict.fromkeys(rejected)))
    return sent


@contextmanager
def _association(peer: Peer, our_title: str) -> Iterator[Association]:
    entity = AE(ae_title=our_title)
    entity.connection_timeout = _CONNECT_SECONDS
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = _ANSWER_SECONDS
    for sop_class in sop_classes(peer.kinds):
        entity.add_requested_context(sop_class, [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
    association = entity.associate(peer.host, peer.port, ae_title=peer.title, max_pdu=_MAX_PDU)
    if not association.is_established:
        why = "rejected the association" if association.is_rejected else "is not reachable or ended the association"
        raise Unavailable(f"The PACS must accept our association, but {why}.")
    try:
        yield association
    finally:
        if association.is_established:
            association.release()


def _store(association: Association, result: Dataset) -> str | None:
    """None when it was stored; why not, when it never will be."""
    name = result.SOPClassUID.name
    accepted = [one for one in association.accepted_contexts if one.abstract_syntax == result.SOPClassUID]
    if not accepted:
        if not association.is_established:
            raise Unavailable("The PACS must keep the association until all is sent, but ended it.")
        return f"The PACS must accept {name}, but does not."
    result.file_meta.TransferSyntaxUID = accepted[0].transfer_syntax[0]
    try:
        status = association.send_c_store(result).get("Status")
    except RuntimeError:  # the association ended meanwhile
        status = None
    if status is None:
        raise Unavailable("The PACS must answer within 30 seconds, but did not.")
    if status in {_SUCCESS, _DUPLICATE} or status & 0xF000 == _WARNING:
        return None
    words = f"The PACS must store {name}, but answered 0x{status:04X}."
    if status in _FINAL or any(status in some for some in _FINAL_RANGES):
        return words
    raise Unavailable(words)
