"""C-STORE and C-ECHO: the door for PACS and modalities (PS3.4, annexes A and B; PS3.7, 9.1.1 and 9.1.5).

A data set goes to the disk as it comes, without being parsed beyond a few elements; the sender hears Success (0x0000)
once it is fsynced and committed.
"""

import socket
import threading
from contextlib import suppress

from pydicom.uid import AllTransferSyntaxes, ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom import AllStoragePresentationContexts

from model.errors import Unavailable
from serving.associations import pdus
from serving.associations.association import Incoming, Peer
from serving.associations.listener import Listener
from serving.associations.messages import Command, Message, Reply
from serving.associations.pdus import Answered, Outcome, Proposal, Rejection, Request
from serving.associations.places import Places
from serving.commitment import SOP_CLASS
from serving.doors.committing import Committing
from serving.doors.statuses import Status
from serving.doors.storing import Storing
from serving.doors.taking import is_stored_here
from serving.instances import Origin, Priority
from serving.lately import Lately
from serving.peers import parse_peers
from serving.presentations.dicom_result import OUR_IMPLEMENTATION, OUR_VERSION_NAME
from serving.renewal import renewed
from serving.services import Services
from serving.settings import names
from serving.store.audit import Act, Action, note_alone
from serving.tls import receiver_context
from serving.who import Kind, Who

_HIGH = 1  # Priority (0000,0700): 0 medium, 1 high, 2 low
#: Seconds within which refusals of peers at one address are one entry of the audit trail.
_NOTED_SECONDS = 600.0
_VERIFICATION = "1.2.840.10008.1.1"
_STORAGE = frozenset(str(context.abstract_syntax) for context in AllStoragePresentationContexts)
_SYNTAXES = frozenset(map(str, AllTransferSyntaxes))
#: Of what is no object to store.
_PLAIN = frozenset((str(ImplicitVRLittleEndian), str(ExplicitVRLittleEndian)))


class Receiver:
    """A Storage SCP, with C-ECHO, on a listening socket."""

    def __init__(self, services: Services, listening: socket.socket) -> None:
        """
        Raises:
            Misconfigured: when a setting of it is wrong.
        """
        settings = services.settings
        places = Places(settings.data / "associations", settings.dimse_associations)
        implementation = (OUR_IMPLEMENTATION, OUR_VERSION_NAME)
        tls = receiver_context(settings)
        if tls and settings.dimse_tls_certificate:
            renewed(tls, settings.dimse_tls_certificate, settings.dimse_tls_key)
        self._listener = Listener(listening, StorageService(services), places, implementation, tls)

    def start(self) -> None:
        """Serve, in threads of its own."""
        self._listener.start()

    def stop(self, seconds: float = 10) -> None:
        """Take no new associations, let those under way end, for so long."""
        self._listener.stop(seconds)


class StorageService:
    """What we do for a peer."""

    def __init__(self, services: Services) -> None:
        settings = services.settings
        self._services = services
        self._stat = names(settings.stat_senders)
        self._titles = names(settings.ae_titles)
        self._peers = parse_peers(settings.peers)
        self._noted, self._noting = Lately(_NOTED_SECONDS), threading.Lock()

    def rejection(self, request: Request, address: str) -> Rejection | None:
        if not request.protocol_version & 1:
            return Rejection.PROTOCOL_VERSION
        if request.application_context != pdus.APPLICATION_CONTEXT:
            return Rejection.APPLICATION_CONTEXT
        who = Who(kind=Kind.AE, name=request.calling_title, address=address)
        if self._titles and request.called_title not in self._titles:
            return self._refused(Rejection.CALLED_TITLE, who)
        if self._peers and not any(one.is_it(request.calling_title, address) for one in self._peers):
            return self._refused(Rejection.CALLING_TITLE, who)
        return None

    def _refused(self, rejection: Rejection, who: Who) -> Rejection:
        """Note it, for an address once in some minutes: who knocks all day fills no disk."""
        with self._noting:
            if not self._noted.knows(who.address):
                act = Act(who=who, action=Action.REFUSED, success=False, object=rejection.name.lower())
                self._noted.remember(who.address)
                with suppress(Unavailable):  # they are refused all the same
                    note_alone(self._services.store, act)
        return rejection

    def answer(self, proposal: Proposal) -> Answered:
        """A transfer syntax as the sender prefers it: we store what we are sent."""
        ours = _PLAIN if proposal.abstract_syntax == SOP_CLASS else _SYNTAXES
        known = [syntax for syntax in proposal.transfer_syntaxes if syntax in ours]
        outcome = Outcome.ACCEPTED if known else Outcome.TRANSFER_SYNTAXES
        if not self._serves(proposal.abstract_syntax):
            outcome = Outcome.ABSTRACT_SYNTAX
        return Answered(
            identifier=proposal.identifier,
            outcome=outcome,
            abstract_syntax=proposal.abstract_syntax,
            transfer_syntax=next(iter(known), str(ImplicitVRLittleEndian)),  # of one not accepted it means nothing
        )

    def _serves(self, abstract_syntax: str) -> bool:
        is_storage = abstract_syntax in _STORAGE and is_stored_here(abstract_syntax, self._services.settings)
        return is_storage or abstract_syntax in {_VERIFICATION, SOP_CLASS}

    def incoming(self, message: Message, peer: Peer, context: Answered) -> Incoming:
        if message.field == Command.N_ACTION and context.abstract_syntax == SOP_CLASS:
            listens = [one for one in self._peers if one.port and one.is_it(peer.title, peer.address)]
            return Committing(self._services, message, peer, context, next(iter(listens), None))
        if message.field != Command.C_STORE or context.abstract_syntax not in _STORAGE:
            return _LetGo()
        urgent = message.priority == _HIGH or peer.title in self._stat
        who = Who(kind=Kind.AE, name=peer.title, address=peer.address)
        priority = Priority.STAT if urgent else Priority.ROUTINE
        origin = Origin(door="dimse", sender=peer.title, priority=priority, who=who)
        return Storing(self._services, origin, message, context)

    def reply(self, message: Message, peer: Peer, context: Answered) -> Reply | None:
        if message.is_response or message.field == Command.C_CANCEL:
            return None
        if message.field == Command.C_ECHO:
            return Reply(status=Status.SUCCESS)
        if message.field == Command.C_STORE:
            return Reply(status=Status.CANNOT_UNDERSTAND, comment="A data set must follow.")
        return Reply(status=Status.UNRECOGNIZED_OPERATION)


class _LetGo:
    """The data set of a request that we do not know."""

    def add(self, piece: memoryview) -> None:
        pass

    def reply(self) -> Reply:
        return Reply(status=Status.UNRECOGNIZED_OPERATION)

    def close(self) -> None:
        pass
