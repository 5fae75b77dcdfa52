"""Files whose elements do not stand as they must: VRs, lengths, sequences, and too many of all of them."""

import numpy as np

from tests.hostile.writing import DATA_SET, GOOD, UNDEFINED, Hostile, Named, element, file_of, in_front_of_pixels, item

MIB = 2**20


def nested(depth: int, *, defined: bool) -> bytes:
    """Sequences one in another, with true lengths or without any."""
    if not defined:
        opened = element(0x00081140, b"SQ", item(b"", claimed=UNDEFINED), claimed=UNDEFINED)
        closed = item(b"", tag=0xFFFEE00D) + item(b"", tag=0xFFFEE0DD)
        return opened * depth + closed * depth
    lengths = [20 * n for n in range(depth)]  # a sequence's header takes 12 bytes, an item's 8
    heads = [element(0x00081140, b"SQ", item(b"", claimed=n), claimed=n + 8) for n in reversed(lengths)]
    return b"".join(heads)


def structure() -> Named:
    plain = element(0x00081030, b"LO", b"x ")
    yield "VR that is none", Hostile(in_front_of_pixels(element(0x00091001, b"ZZ", b"ab")), "read")
    yield "VR of small letters", Hostile(in_front_of_pixels(element(0x00091001, b"us", b"ab")), "corrupt")
    yield "length: 4 GB", Hostile(in_front_of_pixels(element(0x00091001, b"UT", b"ab", claimed=2**32 - 2)), "corrupt")
    yield (
        "length: behind the end",
        Hostile(in_front_of_pixels(element(0x00091001, b"LO", b"ab", claimed=65534)), "corrupt"),
    )
    yield (
        "length: undefined, of a text",
        Hostile(in_front_of_pixels(element(0x00091001, b"UT", b"ab", claimed=UNDEFINED)), "corrupt"),
    )
    yield (
        "length: undefined, never ends",
        Hostile(
            file_of(
                element(0x00080060, b"CS", b"DX")
                + element(0x00081140, b"SQ", b"", claimed=UNDEFINED)
                + item(b"") * 1000
            ),
            "corrupt",
        ),
    )
    yield (
        "length: of an item, 4 GB",
        Hostile(
            in_front_of_pixels(element(0x00081140, b"SQ", item(b"", claimed=2**32 - 2), claimed=UNDEFINED)), "corrupt"
        ),
    )
    yield (
        "an item that is none",
        Hostile(in_front_of_pixels(element(0x00081140, b"SQ", plain, claimed=UNDEFINED)), "corrupt"),
    )
    yield "nested 32 deep", Hostile(in_front_of_pixels(nested(32, defined=False)), "read")
    yield "nested 20,000 deep", Hostile(in_front_of_pixels(nested(20_000, defined=False)), "corrupt")
    yield "nested 20,000 deep, with lengths", Hostile(in_front_of_pixels(nested(20_000, defined=True)), "read")
    yield "a million elements", Hostile(file_of(element(0x00080060, b"CS", b"DX") + _counted(MIB)), "corrupt")
    yield (
        "a million times the same element",
        Hostile(file_of(element(0x00080060, b"CS", b"DX") + plain * MIB), "corrupt"),
    )
    yield (
        "a million items",
        Hostile(
            in_front_of_pixels(
                element(0x00081140, b"SQ", item(b"") * MIB + item(b"", tag=0xFFFEE0DD), claimed=UNDEFINED)
            ),
            "corrupt",
        ),
    )
    yield "two pixel data", Hostile(GOOD + element(0x7FE00010, b"OW", bytes(8)), "read")
    yield "pixel data first", Hostile(file_of(element(0x7FE00010, b"OW", bytes(8)) + DATA_SET), "not-radiograph")


def _counted(count: int) -> bytes:
    """So many empty elements, each of another tag."""
    heads = np.zeros((count, 4), np.uint16)
    tags = np.arange(count, dtype=np.uint32) + 0x00090000
    heads[:, 0], heads[:, 1], heads[:, 2] = tags >> 16, tags & 0xFFFF, int.from_bytes(b"LO", "little")
    return heads.tobytes()
