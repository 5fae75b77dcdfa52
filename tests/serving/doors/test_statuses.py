"""Each status, and each way to be rejected, as a real peer gets it."""

import socket
import struct
from collections.abc import Iterator
from io import BytesIO

import pytest
from pydicom import dcmread
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    CTImageStorage,
    DigitalXRayImageStorageForProcessing,
    SecondaryCaptureImageStorage,
)
from pynetdicom import AE
from pynetdicom.dsutils import decode

from serving.doors.statuses import WHEN, Status
from serving.store import readings
from serving.store.store import Store
from tests.serving.files import dicom
from tests.serving.raw_peer import (
    ABORT,
    ACCEPT,
    DATA,
    DX,
    REJECT,
    association_request,
    pdu,
    raw_peer,
    store_request,
    value,
)
from tests.serving.receiver import receiving, send


def data_set(data: bytes) -> bytes:
    """Without its file meta information."""
    return data[132 + 12 + dcmread(BytesIO(data)).file_meta.FileMetaInformationGroupLength :]


@pytest.fixture(scope="module")
def receiver() -> Iterator[tuple[int, Store]]:
    with receiving(max_instance_bytes=100_000) as found:
        yield found


PLAIN = data_set(dicom("1.2.9.1"))
WITHOUT_STUDY = data_set(dicom("1.2.9.1", StudyInstanceUID=""))


@pytest.mark.parametrize(
    ("request_", "sent", "status"),
    [
        (store_request("1.2.9.1"), PLAIN, Status.SUCCESS),
        (store_request("1.2.9.2"), PLAIN, Status.DOES_NOT_MATCH),  # another instance
        (store_request("1.2.9.1", sop_class=str(CTImageStorage)), PLAIN, Status.SOP_CLASS_NOT_SUPPORTED),
        (store_request("1.2.9.1"), PLAIN.replace(DX.encode(), DX.encode()[:-1] + b"9"), Status.DOES_NOT_MATCH),
        (store_request("1.2.9.1"), WITHOUT_STUDY, Status.DOES_NOT_MATCH),
        (store_request("1.2.9.1"), PLAIN[:100], Status.CANNOT_UNDERSTAND),  # ends within an element
        (store_request("1.2.9.1"), b"", Status.CANNOT_UNDERSTAND),
        (store_request("1.2.9.1"), bytes(1000), Status.CANNOT_UNDERSTAND),
        (store_request("1.2.9.1"), PLAIN + bytes(100_000), Status.CANNOT_UNDERSTAND),  # more than is taken
        (store_request("1.2.9.1", data_set=False), None, Status.CANNOT_UNDERSTAND),
        (store_request("1.2.9.1", field=0x0020), PLAIN, Status.UNRECOGNIZED_OPERATION),  # C-FIND
    ],
)  # fmt: skip
def test_a_request_gets_its_status(
    receiver: tuple[int, Store], request_: bytes, sent: bytes | None, status: Status
) -> None:
    with raw_peer(receiver[0]) as peer:
        assert peer.associate()[0] == ACCEPT
        peer.send(request_)
        for at in range(0, len(sent), 10_000) if sent else ():
            piece = sent[at : at + 10_000]
            peer.send(pdu(DATA, value(piece, last=at + 10_000 >= len(sent))))
        if sent == b"":
            peer.send(pdu(DATA, value(b"")))
        kind, content = peer.receive()
        assert kind == DATA
        answer = decode(BytesIO(content[6:]), is_implicit_vr=True, is_little_endian=True)
        assert answer.Status == status
        assert "Mẫu" not in answer.get("ErrorComment", "")
        assert peer.is_alive()
    assert readings.find(receiver[1], "1.2.9.1")  # the first row's, untouched by the others


def test_every_status_is_explained() -> None:
    assert set(WHEN) == set(Status)


@pytest.mark.parametrize(
    ("sop_class", "stored", "rejecting"),
    [
        (ComputedRadiographyImageStorage, Status.SUCCESS, Status.SUCCESS),
        (DigitalXRayImageStorageForProcessing, Status.SUCCESS, Status.SUCCESS),
        (SecondaryCaptureImageStorage, Status.SUCCESS, Status.SUCCESS),
        (CTImageStorage, Status.SUCCESS, None),  # None: its presentation context is not accepted
    ],
)
@pytest.mark.parametrize("policy", ["store", "reject"])
def test_what_is_no_radiograph_is_stored_or_rejected(
    sop_class: str, stored: Status, rejecting: Status | None, policy: str
) -> None:
    with receiving(other_objects=policy) as (port, _):
        expected = stored if policy == "store" else rejecting
        entity = AE()
        entity.add_requested_context(sop_class, "1.2.840.10008.1.2.1")
        association = entity.associate("127.0.0.1", port)
        if expected is None:
            assert [context.result for context in association.rejected_contexts] == [3]
            association.abort()
        else:
            association.release()
            assert send(port, dicom("1.2.9.3", SOPClassUID=sop_class)) == expected


