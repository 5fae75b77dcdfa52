"""A DICOM file taken apart: its transfer syntax, the elements before the pixel data, and where the pixel data lie."""

import re
import zlib
from dataclasses import dataclass

from pydicom import config
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from model.elements import Element, Elements, Encoding, ends_early, header, read
from model.errors import NotReadable, RefusalCode

PIXEL_DATA = 0x7FE00010
_EXPLICIT = Encoding(explicit=True, little=True)
_UID = re.compile(r"[0-9.]{0,64}")  # PS3.5, 9.1


@dataclass(frozen=True)
class DicomFile:
    """``elements`` come before the pixel data; ``pixel_data`` may reach beyond the end of ``elements.data``."""

    transfer_syntax: str
    elements: Elements
    pixel_data: Element | None
    #: Where the data set begins in the file, behind preamble and file meta information.
    data_set_at: int = 0

    @property
    def inflated(self) -> bool:
        """Whether ``elements.data`` is not the file but its data set, which was deflated."""
        return self.transfer_syntax == DeflatedExplicitVRLittleEndian


def open_file(data: bytes, max_bytes: int) -> DicomFile:
    """Take a file (PS3.10) apart, or a bare data set without preamble and file meta information.

    A deflated data set is inflated, up to ``max_bytes``.

    Raises:
        NotReadable: not-dicom, corrupt, too-large.
    """
    start = 132 if data[128:132] == b"DICM" else 0
    if data[start : start + 2] == b"\2\0":
        meta = read(data, start, len(data), _EXPLICIT, stop_before=0x00030000)
        begin = _behind(meta, start)
        syntax = _transfer_syntax(meta)
    else:
        begin, syntax = start, ""
    if begin > start and begin >= len(data):
        raise ends_early("the file meta information")
    data_set_at = begin
    if syntax == DeflatedExplicitVRLittleEndian:
        data, begin = _inflated(data, begin, max_bytes), 0
    encoding = _encoding(syntax) if syntax else _guessed_encoding(data, begin)
    elements = read(data, begin, len(data), encoding, stop_before=PIXEL_DATA)
    pixel_data = elements.by_tag.get(PIXEL_DATA)
    return DicomFile(syntax or _native_syntax(encoding), elements, pixel_data, data_set_at)


def _transfer_syntax(meta: Elements) -> str:
    """As the file says; where it says something that is no UID, it says nothing that may be repeated to anybody."""
    syntax = meta.text("TransferSyntaxUID")
    if not _UID.fullmatch(syntax):
        words = "Transfer Syntax UID (0002,0010) must be a UID, digits and dots, at most 64. Send the original file."
        raise NotReadable(RefusalCode.CORRUPT, words)
    return syntax


def _behind(meta: Elements, start: int) -> int:
    """Where the file meta information ends, found by its elements: its group length is often wrong."""
    return max((e.end for e in meta.by_tag.values() if e.tag < 0x00030000), default=start)


def _inflated(data: bytes, begin: int, max_bytes: int) -> bytes:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        inflated = inflate.decompress(memoryview(data)[begin:], max_bytes + 1)
    except zlib.error:
        words = "The data set must be deflated as its transfer syntax says, but cannot be inflated. Send it again."
        raise NotReadable(RefusalCode.CORRUPT, words) from None
    if len(inflated) > max_bytes:
        words = f"The file must not hold more than {max_bytes} bytes when inflated. Send it uncompressed or smaller."
        raise NotReadable(RefusalCode.TOO_LARGE, words)
    return inflated


def _encoding(syntax: str) -> Encoding:
    """Of the data set; a transfer syntax that we do not know is explicit little endian (PS3.5, A.4)."""
    return Encoding(explicit=syntax != ImplicitVRLittleEndian, little=syntax != ExplicitVRBigEndian)


def _guessed_encoding(data: bytes, begin: int) -> Encoding:
    """Of a data set that does not say it: by its first element, which must be of group 0008."""
    group = data[begin : begin + 2]
    if group not in {b"\x08\x00", b"\x00\x08"}:
        raise _not_guessed(begin)
    little = group == b"\x08\x00"
    explicit = bool(header(data, begin, len(data), Encoding(True, little)).vr)
    return Encoding(explicit, little)


def _not_guessed(begin: int) -> NotReadable:
    if begin:
        words = "Transfer Syntax UID (0002,0010) must be present to tell the data set. Send the original file."
        return NotReadable(RefusalCode.CORRUPT, words)
    words = "The file must be DICOM (PS3.10), PNG or JPEG, and begins like none of them. Send the original file."
    return NotReadable(RefusalCode.NOT_DICOM, words)


def _native_syntax(encoding: Encoding) -> str:
    if not encoding.little:
        return str(ExplicitVRBigEndian)
    return str(ExplicitVRLittleEndian if encoding.explicit else ImplicitVRLittleEndian)


def syntax_name(transfer_syntax: str) -> str:
    """For a message: the standard's name and the UID."""
    return f"{uid_name(transfer_syntax)} ({transfer_syntax[:64]})"


def uid_name(uid: str) -> str:
    """What the standard calls it, or that it is unknown; an invalid UID is no reason for a warning."""
    name = UID(uid, config.IGNORE).name
    return "an unknown UID" if name == uid else name
