"""Files that are nearly right: one good file in, one with a few things wrong in it out.

A byte flipped anywhere is mostly noise to a parser that checks its lengths. So most changes are made where a DICOM file
has its joints: headers, lengths, values of the tags that decide, items, fragments, markers of codestreams.
"""

import random
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_LONG_VRS = {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"}
_VRS = [b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"OB", b"OW", b"PN", b"SH", b"SL"]
_VRS += [b"SQ", b"SS", b"ST", b"TM", b"UI", b"UL", b"UN", b"US", b"UT", b"ZZ", b"\0\0"]
_LENGTHS = [0, 1, 2, 3, 7, 0x7F, 0xFF, 0x7FFF, 0xFFFE, 0xFFFF, 0x10000, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1]
_SHORTS = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 32, 255, 256, 512, 8192, 8193, 32767, 32768, 65534, 65535]
_TEXTS = [
    b"",
    b"\\",
    b"-1",
    b"0",
    b"1e400",
    b"nan",
    b"inf",
    b"9" * 64,
    b"\x00" * 8,
    b"\xff" * 8,
    b"../../../etc/passwd",
]
_TEXTS += [b"1.2.840.10008.1.2.4.90", b"1.2.840.10008.1.2.5", b"1.2.840.10008.1.2.1.99", b"1.2.840.10008.1.2.2"]
_TEXTS += [
    b"\x1b$B%d%C",
    b"\x1b(J\x1b$)C",
    b"ISO 2022 IR 87\\ISO 2022 IR 149",
    b"GB18030",
    b"ISO_IR 192",
    b"\\".join([b"1"] * 40),
]
_TEXTS += [
    b"<script>alert(1)</script>",
    b"'; DROP TABLE study; --",
    b"A=B=C=D^E^F^G^H^I",
    b"\xe2\x80\xae\xd8\xa7",
    b"052\xb2",
]
#: Tags whose values decide what is done with the rest of the file.
_DECIDING = [0x00020010, 0x00080005, 0x00080016, 0x00080018, 0x00080060, 0x00100010, 0x00101010, 0x00180015, 0x00181164]
_DECIDING += [0x0020000D, 0x00200020, *range(0x00280002, 0x0028000A), 0x00280010, 0x00280011, 0x00280030, 0x00280034]
_DECIDING += [
    *range(0x00280100, 0x00280104),
    0x00280120,
    0x00280121,
    0x00281040,
    0x00281041,
    *range(0x00281050, 0x00281057),
]
_DECIDING += [
    *range(0x00281101, 0x00281104),
    *range(0x00281201, 0x00281204),
    0x00283000,
    0x00283002,
    0x00283006,
    0x00283010,
]
_DECIDING += [0x00400275, 0x20500010, 0x20500020, 0x7FE00010]
_ITEM, _ITEM_END, _SEQUENCE_END = b"\xfe\xff\x00\xe0", b"\xfe\xff\x0d\xe0", b"\xfe\xff\xdd\xe0"

Change = Callable[[bytearray, random.Random], None]


@dataclass(frozen=True)
class _Joint:
    """Where an element or an item begins, its length stands, its value begins and ends."""

    at: int
    length_at: int
    length_size: int
    start: int
    end: int


def mutated(data: bytes, chance: random.Random, others: Sequence[bytes] = (), most: int = 1 << 16) -> bytes:
    """``data`` with one to four things changed; never longer than ``most`` bytes. ``others`` lend it pieces."""
    changed = bytearray(data)
    changes = chance.choice((_GENTLE, _ROUGH))
    for _ in range(chance.choice((1, 1, 2, 2, 3, 4))):
        chance.choice(changes)(changed, chance)
    if others and chance.random() < 0.08:
        _graft(changed, chance, chance.choice(others))
    return bytes(changed[:most])


def _joints(data: bytearray) -> list[_Joint]:
    """As far as they can be followed, elements and items, also those inside of sequences."""
    found: list[_Joint] = []
    at = 132 if data[128:132] == b"DICM" else 0
    while at + 8 <= len(data) and len(found) < 400:
        joint = _joint(data, at)
        found.append(joint)
        nested = joint.start == joint.end or data[at + 4 : at + 6] == b"SQ" or data[at : at + 4] == _ITEM
        at = joint.start if nested else joint.end
    return found


def _joint(data: bytearray, at: int) -> _Joint:
    vr = bytes(data[at + 4 : at + 6])
    if not vr.isalpha() or data[at : at + 2] == b"\xfe\xff":
        length_at, size = at + 4, 4
    else:
        length_at, size = (at + 8, 4) if vr in _LONG_VRS else (at + 6, 2)
    length = int.from_bytes(data[length_at : length_at + size], "little")
    start = length_at + size
    return _Joint(at, length_at, size, start, start if length == 0xFFFFFFFF else min(start + length, len(data)))


def _some(data: bytearray, chance: random.Random) -> _Joint | None:
    joints = _joints(data)
    return chance.choice(joints) if joints else None


def _length(data: bytearray, chance: random.Random) -> None:
    """Of an element or a fragment: another one than it has."""
    if joint := _some(data, chance):
        near = joint.end - joint.start + chance.choice((-2, -1, 1, 2, 8))
        length = chance.choice((chance.choice(_LENGTHS), max(near, 0))) & (256**joint.length_size - 1)
        data[joint.length_at : joint.start] = length.to_bytes(joint.length_size, "little")


