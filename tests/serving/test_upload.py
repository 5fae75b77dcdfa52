import io
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from serving.instances import derive_uid
from tests.fakes import StubReader
from tests.serving.files import archive, dicom, png
from tests.serving.live import live

DICOM = {"Content-Type": "application/dicom"}
ZIP = {"Content-Type": "application/zip"}


def post(client: httpx.Client, data: bytes, **options: object) -> httpx.Response:
    return client.post("/api/instances?wait=20", content=data, headers=DICOM, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "receipts"),
    [
        ({"content": dicom(), "headers": DICOM}, ["received"]),
        ({"content": dicom(), "headers": {"Content-Type": "application/dicom; transfer-syntax=*"}}, ["received"]),
        ({"content": png(), "headers": {"Content-Type": "image/png"}}, ["received"]),
        ({"content": archive(dicom("1.2.1"), dicom("1.2.2")), "headers": ZIP}, ["received", "received"]),
        ({"files": {"files": dicom()}}, ["received"]),
        ({"files": [("files", dicom("1.2.1")), ("files", png())]}, ["received", "received"]),
        # the field's name does not matter, and a ZIP may stand among the files: 1 + 2
        ({"files": [("a", dicom("1.2.1")), ("b", archive(dicom("1.2.2"), png()))]}, ["received"] * 3),
        # the same content again, within one request
        ({"files": [("files", dicom()), ("files", dicom())]}, ["received", "duplicate"]),
        # what is no radiograph is received too; its reading is a refusal
        ({"files": {"files": b"hello"}}, ["received"]),
    ],
)
def test_every_way_to_send_is_answered_file_by_file(
    client: httpx.Client, body: dict[str, object], receipts: list[str]
) -> None:
    answer = client.post("/api/instances?wait=20", **body)  # type: ignore[arg-type]
    assert answer.status_code == 200
    files = answer.json()["instances"]
    assert [one["receipt"] for one in files] == receipts
    assert all(one["reading"]["state"] in {"read", "refused"} for one in files)


def test_without_waiting_the_answer_says_where_the_reading_will_be() -> None:
    reader = StubReader(go_on=threading.Event())
    with live(reader) as client:
        answer = client.post("/api/instances", content=dicom("1.2.3.1"), headers=DICOM)
        assert answer.status_code == 202
        assert answer.headers["Location"] == "/api/instances/1.2.3.1/reading"
        assert answer.json()["instances"][0]["reading"] is None
        pending = client.get("/api/instances/1.2.3.1/reading")
        assert (pending.status_code, pending.json()["state"]) == (202, "pending")
        reader.go_on.set()
        assert post(client, dicom("1.2.3.1")).json()["instances"][0]["reading"]["state"] == "read"


def test_waiting_ends_with_202_when_the_time_is_over() -> None:
    reader = StubReader(go_on=threading.Event())
    with live(reader) as client:
        answer = client.post("/api/instances?wait=0.05", content=dicom(), headers=DICOM)
        assert answer.status_code == 202
        reader.go_on.set()


def test_the_same_instance_again_is_answered_alike_and_not_read_again(client: httpx.Client, reader: StubReader) -> None:
    first, second = post(client, dicom()).json(), post(client, dicom()).json()
    assert first["instances"][0]["reading"] == second["instances"][0]["reading"]
    assert second["instances"][0]["receipt"] == "duplicate"
    assert reader.read_uids == ["1.2.3.1"]


def test_other_content_under_a_known_uid_is_refused_and_changes_nothing(client: httpx.Client) -> None:
    before = post(client, dicom(shade=100)).json()["instances"][0]["reading"]
    answer = post(client, dicom(shade=101))
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:hilum:problem:conflict"
    assert answer.json()["instances"][0]["receipt"] == "conflict"
    assert client.get("/api/instances/1.2.3.1/reading").json() == before


def test_a_conflict_among_other_files_is_told_of_its_file_only(client: httpx.Client) -> None:
    post(client, dicom(shade=100))
    answer = client.post("/api/instances?wait=20", files=[("f", dicom(shade=101)), ("f", dicom("1.2.9"))])
    assert answer.status_code == 200
    assert [one["receipt"] for one in answer.json()["instances"]] == ["conflict", "received"]
    assert answer.json()["instances"][0]["problem"]["status"] == 409


def test_a_picture_without_uid_gets_one_of_its_content(client: httpx.Client) -> None:
    first, again, other = (post(client, png(shade)).json()["instances"][0] for shade in (10, 10, 11))
    assert first["sop_instance_uid"] == again["sop_instance_uid"] != other["sop_instance_uid"]
    content_hash = first["reading"]["content_hash"].removeprefix("sha256:")
    assert first["sop_instance_uid"] == derive_uid("instance", content_hash)


