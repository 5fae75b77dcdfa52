"""Where the elements of a DICOM data set lie: tags, lengths and raw values, without meaning (PS3.5, chapter 7).

Hilum reads what strangers send, in many threads. So this walks the bytes itself: nothing is copied (the pixel data
stay where they are), nothing global is read or set, nothing is logged or warned about, and a length that leaves the
file is an error at once.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pydicom.datadict import dictionary_description, tag_for_keyword

from model.errors import NotReadable, RefusalCode

UNDEFINED = 0xFFFFFFFF
_ITEM = 0xFFFEE000
_ITEM_END = 0xFFFEE00D
_SEQUENCE_END = 0xFFFEE0DD
#: These VRs have a length of four bytes in explicit VR (PS3.5, table 7.1-1); the others, of two.
_LONG_VRS = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"))
#: Deeper than any real data set; a hostile one ends here and not at the end of the memory.
_DEEPEST = 32
#: Headers of one data set that are walked over, and elements of it, or items of a sequence, that are remembered. A real
#: one has a hundredth; a hostile one of 256 MB could have 30 million, which took a minute and 12 GB.
_MOST_WALKED, _MOST_KEPT = 1_000_000, 65_536
_NUMBERS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FD": "d", "FL": "f"}


@dataclass(frozen=True)
class Encoding:
    """How a data set is written."""

    explicit: bool = True
    little: bool = True

    @property
    def order(self) -> str:
        """The byte order as ``struct`` and NumPy write it."""
        return "<" if self.little else ">"


@dataclass(frozen=True)
class Element:
    """One data element: ``data[start:end]`` is its value; ``vr`` is empty when the encoding does not say it."""

    tag: int
    vr: str
    start: int
    end: int
    undefined_length: bool


def ends_early(what: str) -> NotReadable:
    return NotReadable(RefusalCode.CORRUPT, f"The file ends early, within {what}. Send it again from its source.")


def tag_text(tag: int) -> str:
    """As the standard writes it: (gggg,eeee)."""
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def header(data: bytes, at: int, end: int, encoding: Encoding) -> Element:
    """The element that begins at ``at``. The end of one of undefined length is not yet known: it is ``start``."""
    if at + 8 > end:
        raise ends_early("the header of an element")
    group, number = struct.unpack_from(encoding.order + "HH", data, at)
    vr = data[at + 4 : at + 6]
    # Items have no VR, and some writers change to implicit VR inside of a sequence.
    if encoding.explicit and vr.isalpha() and vr.isupper() and group != 0xFFFE:
        long = vr in _LONG_VRS
        if long and at + 12 > end:
            raise ends_early("the header of an element")
        (length,) = struct.unpack_from(encoding.order + ("I" if long else "H"), data, at + (8 if long else 6))
        start = at + (12 if long else 8)
        name = vr.decode("ascii")
    else:
        (length,) = struct.unpack_from(encoding.order + "I", data, at + 4)
        start, name = at + 8, ""
    undefined = length == UNDEFINED
    return Element(group << 16 | number, name, start, start if undefined else start + length, undefined)


def within(element: Element, end: int) -> Element:
    """The same element, which must end by ``end``."""
    if element.end > end:
        raise ends_early(f"element {tag_text(element.tag)}")
    return element


def items(data: bytes, at: int, end: int, encoding: Encoding) -> Iterator[Element]:
    """The items of a sequence that begins at ``at``, and last the element that closes it, if there is one."""
    steps = iter(range(_MOST_WALKED))
    for _ in range(_MOST_KEPT):
        if at >= end:
            return
        item = _item(within(header(data, at, end, encoding), end))
        at = item.end
        if item.undefined_length:
            at = _closed(data, item.start, end, encoding, steps, in_item=True)
            item = Element(item.tag, "", item.start, at - 8, undefined_length=True)
        yield item
        if item.tag == _SEQUENCE_END:
            return
    raise _too_many(_MOST_KEPT, "items in a sequence")


def _item(found: Element) -> Element:
    """What stands in a sequence: an item, or the end of it."""
    if found.tag not in {_ITEM, _SEQUENCE_END}:
        words = f"An item (FFFE,E000) must stand in a sequence, not {tag_text(found.tag)}. Send the original file."
        raise NotReadable(RefusalCode.CORRUPT, words)
    return found


def _closed(data: bytes, at: int, end: int, encoding: Encoding, steps: Iterator[int], *, in_item: bool) -> int:
    """Behind the end of the item (or of the sequence) whose content begins at ``at``: all in it is walked over.

    Sequences and items within that are of undefined length are open one in another; one step is taken for each header.
    """
    opened = [(in_item, encoding)]
    for _ in steps:
        in_item, encoding = opened[-1]
        found = within(header(data, at, end, encoding), end)
        at = found.end
        if found.tag == (_ITEM_END if in_item else _SEQUENCE_END):
            opened.pop()
            if not opened:
                return found.start
        elif found.undefined_length:
            opened.append((not in_item, _inside(found if in_item else _item(found), encoding)))
        elif not in_item:
            _item(found)
        if len(opened) > 2 * _DEEPEST:
            words = f"Sequences must not be nested more than {_DEEPEST} deep. Send the original file."
            raise NotReadable(RefusalCode.CORRUPT, words)
    raise _too_many(_MOST_WALKED, "elements")


def _inside(element: Element, encoding: Encoding) -> Encoding:
    """How the items of a sequence are written: one of unknown VR has them in implicit VR (PS3.5, 6.2.2, note 2)."""
    return Encoding(explicit=False, little=True) if element.vr == "UN" else encoding


def _too_many(most: int, what: str) -> NotReadable:
    return NotReadable(RefusalCode.CORRUPT, f"There must not be more than {most} {what}. Send the original file.")


def named(keyword: str) -> str:
    """An attribute as a message writes it: its name and its tag."""
    tag = tag_of(keyword)
    return f"{dictionary_description(tag)} {tag_text(tag)}"


@cache
def tag_of(keyword: str) -> int:
    """The tag of an attribute, by the keyword that the standard gives it (PS3.6)."""
    tag = tag_for_keyword(keyword)
    assert tag is not None, keyword
    return tag


@dataclass(frozen=True)
class Elements:
    """The elements of one data set or item, with their values read as the caller expects them, by keyword."""

    data: bytes
    encoding: Encoding
    by_tag: dict[int, Element]

    def __contains__(self, keyword: str) -> bool:
        return tag_of(keyword) in self.by_tag

    def raw(self, keyword: str) -> bytes:
        """The bytes of a value; empty when it is absent."""
        element = self.by_tag.get(tag_of(keyword))
        return b"" if element is None else self.data[element.start : element.end]

    def texts(self, keyword: str) -> tuple[str, ...]:
        """The values of a coded text (AS, CS, DA, DS, IS, UI), without padding; () when absent or empty."""
        text = self.raw(keyword).decode("latin-1").strip(" \0")
        return tuple(part.strip(" \0") for part in text.split("\\")) if text else ()

    def text(self, keyword: str) -> str:
        """The first value of a coded text, or an empty string."""
        return next(iter(self.texts(keyword)), "")

    def decimals(self, keyword: str) -> tuple[float, ...]:
        """The values of a decimal or integer string (DS, IS), also where a file has them in binary."""
        element = self.by_tag.get(tag_of(keyword))
        if element is not None and element.vr in _NUMBERS:
            return self._binary(element, element.vr)
        try:
            return tuple(float(text) for text in self.texts(keyword))
        except ValueError:
            words = f"{named(keyword)} must hold decimal numbers. Send the original file."
            raise NotReadable(RefusalCode.CORRUPT, words) from None

    def numbers(self, keyword: str, vr: str = "US") -> tuple[int, ...]:
        """The values of whole binary numbers: of the VR that the file names, or of ``vr`` where it names none."""
        element = self.by_tag.get(tag_of(keyword))
        if element is None:
            return ()
        if element.vr in {"DS", "IS"}:
            return tuple(int(value) for value in self.decimals(keyword))
        return tuple(int(value) for value in self._binary(element, element.vr if element.vr in _NUMBERS else vr))

    def number(self, keyword: str) -> int | None:
        """The first value of an unsigned short (US), or None when it is absent or empty."""
        return next(iter(self.numbers(keyword)), None)

    def sequence(self, keyword: str) -> list["Elements"]:
        """The items of a sequence; [] when it is absent or empty."""
        element = self.by_tag.get(tag_of(keyword))
        return [] if element is None else self.items_of(element)

    def items_of(self, element: Element) -> list["Elements"]:
        """The items of one of these elements, which is a sequence."""
        inner = _inside(element, self.encoding)
        found = items(self.data, element.start, element.end, inner)
        return [read(self.data, item.start, item.end, inner) for item in found if item.tag == _ITEM]

    def _binary(self, element: Element, vr: str) -> tuple[float, ...]:
        count = (element.end - element.start) // struct.calcsize("=" + _NUMBERS[vr])
        return struct.unpack_from(f"{self.encoding.order}{count}{_NUMBERS[vr]}", self.data, element.start)


def read(data: bytes, at: int, end: int, encoding: Encoding, stop_before: int = 1 << 32) -> Elements:
    """The elements of ``data[at:end]``, up to the first whose tag is ``stop_before`` or more.

    That one is kept too, with its end unchecked: it is for the caller to look into.
    """
    by_tag: dict[int, Element] = {}
    steps = iter(range(_MOST_WALKED))
    while at < end:
        element = header(data, at, end, encoding)
        if element.tag >= stop_before:
            by_tag[element.tag] = element
            break
        if next(steps, None) is None or len(by_tag) > _MOST_KEPT:
            raise _too_many(_MOST_KEPT, "elements in a data set")
        if element.undefined_length:
            at = _closed(data, element.start, end, _inside(element, encoding), steps, in_item=False)
        else:
            at = within(element, end).end
        by_tag[element.tag] = Element(element.tag, element.vr, element.start, at, element.undefined_length)
    return Elements(data, encoding, by_tag)