def _value_representation(data: bytearray, chance: random.Random) -> None:
    if joint := _some(data, chance):
        data[joint.at + 4 : joint.at + 6] = chance.choice(_VRS)


def _value(data: bytearray, chance: random.Random) -> None:
    """Of an element: numbers at the edge, or a text that means something elsewhere."""
    if (joint := _some(data, chance)) is None:
        return
    if joint.end - joint.start <= 8 and chance.random() < 0.6:
        numbers = [struct.pack("<H", chance.choice(_SHORTS)) for _ in range((joint.end - joint.start) // 2)]
        data[joint.start : joint.start + 2 * len(numbers)] = b"".join(numbers)
    else:
        text = chance.choice(_TEXTS)
        text += b" " * (len(text) % 2)
        data[joint.start : joint.end] = text
        data[joint.length_at : joint.start] = (len(text) & (256**joint.length_size - 1)).to_bytes(
            joint.length_size, "little"
        )


def _deciding(data: bytearray, chance: random.Random) -> None:
    """One more element of those that decide, wherever it comes to stand."""
    tag, vr = chance.choice(_DECIDING), chance.choice((b"US", b"US", b"CS", b"DS", b"LO", b"SS", b"UI", b"OW", b"PN"))
    value = chance.choice(_TEXTS) if chance.random() < 0.5 else struct.pack("<3H", *chance.choices(_SHORTS, k=3))
    value += b" " * (len(value) % 2)
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr
    head += b"\0\0" + struct.pack("<I", len(value)) if vr in _LONG_VRS else struct.pack("<H", len(value))
    at = joint.at if (joint := _some(data, chance)) else 0
    data[at:at] = head + value


def _twice(data: bytearray, chance: random.Random) -> None:
    if joint := _some(data, chance):
        data[joint.end : joint.end] = data[joint.at : joint.end] * chance.choice((1, 1, 2, 30))


def _not_at_all(data: bytearray, chance: random.Random) -> None:
    if joint := _some(data, chance):
        del data[joint.at : joint.end]


def _nested(data: bytearray, chance: random.Random) -> None:
    """All that follows, some sequences deep, which end or not."""
    if joint := _some(data, chance):
        depth = chance.choice((1, 2, 31, 33, 200))
        opened = struct.pack("<HH2sxxI", 8, 0x1140, b"SQ", 0xFFFFFFFF) + _ITEM + struct.pack("<I", 0xFFFFFFFF)
        closed = (_ITEM_END + bytes(4) + _SEQUENCE_END + bytes(4)) * chance.choice((depth, depth, 0, 1))
        data[joint.end : joint.end] = closed
        data[joint.at : joint.at] = opened * depth


def _item(data: bytearray, chance: random.Random) -> None:
    """One more item, or the end of one, or of a sequence."""
    length = struct.pack("<I", chance.choice((0, 0, 4, 0xFFFFFFFF, 0x7FFFFFFF)))
    at = joint.at if (joint := _some(data, chance)) else 0
    data[at:at] = chance.choice((_ITEM, _ITEM, _ITEM_END, _SEQUENCE_END)) + length


def _marker(data: bytearray, chance: random.Random) -> None:
    """What stands behind a marker of a codestream: its lengths and sizes."""
    markers = [at for at in range(132, len(data) - 12) if data[at] == 0xFF and data[at + 1] not in {0, 0xFF}]
    if markers:
        at = chance.choice(markers) + chance.randrange(1, 12)
        data[at : at + 2] = struct.pack(">H", chance.choice(_SHORTS))


def _coded(data: bytearray, chance: random.Random) -> None:
    """A byte or two of the last third, where pixels or their codestream are."""
    for _ in range(chance.choice((1, 2))):
        if data:
            data[-1 - chance.randrange(len(data) // 3 + 1)] = chance.randrange(256)


def _flips(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 2, 8))):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)


def _cut(data: bytearray, chance: random.Random) -> None:
    if data:
        del data[chance.randrange(len(data)) :]


def _without(data: bytearray, chance: random.Random) -> None:
    if data:
        at = chance.randrange(len(data))
        del data[at : at + chance.choice((1, 2, 4, 64, 1024))]


def _longer(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    data[at:at] = chance.choice((bytes(16), b"\xff" * 16, chance.randbytes(9), bytes(3000)))


def _graft(data: bytearray, chance: random.Random, other: bytes) -> None:
    """The beginning of one, the end of another."""
    at, begin = chance.randrange(len(data) + 1), chance.randrange(len(other) + 1)
    data[at:] = other[begin:]


#: What leaves the file's structure whole, so that what is behind the first checks is reached; and what does not.
_GENTLE: Sequence[Change] = (_coded, _coded, _coded, _marker, _marker, _value, _deciding, _not_at_all)
_ROUGH: Sequence[Change] = (
    *(_length, _length, _value, _value, _value, _deciding, _deciding, _value_representation, _twice, _not_at_all),
    *(_nested, _item, _marker, _flips, _flips, _cut, _without, _longer),
)