@pytest.mark.parametrize(
    ("settings", "body", "status"),
    [
        # a stated length over the limit, and a stream that does not state one: 20 x 1024 > 10240
        ({"max_upload_bytes": 10240}, {"content": b"x" * 10241, "headers": DICOM}, 413),
        ({"max_upload_bytes": 10240}, {"content": lambda: (b"x" * 1024 for _ in range(20)), "headers": DICOM}, 413),
        ({"max_upload_files": 2}, {"files": [("f", png(n)) for n in range(3)]}, 413),
        ({"max_instance_bytes": 1024}, {"content": dicom(), "headers": DICOM}, 413),
        ({"max_instance_bytes": 1024}, {"content": archive(dicom()), "headers": ZIP}, 413),
        ({}, {"content": b"{}", "headers": {"Content-Type": "application/json"}}, 415),
        ({}, {"content": b"x"}, 415),
        ({}, {"content": b"no boundary", "headers": {"Content-Type": "multipart/form-data"}}, 400),
        ({}, {"content": b"junk", "headers": {"Content-Type": "multipart/form-data; boundary=b"}}, 400),
        ({}, {"data": {"text": "x"}, "files": {}}, 415),
        ({}, {"content": b"PK\x03\x04 broken", "headers": ZIP}, 400),
        ({}, {"content": archive(), "headers": ZIP}, 400),
    ],
)
def test_what_is_too_much_or_nothing_is_a_problem(
    settings: dict[str, int], body: dict[str, object], status: int
) -> None:
    if callable(body.get("content")):
        body = {**body, "content": body["content"]()}  # type: ignore[operator]
    with live(StubReader(), **settings) as client:
        answer = client.post("/api/instances", **body)  # type: ignore[arg-type]
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert client.get("/api/studies").json()["studies"] == []


def test_a_stream_that_is_too_long_is_refused_before_its_end() -> None:
    sent = 0

    def long() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(2048):  # 128 MiB
            sent += 65536
            yield b"x" * 65536

    with live(StubReader(), max_upload_bytes=2**20) as client:
        try:
            status = client.post("/api/instances", content=long(), headers=DICOM).status_code
        except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
            status = 413  # the service hung up on us while we were still writing
        assert status == 413
        assert sent < 64 * 2**20


def test_a_full_queue_is_503_with_retry_after_and_keeps_what_it_took() -> None:
    reader = StubReader(go_on=threading.Event())
    with live(reader, queue_length=2) as client:
        answers = []
        until = time.monotonic() + 20
        while time.monotonic() < until and (not answers or answers[-1].status_code == 202):
            answers.append(client.post("/api/instances", content=dicom(f"1.2.{len(answers)}"), headers=DICOM))
            time.sleep(0.2)  # what waits is counted once a second
        assert answers[-1].status_code == 503
        assert int(answers[-1].headers["Retry-After"]) >= 1
        assert len(answers) < 30  # two in the worker, two that wait, and what came within a second
        reader.go_on.set()
        for number in range(len(answers) - 1):
            assert post(client, dicom(f"1.2.{number}")).json()["instances"][0]["receipt"] == "duplicate"
        again = post(client, dicom(f"1.2.{len(answers) - 1}"))
        while again.status_code == 503:  # until what waited is read
            time.sleep(0.2)
            again = post(client, dicom(f"1.2.{len(answers) - 1}"))
        assert again.json()["instances"][0]["receipt"] == "received"


def test_a_full_disk_is_507_and_nothing_is_taken() -> None:
    with live(StubReader(), min_free_bytes=2**62) as client:
        answer = client.post("/api/instances", content=dicom(), headers=DICOM)
        assert (answer.status_code, answer.json()["type"]) == (507, "urn:hilum:problem:storage-full")
        assert int(answer.headers["Retry-After"]) >= 1
        assert client.get("/api/studies").json()["studies"] == []
        assert client.get("/readyz").json()["room"] is False


def test_more_uploads_than_there_are_places_are_503() -> None:
    with live(StubReader(), max_uploads=1) as client:
        first_half_sent, go_on = threading.Event(), threading.Event()

        def slow() -> Iterator[bytes]:
            yield dicom()[:100]
            first_half_sent.set()
            go_on.wait(20)
            yield dicom()[100:]

        with ThreadPoolExecutor() as pool:
            first = pool.submit(client.post, "/api/instances", content=slow(), headers=DICOM)
            assert first_half_sent.wait(20)
            until = time.monotonic() + 20
            while (second := client.post("/api/instances", content=dicom("1.2.9"), headers=DICOM)).status_code != 503:
                assert time.monotonic() < until  # the first one's head may still be on its way
            go_on.set()
            assert first.result().status_code == 202
        assert int(second.headers["Retry-After"]) >= 1
        assert client.post("/api/instances", content=dicom("1.2.10"), headers=DICOM).status_code == 202


def test_an_upload_that_needs_the_disk_arrives_whole(client: httpx.Client) -> None:
    # 3 MiB of noise after the pixels are over the 1 MiB that is held in memory
    data = dicom(more_than_memory := "1.2.7") + b"\0" * (3 * 2**20)
    answer = client.post("/api/instances?wait=20", content=io.BytesIO(data), headers=DICOM)
    assert answer.json()["instances"][0]["sop_instance_uid"] == more_than_memory