@pytest.mark.parametrize(
    ("changes", "called", "calling", "answer"),
    [
        ({}, "ANY", "ANYBODY", None),
        ({"ae_titles": "HILUM,OTHER"}, "OTHER", "ANYBODY", None),
        ({"ae_titles": "HILUM"}, "ANY", "ANYBODY", (1, 1, 7)),  # permanent, by user, called AE title not recognized
        ({"peers": "PACS"}, "HILUM", "PACS", None),
        ({"peers": "PACS"}, "HILUM", "OTHER", (1, 1, 3)),  # calling AE title not recognized
        ({"peers": "PACS@127.0.0.0/8"}, "HILUM", "PACS", None),
        ({"peers": "PACS@192.0.2.1"}, "HILUM", "PACS", (1, 1, 3)),
    ],
)
def test_who_may_talk_to_us(
    changes: dict[str, str], called: str, calling: str, answer: tuple[int, int, int] | None
) -> None:
    with receiving(**changes) as (port, _), raw_peer(port) as peer:
        kind, content = peer.associate(called, calling)
        assert kind == (ACCEPT if answer is None else REJECT)
        if answer:
            assert tuple(content[1:]) == answer


def test_another_application_context_is_rejected(receiver: tuple[int, Store]) -> None:
    with raw_peer(receiver[0]) as peer:
        peer.send(association_request().replace(b"1.2.840.10008.3.1.1.1", b"1.2.840.10008.3.1.1.2"))
        kind, content = peer.receive()
        assert (kind, tuple(content[1:])) == (REJECT, (1, 1, 2))


def test_a_full_house_says_so_and_has_room_again() -> None:
    with receiving(dimse_associations=1) as (port, _):
        with raw_peer(port) as first, raw_peer(port) as second:
            assert first.associate()[0] == ACCEPT
            kind, content = second.associate()
            assert (kind, tuple(content[1:])) == (REJECT, (2, 3, 2))  # transient, local limit exceeded
            assert first.is_alive()
        assert send(port, dicom("1.2.9.4")) == Status.SUCCESS


def test_whoever_asks_for_nothing_makes_room_for_who_does(receiver: tuple[int, Store]) -> None:
    silent = [socket.create_connection(("127.0.0.1", receiver[0])) for _ in range(100)]
    try:
        assert send(receiver[0], dicom("1.2.9.5")) == Status.SUCCESS
    finally:
        for one in silent:
            one.close()


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        pdu(1, bytes(100)),
        pdu(1, b"", claimed=2**32 - 1),
        pdu(DATA, value(b"x")),  # before an association
        bytes(1000),
    ],
)
def test_what_is_no_association_request_is_aborted(receiver: tuple[int, Store], garbage: bytes) -> None:
    with raw_peer(receiver[0]) as peer:
        peer.send(garbage)
        assert peer.receive()[0] in {ABORT, 0}  # 0: reset, since we did not read to its end


@pytest.mark.parametrize(
    "wrong",
    [
        pdu(DATA, b"", claimed=2**32 - 1),
        pdu(DATA, value(b"abc", claimed=1000)),  # runs over its PDU
        pdu(DATA, value(b"", claimed=0)),
        pdu(DATA, b"\0\0\0"),
        pdu(DATA, value(b"x", context=3)),  # was not proposed
        pdu(DATA, value(b"x")),  # no command before
        pdu(DATA, value(b"\x10\x00\x10\x00\xff\xff\xff\xffabc", command=True)),
        pdu(DATA, value(struct.pack("<HHII", 0, 0x0100, 2, 1)[:10], command=True)),  # little else
        pdu(9, b""),
        pdu(ACCEPT, bytes(70)),
    ],
)
def test_what_breaks_the_protocol_is_aborted(receiver: tuple[int, Store], wrong: bytes) -> None:
    with raw_peer(receiver[0]) as peer:
        assert peer.associate()[0] == ACCEPT
        peer.send(wrong)
        kind, content = peer.receive()
        assert kind == ABORT
        assert content[2] == 2  # by the service provider
