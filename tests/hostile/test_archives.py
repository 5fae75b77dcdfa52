"""ZIPs that lie about what is in them: what comes out stays within the bounds, and no name inside leads anywhere."""

import io
import struct
import zipfile
import zlib

import pytest

from serving.doors.archive import is_archive, open_archive
from serving.problems import Problem
from serving.settings import Settings
from tests.hostile.names import PREAMBLES
from tests.hostile.writing import written

KIB, MIB = 2**10, 2**20
SETTINGS = Settings(max_zip_entries=100, max_zip_bytes=64 * MIB, max_instance_bytes=16 * MIB, max_zip_ratio=200)


def packed(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, content in entries:
            made.writestr(zipfile.ZipInfo(name), content, method)
    return file.getvalue()


def overlapping(count: int, content: bytes) -> bytes:
    """So many entries of the directory, all of them the same bytes of the file."""
    squeezed = zlib.compressobj(9, wbits=-15)
    data = squeezed.compress(content) + squeezed.flush()
    sizes = struct.pack("<3L", zlib.crc32(content), len(data), len(content))
    local = b"PK\x03\x04" + struct.pack("<5H", 20, 0, 8, 0, 0) + sizes + struct.pack("<2H", 1, 0) + b"a" + data
    entry = (
        b"PK\x01\x02"
        + struct.pack("<6H", 20, 20, 0, 8, 0, 0)
        + sizes
        + struct.pack("<5H2L", 1, 0, 0, 0, 0, 0, 0)
        + b"a"
    )
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, count, count, len(entry) * count, len(local), 0)
    return local + entry * count + end


def opened(data: bytes) -> tuple[int, list[str]]:
    """Bytes that came out, and "ok" or the slug of its problem for each entry; of the whole as the last one."""
    out, answers = 0, []
    try:
        for _, content in open_archive(io.BytesIO(data), SETTINGS):
            out += 0 if isinstance(content, Problem) else len(content)
            answers.append(content.slug if isinstance(content, Problem) else "ok")
    except Problem as problem:
        answers.append(problem.slug)
    return out, answers


#: Of an entry in the directory: made by Unix 2.0, needs 2.0.
_VERSION = b"PK\x01\x02\x14\x03\x14\x00"
HOSTILE = {
    # name: (ZIP, the answers)
    "one zero in a thousand": (packed(("a", bytes(16 * MIB - 1))), ["too-large"]),
    "larger than an instance": (packed(("a", bytes(17 * MIB)), method=zipfile.ZIP_STORED), ["too-large"]),
    "too many entries": (packed(*[(str(n), b"x") for n in range(101)]), ["too-large"]),
    "a million entries, said": (overlapping(65535, b"x"), ["too-large"]),
    # each is within the ratio: 50 times the same 100 KiB in a ZIP of less than 4 KiB
    "entries in one another": (overlapping(50, b"ab" * 50 * KIB), None),
    "a ZIP in a ZIP": (packed(("a", packed(("b", b"x")))), ["unsupported-media"]),
    "LZMA": (packed(("a", b"x" * 1000), method=zipfile.ZIP_LZMA), ["unsupported-media"]),
    "bzip2": (packed(("a", b"x" * 1000), method=zipfile.ZIP_BZIP2), ["unsupported-media"]),
    "a version of tomorrow": (packed(("a", b"x")).replace(_VERSION, _VERSION[:-2] + b"\xff\0"), ["malformed"]),
    "a name that is no UTF-8": (packed(("é", b"x")).replace("é".encode(), b"\xff\xff"), ["malformed"]),
    "no name": (packed(("a", b"x")).replace(b"\x01\x00\x00\x00a", b"\x00\x00\x00\x00", 1), ["malformed"]),
    "cut": (packed(("a", b"x" * 1000))[:-40], ["malformed"]),
}  # fmt: skip


@pytest.mark.parametrize(("data", "answers"), HOSTILE.values(), ids=HOSTILE.keys())
def test_it_stays_within_its_bounds(data: bytes, answers: list[str] | None) -> None:
    out, came = opened(data)
    assert out <= SETTINGS.max_zip_ratio * len(data)
    if answers is None:
        assert came[-1] == "too-large"
    else:
        assert came == answers


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", r"a\..\..\x", "C:\\x", "a/../../b", "con", "x" * 60_000]
)
def test_a_name_is_not_looked_at(name: str) -> None:
    assert opened(packed((name, b"content"))) == (7, ["ok"])


def test_a_dicom_file_that_begins_like_a_zip_is_none() -> None:
    assert is_archive(io.BytesIO(packed(("a", b"x"))))
    assert not is_archive(io.BytesIO(PREAMBLES["ZIP"].ljust(128, b"\0") + written()[128:]))


@pytest.mark.parametrize("content_encoding", ["gzip", "deflate", "br"])
def test_a_body_is_not_inflated(content_encoding: str) -> None:
    """No request says how it is to be unpacked: what is packed by ``Content-Encoding`` is no DICOM."""
    from tests.fakes import StubReader
    from tests.serving.live import live

    headers = {"Content-Type": "application/dicom", "Content-Encoding": content_encoding}
    with live(StubReader()) as client:
        answer = client.post("/api/instances?wait=60", content=zlib.compress(bytes(50 * MIB)), headers=headers)
    assert answer.json()["instances"][0]["reading"]["refusal"]["code"] == "not-dicom"
