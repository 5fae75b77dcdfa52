"""A peer that writes its PDUs byte by byte, so that they may be wrong."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pydicom.dataset import Dataset
from pydicom.uid import UID, DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian
from pynetdicom.pdu import A_ASSOCIATE_RQ
from pynetdicom.pdu_primitives import A_ASSOCIATE, ImplementationClassUIDNotification, MaximumLengthNotification
from pynetdicom.presentation import build_context

from serving.associations.messages import write

#: PDU types (PS3.8, 9.3).
ACCEPT, REJECT, DATA, RELEASE_REQUEST, RELEASE_REPLY, ABORT = 2, 3, 4, 5, 6, 7
DX = str(DigitalXRayImageStorageForPresentation)


def association_request(called: str = "HILUM", calling: str = "RAW") -> bytes:
    """Of one presentation context: 1, DX, explicit little endian."""
    context = build_context(DX, ExplicitVRLittleEndian)
    context.context_id = 1
    asked = A_ASSOCIATE()
    asked.application_context_name = UID("1.2.840.10008.3.1.1.1")
    asked.calling_ae_title, asked.called_ae_title = calling, called
    asked.presentation_context_definition_list = [context]
    length, implementation = MaximumLengthNotification(), ImplementationClassUIDNotification()
    length.maximum_length_received, implementation.implementation_class_uid = 16384, UID("1.2.3")
    asked.user_information = [length, implementation]
    pdu = A_ASSOCIATE_RQ()
    pdu.from_primitive(asked)
    return bytes(pdu.encode())


def pdu(kind: int, content: bytes, *, claimed: int | None = None) -> bytes:
    """``claimed``: a length that need not be true."""
    return struct.pack(">BxI", kind, len(content) if claimed is None else claimed) + content


def value(
    content: bytes, *, command: bool = False, last: bool = True, context: int = 1, claimed: int | None = None
) -> bytes:
    """A presentation data value."""
    size = len(content) + 2 if claimed is None else claimed
    return struct.pack(">IBB", size, context, command | 2 * last) + content


def store_request(uid: str, *, sop_class: str = DX, field: int = 1, data_set: bool = True) -> bytes:
    """The command set of a C-STORE as a PDU."""
    command = Dataset()
    command.AffectedSOPClassUID, command.AffectedSOPInstanceUID = sop_class, uid
    command.CommandField, command.MessageID, command.Priority = field, 1, 0
    command.CommandDataSetType = 0 if data_set else 0x0101
    return pdu(DATA, value(write(command), command=True))


@dataclass
class RawPeer:
    socket: socket.socket

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def receive(self) -> tuple[int, bytes]:
        """Type and content of the next PDU; (0, b"") at the end of the connection."""
        head = self._exactly(6)
        return (head[0], self._exactly(int.from_bytes(head[2:], "big"))) if head else (0, b"")

    def associate(self, called: str = "HILUM", calling: str = "RAW") -> tuple[int, bytes]:
        self.send(association_request(called, calling))
        return self.receive()

    def is_alive(self) -> bool:
        """Is the association still served? Asked by releasing it."""
        try:
            self.send(pdu(RELEASE_REQUEST, bytes(4)))
            return self.receive()[0] == RELEASE_REPLY
        except OSError:
            return False

    def _exactly(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            try:
                more = self.socket.recv(size - len(found))
            except ConnectionResetError:
                return b""
            if not more:
                return b""
            found += more
        return found


@contextmanager
def raw_peer(port: int) -> Iterator[RawPeer]:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        yield RawPeer(connection)
