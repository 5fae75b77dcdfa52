"""Files that name what they should not: paths, programs, other characters, markup."""

import random
import struct
from collections.abc import Mapping

from pydicom import uid

from tests.hostile.writing import DATA_SET, GOOD, Hostile, Named, file_of, sequence, written

PREAMBLES: Mapping[str, bytes] = {
    "PE": b"MZ" + bytes(58) + struct.pack("<I", 0x40) + b"PE\0\0",
    "ELF": b"\x7fELF\2\1\1",
    "TIFF": b"II*\0\x08\0\0\0",
    "PNG": b"\x89PNG\r\n\x1a\n",
    "JPEG": b"\xff\xd8\xff\xe0",
    "ZIP": b"PK\x03\x04",
    "HTML": b"<html><script>alert(document.domain)</script><!--",
    "JavaScript": b"alert(1)/*",
    "shell": b"#!/bin/sh\nid\nexit\n",
    "PHP": b"<?php system($_GET['c']); ?>",
}


def preambles() -> Named:
    for name, start in PREAMBLES.items():
        yield f"preamble: {name}", Hostile(start.ljust(128, b" ") + GOOD[128:], "read")


UIDS: Mapping[str, str] = {
    "path": "../../../../etc/passwd",
    "absolute": "/etc/passwd",
    "within": "1.2.3/../../4",
    "NUL": "1.2\0.3",
    "lines": "1.2\r\nX-Injected: 1",
    "long": "1." + "2" * 100,
    "empty components": "1..2",
    "SQL": "1.2'; DROP TABLE instance; --",
    "HTML": "<img src=x onerror=alert(1)>",
    "format": "%s%s%n{0}",
    "wildcard": "1.2.*",
}


def uids() -> Named:
    for name, text in UIDS.items():
        named = dict.fromkeys(("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"), text)
        yield f"UID: {name}", Hostile(written(**named), "read")
        if name not in {"wildcard", "empty components"}:
            yield f"syntax: {name}", Hostile(file_of(DATA_SET, text), "corrupt")


def directory() -> Named:
    for name, path in {"up": r"..\..\ETC\PASSWD", "absolute": "/etc/passwd", "UNC": r"\\host\share"}.items():
        record = sequence(ReferencedFileID=path, DirectoryRecordType="IMAGE")
        made = written(SOPClassUID=uid.MediaStorageDirectoryStorage, DirectoryRecordSequence=record, PixelData=None)
        yield f"DICOMDIR: {name}", Hostile(made, "not-radiograph")


MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
TEXTS: Mapping[str, tuple[str, bytes]] = {
    "markup": ("ISO_IR 192", MARKUP.encode()),
    "SQL": ("ISO_IR 192", b"'; DROP TABLE study; --"),
    "UTF-8 that is none": ("ISO_IR 192", b"\xff\xfe\xc0\xaf\xed\xa0\x80"),
    "escapes that never end": (r"ISO 2022 IR 6\ISO 2022 IR 87", b"\x1b$B;3" * 200),
    "escapes of nothing": (r"ISO 2022 IR 6\ISO 2022 IR 149", b"\x1b\x1b\x1b$)C\x1b(Z\x1b"),
    "a character set that is none": ("../../etc/passwd", b"\x80\x81\x82"),
    "many character sets": ("\\".join(["ISO 2022 IR 87"] * 30), b"\x1b$B%d"),
    "half of a surrogate pair": ("GB18030", b"\x83\x36\xc7\x38\xff"),
    "right to left": ("ISO_IR 192", "\u202egnp.exe\u2066\u2069\u200f".encode()),
    "NUL and controls": ("ISO_IR 192", b"A\0B\x07\x1b[31m\r\nMSH|^~\\&|"),
    "empty groups": ("ISO_IR 192", b"=" * 100 + b"^" * 100),
    "formula": ("ISO_IR 192", b"=cmd|' /C calc'!A0"),
    # that no compression makes short enough for an index
    "60,000 bytes": ("ISO_IR 192", random.Random(1).randbytes(30_000).hex().encode()),
}
#: Every text of the header that anything of ours shows, keeps or compares.
TEXT_KEYWORDS = (
    *("PatientName", "PatientID", "AccessionNumber", "StudyDescription", "SeriesDescription", "StationName"),
    *("InstitutionName", "ReferringPhysicianName", "StudyID", "Manufacturer", "ProtocolName", "PatientSex"),
    *("PatientBirthDate", "StudyDate", "StudyTime", "BodyPartExamined", "ImageType", "ContentLabel"),
)


def with_texts(name: str, **more: object) -> bytes:
    """A good file whose texts are all the hostile one."""
    character_set, text = TEXTS[name]
    return written(**{**dict.fromkeys(TEXT_KEYWORDS, text), "SpecificCharacterSet": character_set, **more})


def texts() -> Named:
    for name in TEXTS:
        yield f"texts: {name}", Hostile(with_texts(name), "read")
