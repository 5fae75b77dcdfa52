"""Command sets (PS3.7, 9.3, 10.3 and annex E): implicit VR little endian, read and written by pydicom."""

import struct
from dataclasses import dataclass
from enum import IntEnum
from io import BytesIO

from pydicom import config
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.uid import ImplicitVRLittleEndian
from pynetdicom.dsutils import decode, encode

from serving.associations.pdus import Abortion, Malformed

_NO_DATA_SET = 0x0101
_RESPONSE = 0x8000
#: VR LO (PS3.5, table 6.2-1).
_LONGEST_COMMENT = 64


class Command(IntEnum):
    """Command Field (0000,0100) of the requests that we know."""

    C_STORE = 0x0001
    C_ECHO = 0x0030
    N_EVENT_REPORT = 0x0100
    N_ACTION = 0x0130
    C_CANCEL = 0x0FFF


@dataclass(frozen=True, kw_only=True)
class Message:
    """A command set; its data set, if it has one, follows."""

    field: int
    identifier: int
    has_data_set: bool
    sop_class_uid: str
    sop_instance_uid: str
    #: Priority (0000,0700): 0 medium, 1 high, 2 low.
    priority: int
    #: Status (0000,0900) of a response.
    status: int
    #: Action Type ID (0000,1008).
    action: int

    @property
    def is_response(self) -> bool:
        return bool(self.field & _RESPONSE)


@dataclass(frozen=True, kw_only=True)
class Event:
    """An N-EVENT-REPORT (PS3.7, 10.3.1)."""

    sop_class_uid: str
    sop_instance_uid: str
    kind: int
    data_set: Dataset


@dataclass(frozen=True, kw_only=True)
class Reply:
    """How a request is answered: Status (0000,0900), and Error Comment (0000,0902) without patient data."""

    status: int
    comment: str = ""
    #: What is reported right after it, in the same association.
    event: Event | None = None


def read_message(encoded: bytes) -> Message:
    """
    Raises:
        Malformed: when it is no command set.
    """
    try:
        found = decode(BytesIO(encoded), is_implicit_vr=True, is_little_endian=True)
        return Message(
            field=int(found.CommandField),
            identifier=int(found.get("MessageID") or found.get("MessageIDBeingRespondedTo") or 0),
            has_data_set=int(found.CommandDataSetType) != _NO_DATA_SET,
            sop_class_uid=_uid(found, "AffectedSOPClassUID", "RequestedSOPClassUID"),
            sop_instance_uid=_uid(found, "AffectedSOPInstanceUID", "RequestedSOPInstanceUID"),
            priority=int(found.get("Priority") or 0),
            status=int(found.get("Status") or 0),
            action=int(found.get("ActionTypeID") or 0),
        )
    except Exception as error:  # noqa: BLE001 - pydicom's reader raises what the bytes bring it to
        words = f"A command set must be as PS3.7, 6.3 has it ({type(error).__name__})."
        raise Malformed(words, Abortion.INVALID_PARAMETER) from None


def write_reply(request: Message, reply: Reply) -> bytes:
    """The response to a request, encoded."""
    said = Dataset()
    if request.sop_class_uid:
        said.add(_as_it_came(0x00000002, request.sop_class_uid))
    said.CommandField = request.field | _RESPONSE
    said.MessageIDBeingRespondedTo = request.identifier
    said.CommandDataSetType = _NO_DATA_SET
    said.Status = reply.status
    if reply.comment:
        said.ErrorComment = reply.comment[:_LONGEST_COMMENT]
    if request.sop_instance_uid:
        said.add(_as_it_came(0x00001000, request.sop_instance_uid))
    if request.action:
        said.ActionTypeID = request.action
    return write(said)


def write_event(event: Event, transfer_syntax: str) -> tuple[bytes, bytes]:
    """Command set and data set."""
    said = Dataset()
    said.AffectedSOPClassUID, said.CommandField, said.MessageID = event.sop_class_uid, Command.N_EVENT_REPORT, 1
    said.CommandDataSetType, said.AffectedSOPInstanceUID, said.EventTypeID = 1, event.sop_instance_uid, event.kind
    implicit = transfer_syntax == ImplicitVRLittleEndian
    return write(said), encode(event.data_set, is_implicit_vr=implicit, is_little_endian=True) or b""


def write(command: Dataset) -> bytes:
    """A command set with its Command Group Length (0000,0000)."""
    encoded = encode(command, is_implicit_vr=True, is_little_endian=True) or b""
    return struct.pack("<HHII", 0, 0, 4, len(encoded)) + encoded


def _as_it_came(tag: int, uid: str) -> DataElement:
    """A UID of the peer's, valid or not."""
    return DataElement(tag, "UI", uid, validation_mode=config.IGNORE)


def _uid(found: Dataset, *keywords: str) -> str:
    return next((str(found.get(keyword)) for keyword in keywords if found.get(keyword)), "")
