"""Encapsulated pixel data that are cut, doubled, or not as their table of offsets says (PS3.5, A.4)."""

import struct
from collections.abc import Mapping

import imagecodecs
from pydicom import uid

from tests.hostile.writing import PIXELS, UNDEFINED, Hostile, Named, element, item, written

_RLE = struct.pack("<16I", 1, 64, *[0] * 14) + b"".join(b"\x2f" + row.tobytes() for row in PIXELS)
CODESTREAMS: Mapping[str, tuple[str, bytes]] = {
    "RLE": (uid.RLELossless, _RLE),
    "JPEG": (uid.JPEGBaseline8Bit, imagecodecs.jpeg8_encode(PIXELS)),
    "JPEG lossless": (uid.JPEGLosslessSV1, imagecodecs.ljpeg_encode(PIXELS)),
    "JPEG-LS": (uid.JPEGLSLossless, imagecodecs.jpegls_encode(PIXELS)),
    "JPEG 2000": (uid.JPEG2000Lossless, imagecodecs.jpeg2k_encode(PIXELS, level=0)),
    "HTJ2K": (uid.HTJ2KLossless, imagecodecs.htj2k_encode(PIXELS)),
}


def encapsulated(
    kind: str, fragments: list[bytes], *, table: bytes = b"", frames: int | None = None, end: bool = True
) -> bytes:
    """Of these fragments, with this Basic Offset Table, whatever is in them."""
    padded = [fragment + b"\0" * (len(fragment) % 2) for fragment in fragments]
    held = b"".join(map(item, [table, *padded])) + (item(b"", tag=0xFFFEE0DD) if end else b"")
    made = written(CODESTREAMS[kind][0], NumberOfFrames=None if frames is None else str(frames), PixelData=None)
    return made + element(0x7FE00010, b"OB", held, claimed=UNDEFINED)


def _table(*offsets: int) -> bytes:
    return struct.pack(f"<{len(offsets)}I", *offsets)


def fragments() -> Named:
    for kind, (_, code) in CODESTREAMS.items():
        third = len(code) // 6 * 2
        first, second, last = code[:third], code[third : 2 * third], code[2 * third :]
        halves = [first, second + last, code]
        whole, lost = item(b"", claimed=len(code) + len(code) % 2), item(b"", claimed=2**32 - 2)
        other = CODESTREAMS["JPEG" if kind != "JPEG" else "RLE"][1]
        for name, made, answer in (
            ("cut in the middle", encapsulated(kind, [code[: len(code) // 2]]), "corrupt"),
            ("empty", encapsulated(kind, [b""]), "corrupt"),
            ("no fragment", encapsulated(kind, []), "corrupt"),
            ("nothing at all", encapsulated(kind, [], end=False)[:-8], "corrupt"),
            ("twice, one behind the other", encapsulated(kind, [code, code]), "read"),
            ("in three", encapsulated(kind, [first, second, last]), "read"),
            ("without an end", encapsulated(kind, [code], end=False), "read"),
            ("a table that lies", encapsulated(kind, [code], table=_table(2**32 - 2)), "read"),
            ("offsets out of the file", encapsulated(kind, halves, frames=2, table=_table(0, 2**32 - 2)), "read"),
            ("offsets that fall", encapsulated(kind, halves, frames=2, table=_table(2**31, 0)), "read"),
            ("more frames than fragments", encapsulated(kind, [code], frames=4), "read"),
            ("of another kind", encapsulated(kind, [other]), "corrupt"),
            ("a fragment of 4 GB", encapsulated(kind, [code]).replace(whole, lost, 1), "corrupt"),
        ):  # fmt: skip
            yield f"{kind}: {name}", Hostile(made, _ELSE.get((kind, name), answer))
    yield "70,000 fragments", Hostile(encapsulated("JPEG", [b"\0\0"] * 70_000), "corrupt")


#: RLE has no end marker that would tell its frames apart, or what is padding; a lossless JPEG may be a lossy one.
_ELSE = {
    ("RLE", "twice, one behind the other"): "corrupt",
    ("RLE", "offsets out of the file"): "corrupt",
    ("RLE", "offsets that fall"): "corrupt",
    ("RLE", "more frames than fragments"): "corrupt",
    ("JPEG lossless", "of another kind"): "read",
    ("JPEG-LS", "of another kind"): "unsupported-syntax",
}
