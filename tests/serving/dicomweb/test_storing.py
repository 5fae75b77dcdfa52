"""STOW-RS as real clients and odd ones do it (PS3.18, 10.5)."""

import threading
import time
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import httpx
import psutil
import pydicom
import pytest
from dicomweb_client.api import DICOMwebClient
from pydicom.dataset import Dataset
from pydicom.uid import ComprehensiveSRStorage, SecondaryCaptureImageStorage

from tests.fakes import StubReader
from tests.serving.files import dicom, png
from tests.serving.live import live

STUDY = "1.2.3.30"
RELATED = 'multipart/related; type="application/dicom"; boundary="b"'
JSON = "application/dicom+json"


@pytest.fixture(scope="module")
def service() -> Iterator[httpx.Client]:
    """One for the tests to which it does not matter what is stored already."""
    with live(StubReader()) as client:
        yield client


def multipart(*contents: bytes, headers: str = "Content-Type: application/dicom\r\n", boundary: str = "b") -> bytes:
    parts = b"".join(f"--{boundary}\r\n{headers}\r\n".encode() + content + b"\r\n" for content in contents)
    return parts + f"--{boundary}--\r\n".encode()


def stow(
    client: httpx.Client, content: Any, path: str = "/dicom-web/studies", content_type: str = RELATED, **headers: str
) -> httpx.Response:
    return client.post(path, content=content, headers={"Content-Type": content_type, **headers})


def answer_of(response: httpx.Response) -> Dataset:
    assert response.headers["Content-Type"] == JSON, response.text
    return Dataset.from_json(response.text)


def stored(answer: Dataset) -> list[str]:
    return [item.ReferencedSOPInstanceUID for item in answer.get("ReferencedSOPSequence", [])]


def failed(answer: Dataset) -> list[tuple[str, int]]:
    named = [(item.ReferencedSOPInstanceUID, item.FailureReason) for item in answer.get("FailedSOPSequence", [])]
    return named + [("", item.FailureReason) for item in answer.get("OtherFailuresSequence", [])]


def test_dicomweb_client_stores_and_hears_where_it_is(client: httpx.Client) -> None:
    sender = DICOMwebClient(f"{client.base_url}/dicom-web")
    sent = [pydicom.dcmread(BytesIO(dicom(uid))) for uid in ("1.2.1", "1.2.2")]
    answer = sender.store_instances(sent, study_instance_uid=STUDY)
    study = f"http://127.0.0.1/dicom-web/studies/{STUDY}"  # this client's Host header names no port
    assert answer.RetrieveURL == study
    item = answer.ReferencedSOPSequence[0]
    assert item.ReferencedSOPClassUID == sent[0].SOPClassUID
    assert item.RetrieveURL == f"{study}/series/1.2.3.20/instances/1.2.1"
    assert stored(answer) == ["1.2.1", "1.2.2"]
    assert "FailedSOPSequence" not in answer
    (kept,) = client.get("/api/studies").json()["studies"]
    assert {one["sop_instance_uid"] for one in kept["instances"]} == {"1.2.1", "1.2.2"}


TWO = multipart(dicom("1.2.1"), dicom("1.2.2"))


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (RELATED, TWO),
        ("multipart/related; type=application/dicom; boundary=b", TWO),
        ("Multipart/Related;boundary=b;Type=APPLICATION/DICOM", TWO),
        ("multipart/related; boundary=b", TWO),  # without a type, the parts say what they are
        (RELATED, b"This is a preamble.\r\n--bb is none\r\n" + TWO + b"and this an epilogue\r\n--b\r\n"),
        (RELATED, b"\r\n" + TWO),
        (RELATED, TWO.removesuffix(b"\r\n")),
        (RELATED, multipart(dicom("1.2.1"), dicom("1.2.2"), headers="")),
        (RELATED, multipart(dicom("1.2.1"), dicom("1.2.2"), headers="X-A: \r\nContent-Location: x\r\n")),
        ('multipart/related; type="application/dicom"; boundary="a=b c:d"', TWO.replace(b"--b", b"--a=b c:d")),
        (RELATED.replace("=b", "=" + 70 * "x"), TWO),
    ],
)  # fmt: skip
def test_a_body_is_taken_apart_however_it_is_written(service: httpx.Client, content_type: str, body: bytes) -> None:
    response = stow(service, body, content_type=content_type)
    assert response.status_code == 200, response.text
    assert stored(answer_of(response)) == ["1.2.1", "1.2.2"]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_body_without_length_is_taken_in_whatever_pieces_it_comes(service: httpx.Client, size: int) -> None:
    body = b"preamble\r\n" + multipart(dicom("1.2.1"))

    def pieces() -> Iterator[bytes]:
        yield from (body[at : at + size] for at in range(0, len(body), size))

    assert stored(answer_of(stow(service, pieces()))) == ["1.2.1"]


