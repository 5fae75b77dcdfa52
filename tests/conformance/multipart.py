"""multipart/related (RFC 2387, RFC 2046, 5.1): made and, strictly, taken apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message

BOUNDARY = "hilum-conformance-boundary"
_DICOM = "Content-Type: application/dicom"


@dataclass(frozen=True, kw_only=True)
class Part:
    #: By lower-case name.
    headers: Mapping[str, str]
    content: bytes

    @property
    def media_type(self) -> str:
        return media_type(self.headers["content-type"])[0]

    @property
    def transfer_syntax(self) -> str | None:
        return media_type(self.headers["content-type"])[1].get("transfer-syntax")


def media_type(value: str) -> tuple[str, dict[str, str]]:
    """Type and subtype, and parameters, of a Content-Type header."""
    message = Message()
    message["Content-Type"] = value
    return message.get_content_type(), {name: str(text) for name, text in (message.get_params() or [])[1:]}


def related(contents: Sequence[bytes], headers: str = _DICOM, preamble: bytes = b"") -> bytes:
    """A body of these parts, each under the same headers."""
    dash = f"--{BOUNDARY}".encode()
    head = headers.replace("\n", "\r\n").encode()
    parts = [dash + b"\r\n" + head + b"\r\n\r\n" + content + b"\r\n" for content in contents]
    return preamble + b"".join(parts) + dash + b"--\r\n"


def parts_of(content_type: str, body: bytes) -> list[Part]:
    """The parts of a response; an AssertionError where it does not keep to RFC 2046."""
    kind, parameters = media_type(content_type)
    assert kind == "multipart/related", f"must be multipart/related, not {kind}"
    assert "type" in parameters, "multipart/related must name the type of its root (RFC 2387, 3.1)"
    delimiter = b"--" + parameters["boundary"].encode()
    first, *pieces = (b"\r\n" + body).split(b"\r\n" + delimiter)
    assert pieces, "the body must hold the boundary that its header names"
    assert pieces[-1][:2] == b"--", "the last boundary must close the body"
    assert not first.strip(b"\r\n"), "nothing is needed before the first boundary"
    return [_part(piece) for piece in pieces[:-1]]


def _part(piece: bytes) -> Part:
    padding, end, rest = piece.partition(b"\r\n")
    assert end, "a boundary must end its line"
    assert not padding.strip(b" \t"), "nothing may stand behind a boundary"
    head, end, content = rest.partition(b"\r\n\r\n")
    assert end, "a part must have an empty line after its headers"
    headers = dict(line.decode("latin-1").split(":", 1) for line in head.split(b"\r\n"))
    return Part(headers={name.strip().lower(): value.strip() for name, value in headers.items()}, content=content)
