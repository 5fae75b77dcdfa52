"""A file in Explicit VR Little Endian, the default of web services (PS3.18, 8.7.3.1), whose values are as they came.

Implicit VR and big endian may not be sent by web services at all. Values are not read and written anew: no text is
decoded, no number parsed; only the words of binary values change their byte order.
"""

import struct
from collections.abc import Iterable, Iterator
from io import BytesIO

from pydicom import config
from pydicom.datadict import dictionary_VR
from pydicom.dataset import FileMetaDataset
from pydicom.filebase import DicomFileLike
from pydicom.filewriter import write_file_meta_info
from pydicom.uid import UID

from model.dicom_file import DicomFile
from model.elements import Element, Elements, read
from serving.presentations.dicom_result import OUR_IMPLEMENTATION

#: These VRs have a length of four bytes (PS3.5, table 7.1-1).
_LONG = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"}
#: Bytes of a word of a binary value.
_WORDS = {"AT": 2, "OW": 2, "SS": 2, "US": 2, "FL": 4, "OF": 4, "OL": 4, "SL": 4, "UL": 4} | dict.fromkeys(
    ("FD", "OD", "OV", "SV", "UV"), 8
)
_ITEM, _ITEM_END, _SEQUENCE_END = b"\xfe\xff\x00\xe0", b"\xfe\xff\x0d\xe0\0\0\0\0", b"\xfe\xff\xdd\xe0\0\0\0\0"
_UNDEFINED = b"\xff\xff\xff\xff"
_LONGEST_SHORT = 0xFFFE


def data_set(file: DicomFile) -> Iterator[bytes | memoryview]:
    """The data set in Explicit VR Little Endian, in pieces; encapsulated pixel data stay as they are."""
    elements = file.elements
    if elements.encoding.explicit and elements.encoding.little:
        start = 0 if file.inflated else file.data_set_at
        yield memoryview(elements.data)[start:]
        return
    start = file.data_set_at
    yield from _written(read(elements.data, start, len(elements.data), elements.encoding), signed=_is_signed(elements))


def element(tag: int, vr: str, value: bytes) -> bytes:
    """One element with its header."""
    if vr not in _LONG and len(value) > _LONGEST_SHORT:
        vr = "UN"  # PS3.5, 6.2.2, note 1
    return _head(tag, vr, len(value)) + value


def part10(
    sop_class_uid: str, sop_instance_uid: str, transfer_syntax: str, pieces: Iterable[bytes | memoryview]
) -> bytes:
    """A file (PS3.10): preamble, file meta information, data set."""
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\0\1"
    meta.MediaStorageSOPClassUID = UID(sop_class_uid, config.IGNORE)
    meta.MediaStorageSOPInstanceUID = UID(sop_instance_uid, config.IGNORE)
    meta.TransferSyntaxUID = UID(transfer_syntax, config.IGNORE)
    meta.ImplementationClassUID = OUR_IMPLEMENTATION
    out = BytesIO()
    out.write(b"\0" * 128 + b"DICM")
    write_file_meta_info(DicomFileLike(out), meta, enforce_standard=False)
    out.writelines(pieces)
    return out.getvalue()


def _written(elements: Elements, *, signed: bool) -> Iterator[bytes]:
    for tag, each in elements.by_tag.items():
        if tag & 0xFFFF == 0:
            continue  # a group's length (PS3.5, 7.2), which is no longer true
        vr = each.vr or vr_of(tag, signed=signed)
        if vr == "SQ":
            yield _head(tag, vr, None)
            yield from _items(elements, each, signed=signed)
        elif each.undefined_length:
            yield _head(tag, "UN", None)
            yield elements.data[each.start : each.end]
        else:
            yield element(tag, vr, little(elements.data[each.start : each.end], vr, elements))


def _items(elements: Elements, sequence: Element, *, signed: bool) -> Iterator[bytes]:
    for item in elements.items_of(sequence):
        yield _ITEM + _UNDEFINED
        yield from _written(item, signed=signed)
        yield _ITEM_END
    yield _SEQUENCE_END


def little(value: bytes, vr: str, elements: Elements) -> bytes:
    """A value in little endian."""
    size = _WORDS.get(vr, 1)
    if elements.encoding.little or size == 1:
        return value
    swapped = bytearray(value)
    whole = len(value) // size * size
    for at in range(size):
        swapped[at:whole:size] = value[size - 1 - at : whole : size]
    return bytes(swapped)


def _head(tag: int, vr: str, length: int | None) -> bytes:
    group_element = struct.pack("<HH", tag >> 16, tag & 0xFFFF)
    if vr not in _LONG:
        assert length is not None
        return group_element + vr.encode() + struct.pack("<H", length)
    return group_element + vr.encode() + b"\0\0" + (_UNDEFINED if length is None else struct.pack("<I", length))


def vr_of(tag: int, *, signed: bool) -> str:
    """What implicit VR leaves to the dictionary (PS3.6); of two, the one that the pixels' sign decides."""
    if tag >> 16 & 1:
        return "LO" if 0x10 <= tag & 0xFFFF <= 0xFF else "UN"
    try:
        vr = dictionary_VR(tag)
    except KeyError:
        return "UN"
    if vr == "US or SS":
        return "SS" if signed else "US"
    return "OW" if " or " in vr else vr


def _is_signed(elements: Elements) -> bool:
    return elements.number("PixelRepresentation") == 1