def test_one_instance_may_be_the_body(service: httpx.Client) -> None:
    response = stow(service, dicom("1.2.1"), content_type="application/dicom; transfer-syntax=*")
    assert (response.status_code, stored(answer_of(response))) == (200, ["1.2.1"])


# Made with one hand, so that a row says what is asked and what becomes of it: bodies, path, status, failures.
@pytest.mark.parametrize(
    ("contents", "path", "status", "failures"),
    [
        ([dicom("1.2.1")], f"/{STUDY}", 200, []),
        ([dicom("1.2.1"), dicom("1.2.1")], "", 200, []),  # the same again is no failure
        ([dicom("1.2.1")], "/1.2.3.31", 409, [("1.2.1", 0xA900)]),  # of another study
        ([dicom("1.2.1"), dicom("1.2.2", StudyInstanceUID="1.9")], f"/{STUDY}", 202, [("1.2.2", 0xA900)]),
        ([dicom("1.2.1", shade=1), dicom("1.2.1", shade=2)], "", 202, [("1.2.1", 0x0111)]),
        ([png()], "", 409, [("", 0xC000)]),
        ([b""], "", 409, [("", 0xC000)]),
        ([dicom("1.2.1")[:200]], "", 409, [("", 0xC000)]),
        ([dicom("1.2.1"), b"junk"], "", 202, [("", 0xC000)]),
        ([dicom("1.2.1", StudyInstanceUID=None)], "", 409, [("1.2.1", 0xA900)]),
        ([dicom("1.2.1", SOPClassUID=SecondaryCaptureImageStorage, Modality="OT")], "", 200, []),
    ],
)
def test_every_instance_is_answered_for_itself(
    client: httpx.Client, contents: list[bytes], path: str, status: int, failures: list[tuple[str, int]]
) -> None:
    response = stow(client, multipart(*contents), f"/dicom-web/studies{path}")
    assert response.status_code == status
    answer = answer_of(response)
    assert failed(answer) == failures
    assert len(stored(answer)) == len(contents) - len(failures)


def test_what_is_stored_is_read_and_the_same_again_is_not_read_again(client: httpx.Client, reader: StubReader) -> None:
    for _ in range(2):
        assert stow(client, multipart(dicom("1.2.1"))).status_code == 200
        uploaded = client.post(
            "/api/instances?wait=20", content=dicom("1.2.1"), headers={"Content-Type": "application/dicom"}
        )
        assert uploaded.json()["instances"][0]["receipt"] == "duplicate"
    assert reader.read_uids == ["1.2.1"]


def test_a_result_of_ours_that_comes_back_is_answered_and_not_kept(client: httpx.Client) -> None:
    own = dicom("1.2.1", SOPClassUID=SecondaryCaptureImageStorage, Manufacturer="Hilum")
    response = stow(client, multipart(own))
    answer = answer_of(response)
    assert (response.status_code, stored(answer)) == (200, ["1.2.1"])
    assert not answer.ReferencedSOPSequence[0].RetrieveURL
    assert client.get("/api/studies").json()["studies"] == []


def test_studies_of_one_request_have_no_url_in_common(client: httpx.Client) -> None:
    answer = answer_of(stow(client, multipart(dicom("1.2.1"), dicom("1.2.2", StudyInstanceUID="1.2.3.31"))))
    assert not answer.RetrieveURL
    assert len(stored(answer)) == 2


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (TWO, {"Content-Type": "multipart/form-data; boundary=b"}, 415),
        (TWO, {"Content-Type": 'multipart/related; type="application/dicom+json"; boundary=b'}, 415),
        (b"{}", {"Content-Type": JSON}, 415),
        (TWO, {"Content-Type": ""}, 415),
        (TWO, {"Content-Type": "multipart/related; type=application/dicom"}, 400),  # no boundary
        (TWO, {"Content-Type": "multipart/related; boundary=c"}, 400),  # another one
        (TWO[:-8], {"Content-Type": RELATED}, 400),  # cut short
        (b"--b--\r\n", {"Content-Type": RELATED}, 400),  # no part
        (b"", {"Content-Type": RELATED}, 400),
        (b"x" * 100_000, {"Content-Type": RELATED}, 400),  # a preamble without end
        (TWO, {"Content-Type": f"multipart/related; boundary={'x' * 300}"}, 400),
        (TWO, {"Content-Type": RELATED, "Accept": "application/dicom+xml"}, 406),
    ],
)
def test_what_is_not_asked_well_is_a_problem(
    service: httpx.Client, body: bytes, headers: dict[str, str], status: int
) -> None:
    expect_problem(service.post("/dicom-web/studies", content=body, headers=headers), status)


