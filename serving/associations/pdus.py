"""Protocol data units (PS3.8, 9.3): those that negotiate, written and read by pynetdicom, and those that carry data."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from pydicom.uid import UID
from pynetdicom.pdu import A_ABORT_RQ, A_ASSOCIATE_AC, A_ASSOCIATE_RJ, A_ASSOCIATE_RQ
from pynetdicom.pdu_items import PresentationContextItemRQ
from pynetdicom.pdu_primitives import (
    A_ASSOCIATE,
    ImplementationClassUIDNotification,
    ImplementationVersionNameNotification,
    MaximumLengthNotification,
)
from pynetdicom.presentation import PresentationContext

#: DICOM's own, the only one there is (PS3.7, A.2.1).
APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1"
#: Of the PDUs that we take: 1.45 times faster than the 16 KiB that is common; the sender may send less.
LARGEST_PDU = 131072
#: What a PDU says of itself before its content: type, reserved, length.
HEAD_BYTES = 6
#: And each of the values in a P-DATA-TF: length, presentation context, message control header.
PDV_HEAD_BYTES = 6
#: A release that is answered (9.3.7).
RELEASE_REPLY = struct.pack(">BxII", 6, 4, 0)


class Kind(IntEnum):
    """The first byte of a PDU."""

    ASSOCIATE_REQUEST = 1
    ASSOCIATE_ACCEPT = 2
    ASSOCIATE_REJECT = 3
    DATA = 4
    RELEASE_REQUEST = 5
    RELEASE_REPLY = 6
    ABORT = 7


class Rejection(IntEnum):
    """Why an association is rejected: result, source and reason (PS3.8, table 9-21), a byte each."""

    APPLICATION_CONTEXT = 0x010102
    CALLING_TITLE = 0x010103
    CALLED_TITLE = 0x010107
    PROTOCOL_VERSION = 0x010202
    #: Transient: the same request may be accepted later.
    LOCAL_LIMIT = 0x020302


class Abortion(IntEnum):
    """Why we abort, as service provider (PS3.8, table 9-26)."""

    NOT_SPECIFIED = 0
    UNRECOGNIZED_PDU = 1
    UNEXPECTED_PDU = 2
    INVALID_PARAMETER = 6


class Malformed(Exception):
    """What came is no PDU as it must be here."""

    def __init__(self, words: str, reason: Abortion) -> None:
        super().__init__(words)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A presentation context that the peer proposes."""

    identifier: int
    abstract_syntax: str
    transfer_syntaxes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What the peer asks for."""

    called_title: str
    calling_title: str
    application_context: str
    protocol_version: int
    proposals: tuple[Proposal, ...]
    #: Largest PDU that it takes; 0 is any.
    largest_pdu: int


class Outcome(IntEnum):
    """What becomes of a proposal (PS3.8, table 9-18)."""

    ACCEPTED = 0
    ABSTRACT_SYNTAX = 3
    TRANSFER_SYNTAXES = 4


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A proposal that was answered."""

    identifier: int
    outcome: Outcome
    abstract_syntax: str
    transfer_syntax: str


def read_request(pdu: bytes) -> Request:
    """
    Raises:
        Malformed: when it is no A-ASSOCIATE-RQ as it must be.
    """
    read = A_ASSOCIATE_RQ()
    try:
        read.decode(pdu)
        about = read.user_information
        return Request(
            called_title=read.called_ae_title,
            calling_title=read.calling_ae_title,
            application_context=str(read.application_context_name or ""),
            protocol_version=read.protocol_version,
            proposals=tuple(map(_proposal, read.presentation_context)),
            largest_pdu=(about.maximum_length if about else None) or 0,
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, struct.error) as error:
        words = f"An A-ASSOCIATE-RQ must be as PS3.8, 9.3.2 has it ({type(error).__name__})."
        raise Malformed(words, Abortion.INVALID_PARAMETER) from None


def _proposal(item: PresentationContextItemRQ) -> Proposal:
    identifier = item.context_id or 0
    if not identifier & 1:
        raise ValueError  # it is odd (9.3.2.2)
    return Proposal(
        identifier=identifier,
        abstract_syntax=str(item.abstract_syntax or ""),
        transfer_syntaxes=tuple(str(syntax) for syntax in item.transfer_syntax),
    )


def accept(request: Request, answers: Sequence[Answered], implementation: tuple[str, str]) -> bytes:
    """A-ASSOCIATE-AC; ``implementation`` is our class UID and version name."""
    said = A_ASSOCIATE()
    said.application_context_name = UID(APPLICATION_CONTEXT)
    said.calling_ae_title, said.called_ae_title = request.calling_title, request.called_title
    said.result, said.result_source = 0, 1
    said.presentation_context_definition_results_list = [_context(one) for one in answers]
    length, class_uid, version = (
        MaximumLengthNotification(),
        ImplementationClassUIDNotification(),
        ImplementationVersionNameNotification(),
    )
    length.maximum_length_received = LARGEST_PDU
    class_uid.implementation_class_uid, version.implementation_version_name = UID(implementation[0]), implementation[1]
    said.user_information = [length, class_uid, version]
    pdu = A_ASSOCIATE_AC()
    pdu.from_primitive(said)
    return pdu.encode()


def _context(answer: Answered) -> PresentationContext:
    """Without the peer's own words: its abstract syntax is not repeated (9.3.3.2), and may be no UID."""
    context = PresentationContext()
    context.context_id = answer.identifier
    context.transfer_syntax = [UID(answer.transfer_syntax)]
    context.result = int(answer.outcome)
    return context


def reject(why: Rejection) -> bytes:
    """A-ASSOCIATE-RJ."""
    pdu = A_ASSOCIATE_RJ()
    pdu.result, pdu.source, pdu.reason_diagnostic = int(why).to_bytes(3, "big")
    return pdu.encode()


def abort(why: Abortion) -> bytes:
    """A-ABORT of the service provider."""
    pdu = A_ABORT_RQ()
    pdu.source, pdu.reason_diagnostic = 2, int(why)
    return pdu.encode()


def data(context: int, encoded: bytes, largest: int, *, is_command: bool = True) -> bytes:
    """A command set or a data set as P-DATA-TF, in PDUs of ``largest`` bytes at most; 0 is any."""
    step = max(largest - PDV_HEAD_BYTES, 1) if largest else len(encoded)
    made = []
    for at in range(0, len(encoded), step):
        piece = encoded[at : at + step]
        control = is_command | 2 * (at + step >= len(encoded))
        made.append(struct.pack(">BxIIBB", Kind.DATA, len(piece) + 6, len(piece) + 2, context, control) + piece)
    return b"".join(made)
