"""One association, from its request to its end: the acceptor's side of the state machine (PS3.8, 9.2)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from serving.associations import pdus
from serving.associations.messages import Event, Message, Reply, read_message, write_event, write_reply
from serving.associations.pdus import Abortion, Answered, Kind, Malformed, Outcome, Proposal, Rejection, Request
from serving.associations.wire import TooSlow, Wire

#: A peer has so long to ask for an association (PS3.8: the ARTIM timer), to begin its next message, and to bring one
#: to its end (what it sends wins it time).
_REQUEST_SECONDS, _IDLE_SECONDS, _MESSAGE_SECONDS = 10, 60, 60
#: 128 presentation contexts with 40 transfer syntaxes each take about so much.
_LONGEST_REQUEST = 512 * 1024
_LONGEST_COMMAND = 64 * 1024
#: Peers that count a PDU's own six bytes in, or not, are both heard.
_LONGEST_DATA = 2 * pdus.LARGEST_PDU
_LONGEST_OTHER = 1024


#: Part of a message: its presentation context, whether it is of the command set, whether it ends that or the data set.
_Piece = tuple[Answered, bool, bool, memoryview]


class Incoming(Protocol):
    """A data set that comes."""

    def add(self, piece: memoryview) -> None:
        """The next bytes of it; the memory is used again afterwards."""

    def reply(self) -> Reply:
        """All of it came."""

    def close(self) -> None:
        """It is done, or broken off."""


class Service(Protocol):
    """What an Application Entity does for its peers."""

    def rejection(self, request: Request, address: str) -> Rejection | None:
        """Why this peer is not served; None when it is."""

    def answer(self, proposal: Proposal) -> Answered:
        """Whether a presentation context is accepted."""

    def incoming(self, message: Message, peer: "Peer", context: Answered) -> Incoming:
        """What takes the data set of a request."""

    def reply(self, message: Message, peer: "Peer", context: Answered) -> Reply | None:
        """How a request without a data set is answered; None when it is not."""


@dataclass(frozen=True, kw_only=True)
class Peer:
    """Who is at the other end."""

    title: str
    #: The AE title by which it called us.
    called: str
    address: str


@dataclass
class _Under:
    """The message that is under way: a command set, then its data set."""

    context: Answered
    command: bytearray = field(default_factory=bytearray)
    message: Message | None = None
    incoming: Incoming | None = None


class Association:
    """Serves one connection, in its own thread; ``implementation`` is our class UID and version name."""

    def __init__(self, wire: Wire, address: str, service: Service, implementation: tuple[str, str]) -> None:
        self._wire = wire
        self._address = address
        self._service = service
        self._implementation = implementation
        self._contexts: dict[int, Answered] = {}
        self._under: _Under | None = None

    def serve(self, admit: Callable[[], bool]) -> None:
        """Until the peer releases it, or one of us breaks it off; ``admit`` says whether there is room for it.

        Raises:
            Gone, Untrusted: when the peer did, or TLS was not agreed upon.
            Malformed, TooSlow: when we do; the peer is told.
        """
        self._wire.within(_REQUEST_SECONDS)
        self._wire.agree_on_tls()
        try:
            request = self._request()
            refused = self._service.rejection(request, self._address) or (None if admit() else Rejection.LOCAL_LIMIT)
            if refused:
                self._wire.send(pdus.reject(refused))
                return
            self._accept(request)
            peer = Peer(title=request.calling_title, called=request.called_title, address=self._address)
            self._exchange(peer, request.largest_pdu)
        except Malformed as error:
            self._wire.send(pdus.abort(error.reason))
            raise
        except TooSlow:
            self._wire.send(pdus.abort(Abortion.NOT_SPECIFIED))
            raise
        finally:
            if self._under and self._under.incoming:
                self._under.incoming.close()

    def _request(self) -> Request:
        head = self._wire.exactly(pdus.HEAD_BYTES)
        size = int.from_bytes(head[2:], "big")
        if head[0] != Kind.ASSOCIATE_REQUEST or size > _LONGEST_REQUEST:
            words = f"An association must begin with an A-ASSOCIATE-RQ of at most {_LONGEST_REQUEST} bytes."
            raise Malformed(words, Abortion.UNEXPECTED_PDU)
        return pdus.read_request(head + self._wire.exactly(size))

    def _accept(self, request: Request) -> None:
        answers = [self._service.answer(proposal) for proposal in request.proposals]
        self._contexts = {one.identifier: one for one in answers if one.outcome is Outcome.ACCEPTED}
        self._wire.send(pdus.accept(request, answers, self._implementation))

    def _exchange(self, peer: Peer, largest: int) -> None:
        self._wire.within(_IDLE_SECONDS)
        for context, is_command, is_last, piece in self._pieces():
            under = self._message_under_way(context)
            if is_command:
                reply = self._add_to_command(under, peer, piece, is_last=is_last)
            else:
                reply = self._add_to_data_set(under, piece, is_last=is_last)
            if reply:
                assert under.message
                self._wire.send(pdus.data(context.identifier, write_reply(under.message, reply), largest))
                self._report(reply.event, context, largest)

    def _report(self, event: Event | None, context: Answered, largest: int) -> None:
        """What the peer answers to it comes as any message, and needs no answer."""
        if event:
            command, data_set = write_event(event, context.transfer_syntax)
            self._wire.send(pdus.data(context.identifier, command, largest))
            self._wire.send(pdus.data(context.identifier, data_set, largest, is_command=False))

    def _message_under_way(self, context: Answered) -> _Under:
        if self._under is None:
            self._wire.within(_MESSAGE_SECONDS)
            self._under = _Under(context)
        elif self._under.context is not context:
            words = "A message must come in one presentation context, not in two."
            raise Malformed(words, Abortion.INVALID_PARAMETER)
        return self._under

    def _add_to_command(self, under: _Under, peer: Peer, piece: memoryview, *, is_last: bool) -> Reply | None:
        if under.message or len(under.command) + len(piece) > _LONGEST_COMMAND:
            words = f"A message must have one command set of at most {_LONGEST_COMMAND} bytes."
            raise Malformed(words, Abortion.INVALID_PARAMETER)
        under.command += piece
        if not is_last:
            return None
        under.message = read_message(bytes(under.command))
        if under.message.has_data_set:
            under.incoming = self._service.incoming(under.message, peer, under.context)
            return None
        reply = self._service.reply(under.message, peer, under.context)
        self._end_message()
        return reply

    def _add_to_data_set(self, under: _Under, piece: memoryview, *, is_last: bool) -> Reply | None:
        if under.incoming is None:
            raise Malformed("A data set must follow its command set.", Abortion.INVALID_PARAMETER)
        under.incoming.add(piece)
        if not is_last:
            return None
        reply = under.incoming.reply()
        under.incoming.close()
        self._end_message()
        return reply

    def _end_message(self) -> None:
        self._under = None
        self._wire.within(_IDLE_SECONDS)

    def _pieces(self) -> Iterator[_Piece]:
        """What the peer sends."""
        while True:
            head = self._wire.exactly(pdus.HEAD_BYTES)
            kind, size = head[0], int.from_bytes(head[2:], "big")
            if kind == Kind.DATA and size <= _LONGEST_DATA:
                yield from self._values(size)
                continue
            if kind not in {Kind.RELEASE_REQUEST, Kind.ABORT} or size > _LONGEST_OTHER:
                known = kind in set(Kind)
                words = f"P-DATA-TF of at most {_LONGEST_DATA} bytes, release or abort must come, not PDU type {kind}."
                raise Malformed(words, Abortion.UNEXPECTED_PDU if known else Abortion.UNRECOGNIZED_PDU)
            self._wire.exactly(size)
            if kind == Kind.RELEASE_REQUEST:
                self._wire.send(pdus.RELEASE_REPLY)
            return

    def _values(self, left: int) -> Iterator[_Piece]:
        """The presentation data values of a P-DATA-TF (PS3.8, 9.3.5.1), as they come."""
        while left:
            head = self._wire.exactly(pdus.PDV_HEAD_BYTES) if left >= pdus.PDV_HEAD_BYTES else b""
            size = int.from_bytes(head[:4], "big") - 2
            context = self._contexts.get(head[4]) if head else None
            left -= pdus.PDV_HEAD_BYTES + max(size, 0)
            if context is None or size < 0 or left < 0:
                words = "A presentation data value must lie within its PDU, in an accepted presentation context."
                raise Malformed(words, Abortion.INVALID_PARAMETER)
            yield from self._fragment(context, head[5], size)

    def _fragment(self, context: Answered, control: int, size: int) -> Iterator[_Piece]:
        is_command, is_last = bool(control & 1), bool(control & 2)
        if not size:
            yield context, is_command, is_last, memoryview(b"")
        while size:
            piece = self._wire.some(size)
            size -= len(piece)
            yield context, is_command, is_last and not size, piece
