"""STOW-RS to a server that stores all, some or nothing, and says so or does not."""

import json
from collections.abc import Iterator
from io import BytesIO

import pydicom
import pytest

from model.errors import Unavailable
from serving.senders.sender import Rejected
from tests.serving.senders.parcels import parcel, sender
from tests.serving.stow_server import DicomWeb, dicomweb

#: Both fail, as duplicates (0x0111).
ALL_ARE_THERE = json.dumps(
    {
        "00081198": {
            "Value": [{"00081155": {"Value": [uid]}, "00081197": {"Value": [273]}} for uid in ("1.2.1", "1.2.2")]
        }
    }
).encode()


@pytest.fixture
def server() -> Iterator[DicomWeb]:
    with dicomweb() as one:
        yield one


def test_all_kinds_go_in_one_request_as_files(server: DicomWeb) -> None:
    sender(f"{server.url}/?presentations=sr,sc,gsps", secret="who:what").send(parcel())
    ((path, headers),) = server.requests
    assert path == "/dicom-web/studies"
    assert headers["Authorization"] == "Basic d2hvOndoYXQ="  # base64 of who:what
    assert list(server.got) == ["1.2.1", "1.2.2", "1.2.3"]
    assert pydicom.dcmread(BytesIO(server.got["1.2.3"][0])).SOPClassUID.keyword.startswith("GrayscaleSoftcopy")


def test_large_instances_go_one_by_one(server: DicomWeb) -> None:
    sender(server.url, secret="t0ken").send(parcel(size=20 * 2**20))  # two are more than 32 MiB
    assert [path for path, _ in server.requests] == ["/dicom-web/studies"] * 2
    assert server.requests[0][1]["Authorization"] == "Bearer t0ken"


@pytest.mark.parametrize(
    ("reasons", "error", "words"),
    [
        ([0, 0], None, ""),
        ([0, 0x0111], None, ""),  # 202: it is there already
        ([0x0111, 0x0111], None, ""),  # 409: both are there already
        ([0xB000, 0], None, ""),  # a warning is stored
        ([0, 0xA700], Unavailable, "0xA700"),  # no room now
        ([0, 0x0110], Unavailable, "0x0110"),
        ([0, 0x0122], Rejected, "0x0122"),  # SOP class not supported
        ([0xC000, 0xC000], Rejected, "0xC000"),
        ([0xA700, 0x0122], Unavailable, "0x0122"),  # what may be stored later is tried again
    ],
)
def test_what_failed_is_told_by_its_reason(
    server: DicomWeb, reasons: list[int], error: type[Exception] | None, words: str
) -> None:
    server.reasons = list(reasons)
    pacs = sender(server.url)
    if error is None:
        pacs.send(parcel())
        return
    with pytest.raises(error, match=words):
        pacs.send(parcel())


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"", None),
        (200, b"<NativeDicomModel/>", None),
        (202, b"", Unavailable),  # it does not say which
        (202, b"{}", None),  # a warning without a failure
        (409, b"", Rejected),
        (409, b"{}", Rejected),
        (400, b"", Rejected),
        (400, ALL_ARE_THERE, None),  # Orthanc's 400 says why
        (503, b"{}", Unavailable),
        (401, b"", Rejected),
        (415, b"", Rejected),
        (429, b"", Unavailable),
        (503, b"", Unavailable),
        (302, b"", Unavailable),
    ],
)
def test_what_is_not_said_is_not_taken_as_stored(
    server: DicomWeb, status: int, body: bytes, error: type[Exception] | None
) -> None:
    server.blunt = [(status, body)]
    if error is None:
        sender(server.url).send(parcel())
        return
    with pytest.raises(error):
        sender(server.url).send(parcel())


def test_who_is_not_there_is_unavailable() -> None:
    with dicomweb() as server:
        gone = sender(server.url)
    with pytest.raises(Unavailable, match="ConnectError"):
        gone.send(parcel())


@pytest.mark.parametrize(
    ("status", "error"), [(200, None), (204, None), (405, None), (401, Rejected), (503, Unavailable)]
)
def test_a_check_sends_nothing(server: DicomWeb, status: int, error: type[Exception] | None) -> None:
    server.blunt = [(status, b"")]
    if error is None:
        assert sender(server.url).check()
    else:
        with pytest.raises(error):
            sender(server.url).check()
    assert [path for path, _ in server.requests] == ["/dicom-web/studies?limit=1"]
    assert server.got == {}