@pytest.mark.parametrize(
    ("settings", "status"),
    [({"max_upload_bytes": 2000}, 413), ({"max_upload_files": 1}, 413), ({"min_free_bytes": 2**62}, 507)],
)
def test_what_is_too_much_is_a_problem(settings: dict[str, int], status: int) -> None:
    with live(StubReader(), **settings) as client:
        expect_problem(stow(client, TWO), status)


def expect_problem(response: httpx.Response, status: int) -> None:
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")
    assert response.json()["status"] == status


def test_an_instance_that_is_too_large_fails_alone() -> None:
    with live(StubReader(), max_instance_bytes=4096) as client:
        answer = answer_of(stow(client, multipart(dicom("1.2.1"), dicom("1.2.2") + bytes(4096))))
        assert (stored(answer), failed(answer)) == (["1.2.1"], [("", 0xC000)])


def test_what_is_no_radiograph_is_not_stored_where_the_setting_says_so() -> None:
    report = dicom("1.2.2", SOPClassUID=ComprehensiveSRStorage, Modality="SR")
    with live(StubReader(), other_objects="reject") as client:
        answer = answer_of(stow(client, multipart(dicom("1.2.1"), report)))
        assert (stored(answer), failed(answer)) == (["1.2.1"], [("1.2.2", 0x0122)])


def test_a_sender_that_hangs_up_leaves_what_came_whole_and_no_error(
    client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "hilum.guard")

    def body() -> Iterator[bytes]:
        yield multipart(dicom("1.2.1")).removesuffix(b"--b--\r\n") + b"--b\r\n\r\n" + dicom("1.2.2")[:1000]
        until = time.monotonic() + 60
        while not client.get("/api/studies").json()["studies"]:
            assert time.monotonic() < until
        raise ConnectionResetError

    with httpx.Client(base_url=client.base_url) as sender, pytest.raises(ConnectionResetError):
        stow(sender, body())
    until = time.monotonic() + 60
    while not any("hung up" in record.getMessage() for record in caplog.records):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    (study,) = client.get("/api/studies").json()["studies"]
    assert [one["sop_instance_uid"] for one in study["instances"]] == ["1.2.1"]


def test_a_full_queue_is_503_and_what_came_before_is_answered_all_the_same() -> None:
    reader = StubReader(go_on=threading.Event())
    with live(reader, queue_length=1) as client:
        numbers = iter(range(1000))
        until = time.monotonic() + 60
        while (last := stow(client, multipart(dicom(f"1.2.{next(numbers)}")))).status_code == 200:
            assert time.monotonic() < until
        assert (last.status_code, last.json()["type"]) == (503, "urn:hilum:problem:busy")
        assert int(last.headers["Retry-After"]) >= 1
        some = stow(client, multipart(dicom("1.2.0"), dicom("1.2.9999")))
        assert some.status_code == 202
        assert (stored(answer_of(some)), failed(answer_of(some))) == (["1.2.0"], [("1.2.9999", 0xA700)])
        reader.go_on.set()


def test_a_large_request_does_not_sit_in_memory() -> None:
    one = 24 * 2**20

    def body() -> Iterator[bytes]:
        for number in range(12):  # 288 MiB
            yield b"--b\r\nContent-Type: application/dicom\r\n\r\n" + dicom(f"1.2.{number}")
            yield from (bytes(2**20) for _ in range(one // 2**20))
            yield b"\r\n"
        yield b"--b--\r\n"

    with live(StubReader(go_on=threading.Event())) as client:
        process = psutil.Process()
        before, most, done = process.memory_info().rss, [0], threading.Event()

        def watch() -> None:
            while not done.wait(0.02):
                most[0] = max(most[0], process.memory_info().rss)

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            assert len(stored(answer_of(stow(client, body())))) == 12
        finally:
            done.set()
            watching.join()
        # An instance is there once in pieces and once as a whole; another one is being written.
        assert most[0] - before < 6 * one
