"""What a compressed image says of itself: read before it is decoded, so that nothing is decoded on trust."""

import struct
from dataclasses import dataclass

from model.errors import NotReadable, RefusalCode

_END = b"\xff\xd9"  # EOI of JPEG and JPEG-LS, EOC of JPEG 2000: cannot occur inside of coded data
_SOC_SIZ = b"\xff\x4f\xff\x51"
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC} | {0xF7}
#: Scans of a progressive image: common writers make ten. Each costs a pass over all pixels, however short it is.
_SCAN, _MOST_SCANS = b"\xff\xda", 128
_WITHOUT_LENGTH = frozenset(range(0xD0, 0xD9)) | {0x01}


@dataclass(frozen=True, kw_only=True)
class Codestream:
    """``process`` is the frame header's marker (JPEG, JPEG-LS) or 0x51 (JPEG 2000); ``precision`` in bits."""

    process: int
    rows: int
    columns: int
    components: int
    precision: int
    signed: bool = False


def jpeg_header(data: bytes) -> Codestream:
    """Of a JPEG or JPEG-LS image (ITU-T T.81, B.2.2; T.87, C.2.2).

    Raises:
        NotReadable: corrupt.
    """
    if data[:2] != b"\xff\xd8":
        raise _corrupt("begin with a JPEG image (FFD8)")
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise _corrupt("have a marker after each of its segments")
        marker = data[at + 1]
        if marker in _FRAME_HEADERS:
            return _frame_header(data, marker, at)
        if marker == 0xFF or marker in _WITHOUT_LENGTH:  # fill bytes, restarts
            at += 1 if marker == 0xFF else 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise _corrupt("have a frame header")


def _frame_header(data: bytes, marker: int, at: int) -> Codestream:
    if at + 10 > len(data):
        raise _corrupt("have a whole frame header")
    precision, rows, columns, components = struct.unpack_from(">BHHB", data, at + 4)
    _check_complete(data, at)
    if data.count(_SCAN, at) > _MOST_SCANS:
        raise _corrupt(f"have at most {_MOST_SCANS} scans")
    return Codestream(process=marker, rows=rows, columns=columns, components=components, precision=precision)


def jpeg2000_header(data: bytes) -> tuple[Codestream, int]:
    """Of a JPEG 2000 or HTJ2K image (ITU-T T.800, A.5.1), and where its codestream begins: some wrap it into a file.

    Raises:
        NotReadable: corrupt.
    """
    start = data.find(_SOC_SIZ)
    if start < 0 or start + 44 > len(data):
        raise _corrupt("begin with a JPEG 2000 image (FF4F FF51)")
    right, bottom, left, top = struct.unpack_from(">4I", data, start + 8)
    components, depth, *steps = struct.unpack_from(">H3B", data, start + 40)
    if steps != [1, 1]:
        raise _corrupt("have components of full size")
    _check_complete(data, start)
    header = Codestream(
        process=0x51,
        rows=bottom - top,
        columns=right - left,
        components=components,
        precision=(depth & 0x7F) + 1,
        signed=bool(depth & 0x80),
    )
    return header, start


def ends_here(fragment: bytes) -> bool:
    """Whether a fragment is the last one of its image; a byte or more of padding may follow."""
    return _END in fragment[-16:]


def _check_complete(data: bytes, after: int) -> None:
    if data.rfind(_END) < after:
        raise _corrupt("reach its end marker (FFD9), and ends early")


def _corrupt(must: str) -> NotReadable:
    return NotReadable(RefusalCode.CORRUPT, f"The compressed Pixel Data (7FE0,0010) must {must}. Send the file again.")
