"""A process of its own that sends radiographs by C-STORE, for as little processor time as can be.

Senders stand on other machines in real life; here they share the receiver's cores. So each file's PDUs are made once
and only their head is made anew for each sending: other UIDs, as long as those before.
"""

import json
import socket
import struct
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count, cycle
from pathlib import Path

import click
from pydicom import dcmread
from pydicom.dataset import Dataset
from pynetdicom.dsutils import decode, encode
from pynetdicom.pdu import A_ASSOCIATE_AC, A_ASSOCIATE_RQ
from pynetdicom.pdu_primitives import (
    A_ASSOCIATE,
    ImplementationClassUIDNotification,
    MaximumLengthNotification,
)
from pynetdicom.presentation import PresentationContext, build_context

from benchmarks.sender import PLACEHOLDERS

_HEAD_BYTES = 4096
_LARGEST_PDU = 131072
_P_DATA, _RELEASE_REQUEST = 4, 5
_SUCCESS = 0x0000
_PATIENCE = 60.0


@dataclass(frozen=True, kw_only=True)
class File:
    """A data set to send, without its file meta information."""

    sop_class_uid: str
    transfer_syntax: str
    data_set: bytes

    @classmethod
    def read(cls, path: Path) -> "File":
        whole = path.read_bytes()
        meta = dcmread(BytesIO(whole), stop_before_pixels=True)
        begin = 132 + 12 + meta.file_meta.FileMetaInformationGroupLength
        found = cls(
            sop_class_uid=meta.SOPClassUID,
            transfer_syntax=meta.file_meta.TransferSyntaxUID,
            data_set=whole[begin:],
        )
        missing = [uid for uid in PLACEHOLDERS if uid.encode() not in found.data_set[:_HEAD_BYTES]]
        assert not missing, f"the file must have the UIDs {missing} in its first {_HEAD_BYTES} bytes"
        return found


@dataclass
class Sent:
    """What one association sent: when each Success came, seconds since the epoch, and what else was answered."""

    at: list[float] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)


class Association:
    """One connection that sends files, one after the other."""

    def __init__(self, address: tuple[str, int], title: str, files: Sequence[File], number: int) -> None:
        self._socket = socket.create_connection(address, timeout=_PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._numbers = count(time.time_ns() * 10**4 + number * 10**16)
        contexts = [build_context(one.sop_class_uid, one.transfer_syntax) for one in files]
        for identifier, context in enumerate(contexts):
            context.context_id = 2 * identifier + 1
        largest = self._associate(title, contexts)
        self._ready = [
            (one, int(context.context_id or 0), _as_pdus(one.data_set, int(context.context_id or 0), largest))
            for one, context in zip(files, contexts, strict=True)
        ]

    def send_each(self, until: float, sent: Sent) -> None:
        """Send the files in turn until that time, then release."""
        for message, (file, context, pdus) in enumerate(cycle(self._ready), 1):
            if time.time() >= until:
                break
            status = self._send(file, context, pdus, message & 0xFFFF)
            if status == _SUCCESS:
                sent.at.append(time.time())
            else:
                sent.refused.append(status)
        self._socket.sendall(struct.pack(">BxII", _RELEASE_REQUEST, 4, 0))
        self._receive()
        self._socket.close()

    def _associate(self, title: str, contexts: list[PresentationContext]) -> int:
        """Ask for an association; the largest PDU that the peer takes."""
        asked = A_ASSOCIATE()
        asked.application_context_name = "1.2.840.10008.3.1.1.1"
        asked.calling_ae_title, asked.called_ae_title = "BENCHMARK", title
        asked.presentation_context_definition_list = contexts
        length, implementation = MaximumLengthNotification(), ImplementationClassUIDNotification()
        length.maximum_length_received, implementation.implementation_class_uid = _LARGEST_PDU, "1.2.826.0.1.1"
        asked.user_information = [length, implementation]
        request = A_ASSOCIATE_RQ()
        request.from_primitive(asked)
        self._socket.sendall(request.encode())
        answer = A_ASSOCIATE_AC()
        answer.decode(self._receive())
        accepted = answer.to_primitive()
        results = [one.result for one in accepted.presentation_context_definition_results_list]
        assert not any(results), f"every presentation context must be accepted: {results}"
        assert accepted.maximum_length_received is not None
        return min(accepted.maximum_length_received or _LARGEST_PDU, _LARGEST_PDU)

    def _send(self, file: File, context: int, pdus: bytes, message: int) -> int:
        uids = [f"2.25.{digit}{next(self._numbers):037d}" for digit in "123"]
        head = pdus[:_HEAD_BYTES]
        for placeholder, uid in zip(PLACEHOLDERS, uids, strict=True):
            head = head.replace(placeholder.encode(), uid.encode())
        self._socket.sendall(_command(file, context, uids[0], message) + head, socket.MSG_MORE)
        self._socket.sendall(memoryview(pdus)[_HEAD_BYTES:])
        answer = decode(BytesIO(self._receive()[12:]), is_implicit_vr=True, is_little_endian=True)
        return int(answer.Status)

    def _receive(self) -> bytes:
        """One PDU, whole."""
        begin = self._exactly(6)
        return begin + self._exactly(int.from_bytes(begin[2:6], "big"))

    def _exactly(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            more = self._socket.recv(size - len(found))
            assert more, "the peer ended the association"
            found += more
        return found


def _as_pdus(data_set: bytes, context: int, largest: int) -> bytes:
    """A data set as P-DATA-TF PDUs of one PDV each (PS3.8, 9.3.5)."""
    step = largest - 6
    made = []
    for at in range(0, len(data_set), step):
        piece = data_set[at : at + step]
        last = at + step >= len(data_set)
        made += [struct.pack(">BxIIBB", _P_DATA, len(piece) + 6, len(piece) + 2, context, 2 * last), piece]
    return b"".join(made)


def _command(file: File, context: int, uid: str, message: int) -> bytes:
    """C-STORE-RQ (PS3.7, 9.3.1.1) as one PDU."""
    command = Dataset()
    command.AffectedSOPClassUID, command.AffectedSOPInstanceUID = file.sop_class_uid, uid
    command.CommandField, command.MessageID, command.Priority, command.CommandDataSetType = 1, message, 0, 0
    encoded = encode(command, is_implicit_vr=True, is_little_endian=True) or b""
    body = struct.pack("<HHII", 0, 0, 4, len(encoded)) + encoded
    return struct.pack(">BxIIBB", _P_DATA, len(body) + 6, len(body) + 2, context, 3) + body


@click.command()
@click.argument("host")
@click.argument("port", type=int)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", default="HILUM", help="Called AE title.")
@click.option("--associations", default=1, show_default=True, type=click.IntRange(1))
@click.option("--seconds", default=5.0, show_default=True)
def command(*, host: str, port: int, files: tuple[Path, ...], title: str, associations: int, seconds: float) -> None:
    """Send FILES in turn over some associations; print when each was stored."""
    read = [File.read(path) for path in files]
    senders = [Association((host, port), title, read, number) for number in range(associations)]
    sent, until = [Sent() for _ in senders], time.time() + seconds
    pairs = zip(senders, sent, strict=True)
    threads = [threading.Thread(target=one.send_each, args=(until, into)) for one, into in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stored = sorted(moment for one in sent for moment in one.at)
    refused = [status for one in sent for status in one.refused]
    click.echo(json.dumps({"stored": stored, "refused": refused, "until": until}))


if __name__ == "__main__":
    command()
