"""The request for a storage commitment: N-ACTION (PS3.4, J.3.2)."""

import logging

from model.errors import Unavailable
from serving.associations.association import Peer
from serving.associations.messages import Event, Message, Reply
from serving.associations.pdus import Answered
from serving.commitment import REQUEST, SOP_CLASS, SOP_INSTANCE, Asked, queue_report, read_request, report
from serving.doors.statuses import CommitmentStatus
from serving.peers import KnownPeer
from serving.services import Services

log = logging.getLogger("hilum.commitment")

#: Some 30,000 instances.
_MOST_BYTES = 4 * 2**20


class Committing:
    """Takes the data set of one request. ``listens``: the peer, if it is known where it does."""

    def __init__(
        self, services: Services, message: Message, peer: Peer, context: Answered, listens: KnownPeer | None
    ) -> None:
        self._services = services
        self._message = message
        self._peer = peer
        self._context = context
        self._listens = listens
        self._gathered = bytearray()

    def add(self, piece: memoryview) -> None:
        if len(self._gathered) <= _MOST_BYTES:
            self._gathered += piece

    def reply(self) -> Reply:
        if self._message.sop_instance_uid != SOP_INSTANCE:
            return Reply(status=CommitmentStatus.NO_SUCH_INSTANCE)
        if self._message.action != REQUEST:
            return Reply(status=CommitmentStatus.NO_SUCH_ACTION)
        try:
            if len(self._gathered) > _MOST_BYTES:
                return Reply(status=CommitmentStatus.RESOURCE_LIMITATION, comment="Ask for fewer instances at a time.")
            return self._answer(read_request(bytes(self._gathered), self._context.transfer_syntax))
        except ValueError:
            comment = "Transaction UID and Referenced SOP Sequence must be there."
            return Reply(status=CommitmentStatus.INVALID_ARGUMENT, comment=comment)
        except Unavailable as error:
            log.warning("not now: %s", error)
            return Reply(status=CommitmentStatus.RESOURCE_LIMITATION, comment="Not now. Ask again later.")

    def close(self) -> None:
        self._gathered.clear()

    def _answer(self, asked: Asked) -> Reply:
        """Of a peer that we can reach, the report is queued; the others hear it now, or ask again."""
        if self._listens:
            queue_report(self._services.store, asked, self._listens)
            return Reply(status=CommitmentStatus.SUCCESS)
        kind, said = report(self._services.store, asked, self._peer.called)
        event = Event(sop_class_uid=SOP_CLASS, sop_instance_uid=SOP_INSTANCE, kind=kind, data_set=said)
        return Reply(status=CommitmentStatus.SUCCESS, event=event)
