"""ZIP files, which may lie: bounds are held on the bytes that come out, and no name inside is ever used as a path."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from serving.problems import Problem
from serving.settings import Settings

_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
_CHUNK = 2**20
#: More of the central directory than this for one entry is no directory of ours (46 bytes, a name, an extra field).
_MOST_DIRECTORY_BYTES = 1024
#: Others have no use here, and decoders of their own.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    struct.error,
)


def is_archive(file: IO[bytes]) -> bool:
    """Does the content begin like a ZIP? A DICOM file may too, in its preamble, and is none."""
    file.seek(0)
    start = file.read(132)
    return start[:4] in _SIGNATURES and start[128:] != b"DICM"


def open_archive(file: IO[bytes], settings: Settings) -> Iterator[tuple[int, bytes | Problem]]:
    """Each entry's number, from 0, with its content or why it is not taken. Folders and hidden files are passed over.

    Raises:
        Problem: when the archive as a whole is refused.
    """
    if _directory_bytes(file) > settings.max_zip_entries * _MOST_DIRECTORY_BYTES:
        raise _too_many(settings.max_zip_entries)
    # Entries may lie in one another: what each may inflate to, all together may not inflate to more.
    most = min(settings.max_zip_bytes, file.seek(0, io.SEEK_END) * settings.max_zip_ratio)
    try:
        archive = zipfile.ZipFile(file)
    except _BROKEN:
        raise Problem("malformed", "The ZIP must be whole; it is broken or ends early. Make it again.") from None
    with archive:
        yield from _entries(archive, settings, most)


def _directory_bytes(file: IO[bytes]) -> int:
    """What the end of the file states as the central directory's size, looked at before it is read into memory."""
    end = file.seek(0, io.SEEK_END)
    file.seek(max(0, end - 2**16 - 128))  # the end record, its longest comment, and the ZIP64 records before it
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return 0  # no ZIP: it is refused when it is opened
    size = struct.unpack_from("<L", tail, at + 12)[0]
    if at >= 76 and tail[at - 20 : at - 16] == b"PK\x06\x07":
        size = struct.unpack_from("<Q", tail, at - 76 + 40)[0]
    return int(size)


def _entries(archive: zipfile.ZipFile, settings: Settings, most: int) -> Iterator[tuple[int, bytes | Problem]]:
    entries = archive.infolist()
    if len(entries) > settings.max_zip_entries:
        raise _too_many(settings.max_zip_entries)
    left = most
    for number, entry in enumerate(entries):
        if entry.filename.endswith("/") or _hidden(entry.filename):
            continue
        most_here = min(settings.max_instance_bytes, max(entry.compress_size, 1) * settings.max_zip_ratio)
        inflated, content = _content(archive, entry, min(most_here, left))
        left -= inflated
        if left < 0:
            raise Problem("too-large", f"This ZIP may inflate to at most {most} bytes. Send it in parts.", limit=most)
        yield number, content


def _hidden(name: str) -> bool:
    """Files that operating systems add: .DS_Store, __MACOSX/."""
    parts = name.split("/")
    return parts[-1].startswith(".") or "__MACOSX" in parts


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> tuple[int, bytes | Problem]:
    """Bytes that came out, and the content or why it is not taken."""
    if entry.flag_bits & 0x1:
        return 0, Problem("unsupported-media", "A ZIP must not be encrypted. Send it without a password.")
    if entry.compress_type not in _METHODS:
        return 0, Problem("unsupported-media", "A ZIP's entries must be stored or deflated. Make it again.")
    try:
        content = _inflate(archive, entry, most)
    except _BROKEN:
        return 0, Problem("malformed", "The ZIP's entry must be whole; it is broken. Make the ZIP again.")
    if len(content) > most:
        problem = Problem("too-large", f"The ZIP's entry may inflate to at most {most} bytes here.", limit=most)
        return len(content), problem
    if content[:4] in _SIGNATURES:
        problem = Problem("unsupported-media", "A ZIP must not hold another ZIP. Send the inner one by itself.")
        return len(content), problem
    return len(content), content


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """The entry's content, given up just after ``most``, whatever size its header states."""
    content = bytearray()
    with archive.open(entry) as stream:
        while len(content) <= most and (chunk := stream.read(min(_CHUNK, most + 1 - len(content)))):
            content += chunk
    return bytes(content)


def _too_many(most: int) -> Problem:
    return Problem("too-large", f"A ZIP may hold at most {most} entries. Send it in parts.", limit=most)
