"""HL7 v2 over MLLP: a message between two marks on a TCP connection, and the acknowledgement that answers it.

HL7 v2.5.1, 2.9.2 (processing rules); HL7 Transport Specification, MLLP Release 1.
"""

import socket
from dataclasses import dataclass

from model.errors import Unavailable
from serving.senders.sender import Address, Parcel, Rejected
from serving.settings import Settings

_CONNECT_SECONDS, _ANSWER_SECONDS = 5, 30
_START, _END = b"\x0b", b"\x1c\r"
_MOST_BYTES = 2**20
#: Table 0008. An error is one of this message; a rejection is often the receiver's own and may pass.
_ACCEPTED, _ERROR, _REJECTED = {"AA", "CA"}, {"AE", "CE"}, {"AR", "CR"}
#: Table 0357: it does not know this type, event, processing id or version of a message, and will not tomorrow.
_UNSUPPORTED = {"200", "201", "202", "203"}


@dataclass(frozen=True, kw_only=True)
class Mllp:
    host: str
    port: int
    presentations: tuple[str, ...]

    def send(self, parcel: Parcel) -> None:
        for name in self.presentations:
            made = parcel.document(name)
            if made is not None:
                judge(self._exchange(made.body), control_id(made.body))

    def check(self) -> str:
        """MLLP has no word for it: a connection is all that can be asked for."""
        try:
            self._connection().close()
        except OSError as error:
            raise _not_there(error) from error
        return "It takes connections; MLLP cannot ask for more."

    def _exchange(self, message: bytes) -> bytes:
        try:
            with self._connection() as connection:
                connection.settimeout(_ANSWER_SECONDS)
                connection.sendall(_START + message + _END)
                return _framed(connection)
        except OSError as error:
            raise _not_there(error) from error

    def _connection(self) -> socket.socket:
        return socket.create_connection((self.host, self.port), timeout=_CONNECT_SECONDS)


def make(address: Address, _: Settings) -> Mllp:
    """Of ``mllp://host:port``.

    Raises:
        ValueError: in words.
    """
    parts = address.parts
    try:
        port = parts.port
    except ValueError:
        port = None
    if not parts.hostname or not port or parts.username or parts.query or parts.path.strip("/"):
        raise ValueError("must name a receiver as mllp://host:port")
    return Mllp(host=parts.hostname, port=port, presentations=address.presentations)


def control_id(message: bytes) -> str:
    """MSH-10: the separator after the name is field 1."""
    return _field(_segments(message).get("MSH", []), 9)


def judge(acknowledgement: bytes, sent: str) -> None:
    """What an acknowledgement (MSA, ERR) of the message ``sent`` means. Its texts may name a patient: none is repeated.

    Raises:
        Unavailable: when time may cure it, or it is no acknowledgement of this message.
        Rejected: when the message is not taken, now or later.
    """
    segments = _segments(acknowledgement)
    code, answered = _field(segments.get("MSA", []), 1), _field(segments.get("MSA", []), 2)
    if answered != sent or code not in _ACCEPTED | _ERROR | _REJECTED:
        raise Unavailable("The receiver must acknowledge the message by its MSH-10 with an MSA, but does not.")
    if code in _ACCEPTED:
        return
    reason = _field(segments.get("ERR", []), 3).partition("^")[0]
    words = f"The receiver must accept the message, but answered {code}" + (f" {reason}." if reason.isdigit() else ".")
    if code in _ERROR or reason in _UNSUPPORTED:
        raise Rejected(words)
    raise Unavailable(words)


def _framed(connection: socket.socket) -> bytes:
    """What stands between the marks."""
    got = b""
    while _END not in got:
        more = connection.recv(65536)
        if not more or len(got) > _MOST_BYTES:
            raise Unavailable("The receiver must answer with an acknowledgement, but ended the connection.")
        got += more
    return got.partition(_START)[2].partition(_END)[0]


def _segments(message: bytes) -> dict[str, list[str]]:
    """Name to fields of the first segment of each name."""
    found: dict[str, list[str]] = {}
    for line in message.decode("utf-8", "replace").replace("\n", "\r").split("\r"):
        fields = line.split("|")
        found.setdefault(fields[0], fields)
    return found


def _field(segment: list[str], number: int) -> str:
    return segment[number].strip() if len(segment) > number else ""


def _not_there(error: OSError) -> Unavailable:
    return Unavailable(f"The receiver must be reachable and answer, but is not ({type(error).__name__}).")
