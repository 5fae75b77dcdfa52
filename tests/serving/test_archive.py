import io
import struct
import zipfile

import pytest

from serving.doors.archive import open_archive
from serving.problems import Problem
from serving.settings import Settings
from tests.serving.files import archive

MiB = 2**20


def opened(data: bytes, settings: Settings = Settings()) -> list[tuple[int, str]]:  # noqa: B008
    """Entries' numbers, each with "ok" or the slug of its problem."""
    found = open_archive(io.BytesIO(data), settings)
    return [(number, content.slug if isinstance(content, Problem) else "ok") for number, content in found]


def encrypted(data: bytes) -> bytes:
    """The same ZIP with the encryption flag set on its one entry, in both of its headers."""
    local, central = bytearray(data), data.index(b"PK\x01\x02")
    local[6] |= 1
    local[central + 8] |= 1
    return bytes(local)


def lying(data: bytes, size: int) -> bytes:
    """The same ZIP, its one entry stating another inflated size in the central directory."""
    at = data.index(b"PK\x01\x02") + 24
    return data[:at] + struct.pack("<L", size) + data[at + 4 :]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (archive(b"one", b"two"), [(0, "ok"), (1, "ok")]),
        # folders and hidden files are passed over; a path is only a name
        (archive(b"", b"x", b"y", names=["folder/", ".DS_Store", "../../etc/passwd"]), [(2, "ok")]),
        (archive(b"x", names=["__MACOSX/._1.dcm"]), []),
        (archive(archive(b"inner")), [(0, "unsupported-media")]),
        (encrypted(archive(b"secret")), [(0, "unsupported-media")]),
        # 1 MiB of zeros packs to about 1 KiB: over 200 to 1
        (archive(b"\0" * MiB, b"good"), [(0, "too-large"), (1, "ok")]),
        # a damaged entry does not stop the others
        (archive(b"a" * 100, b"good").replace(b"\x4b\x4c\x1c\xd4", b"\x4b\x4c\x00\x00", 1), None),
    ],
)
def test_entries_are_judged_one_by_one(data: bytes, expected: list[tuple[int, str]] | None) -> None:
    if expected is None:
        assert [slug for _, slug in opened(data)][-1] == "ok"
    else:
        assert opened(data) == expected


@pytest.mark.parametrize(
    ("data", "settings", "slug"),
    [
        (archive(b"1", b"2", b"3"), Settings(max_zip_entries=2), "too-large"),
        # 3 x 1000 inflated bytes against 2048
        (archive(*[bytes(range(250)) * 4] * 3), Settings(max_zip_bytes=2048), "too-large"),
        (archive(b"x")[:-30], Settings(), "malformed"),
        (b"PK\x03\x04" + b"\0" * 100, Settings(), "malformed"),
    ],
)
def test_an_archive_is_refused_as_a_whole(data: bytes, settings: Settings, slug: str) -> None:
    with pytest.raises(Problem) as caught:
        opened(data, settings)
    assert caught.value.slug == slug


def test_a_huge_directory_is_refused_before_it_is_read() -> None:
    data = archive(b"x")
    at = data.rindex(b"PK\x05\x06") + 12  # "size of the central directory" of the end record
    with pytest.raises(Problem) as caught:
        opened(data[:at] + struct.pack("<L", 0x7FFFFFFF) + data[at + 4 :])
    assert caught.value.slug == "too-large"


@pytest.mark.parametrize("size", [0, 1, 2**31])
def test_bounds_hold_on_what_comes_out_not_on_what_is_stated(size: int) -> None:
    data = lying(archive(bytes(range(256)) * 40), size)  # 10240 bytes
    assert opened(data, Settings(max_instance_bytes=1024)) != [(0, "ok")]


def test_the_problem_of_an_entry_never_holds_its_name() -> None:
    data = archive(archive(b"x"), names=["NGUYEN_VAN_BI_MAT.zip"])
    problems = [content for _, content in open_archive(io.BytesIO(data), Settings()) if isinstance(content, Problem)]
    assert len(problems) == 1
    assert "BI_MAT" not in str(problems[0].document())


def test_the_archive_of_the_tests_is_one() -> None:
    assert zipfile.ZipFile(io.BytesIO(archive(b"one"))).namelist() == ["0.dcm"]
