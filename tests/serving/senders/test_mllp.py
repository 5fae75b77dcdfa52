"""HL7 v2 over MLLP to a receiver that accepts, errs, rejects, mixes up, hangs up."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from model.errors import Unavailable
from serving.presentations.documents import Document
from serving.presentations.kinds import KINDS
from serving.senders.mllp import control_id
from serving.senders.sender import Parcel, Rejected
from tests.serving.senders.parcels import sender
from tests.threaded import threaded

MESSAGE = "MSH|^~\\&|HILUM||||20260102||ORU^R01^ORU_R01|KEY7|P|2.5.1\rPID|1||P-1\rOBX|1|ST|x||Mẫu\r"


@dataclass
class Receiver:
    port: int = 0
    #: What it answers; ``{}`` is the message's control id. Nothing: it hangs up.
    answer: str = "MSH|^~\\&|R\rMSA|AA|{}\r"
    got: list[bytes] = field(default_factory=list)


@contextmanager
def receiver() -> Iterator[Receiver]:
    one = Receiver()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            got = b""
            while not got.endswith(b"\x1c\r"):
                more = self.rfile.read1()
                if not more:
                    return  # it only looked whether we are there
                got += more
            one.got.append(got)
            message = got.removeprefix(b"\x0b").removesuffix(b"\x1c\r")
            if one.answer:
                answer = one.answer.replace("{}", control_id(message)).encode()
                for part in (b"\x0b" + answer[:9], answer[9:], b"\x1c", b"\r"):
                    self.wfile.write(part)

    with threaded(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as server:
        one.port = server.server_address[1]
        yield one


def parcel(body: str | None = MESSAGE) -> Parcel:
    made = Document(uid="2.25.7", kind=KINDS["oru"], body=body.encode()) if body else None
    return Parcel(uid="2.25.7", document=lambda _: made, instances=lambda _: iter(()))


def test_a_message_stands_between_marks_and_arrives_as_it_is() -> None:
    with receiver() as one:
        sender(f"mllp://127.0.0.1:{one.port}").send(parcel())
    assert one.got == [b"\x0b" + MESSAGE.encode() + b"\x1c\r"]


def test_nobody_is_bothered_for_nothing() -> None:
    with receiver() as one:
        sender(f"mllp://127.0.0.1:{one.port}").send(parcel(None))
    assert one.got == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("MSH|^~\\&|R\rMSA|CA|{}\r", None),
        ("MSH|^~\\&|R\r\nMSA|AA|{}|fine\r\n", None),  # line ends of many
        ("MSH|^~\\&|R\rMSA|AE|{}|Nguyễn has no such order\rERR|||204^Unknown key\r", Rejected),
        ("MSH|^~\\&|R\rMSA|CE|{}\r", Rejected),
        ("MSH|^~\\&|R\rMSA|AR|{}\rERR|||207^Application internal error\r", Unavailable),
        ("MSH|^~\\&|R\rMSA|AR|{}\r", Unavailable),
        ("MSH|^~\\&|R\rMSA|AR|{}\rERR|||203^Unsupported version id\r", Rejected),
        ("MSH|^~\\&|R\rMSA|AA|OTHER\r", Unavailable),  # of another message
        ("MSH|^~\\&|R\rMSA|XX|{}\r", Unavailable),
        ("MSH|^~\\&|R\r", Unavailable),
        ("", Unavailable),
    ],
)
def test_an_acknowledgement_is_what_counts(answer: str, error: type[Exception] | None) -> None:
    with receiver() as one:
        one.answer = answer
        to = sender(f"mllp://127.0.0.1:{one.port}")
        if error is None:
            to.send(parcel())
        else:
            with pytest.raises(error) as caught:
                to.send(parcel())
            assert "Nguyễn" not in str(caught.value)


def test_who_is_not_there_is_unavailable_and_who_is_can_be_checked() -> None:
    with receiver() as one:
        there = sender(f"mllp://127.0.0.1:{one.port}")
        assert there.check()
    for call in (there.check, lambda: there.send(parcel())):
        with pytest.raises(Unavailable, match="ConnectionRefusedError"):
            call()


@pytest.mark.parametrize("url", ["mllp://h", "mllp://:1", "mllp://h:99999", "mllp://h:1/x", "mllp://h:1?x=1"])
def test_a_receiver_is_named_by_host_and_port(url: str) -> None:
    with pytest.raises(ValueError, match="mllp://host:port"):
        sender(url)
