"""Progress, live."""

import json
from collections.abc import Iterator

import httpx

from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import live


def events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, str]]]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        if line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_every_change_of_an_instance_is_told_without_patient_data() -> None:
    with live(StubReader(), quiet_seconds=1) as client:
        send(client, dicom("1.2.9", StudyInstanceUID="1.3.9"))  # once this is read, the database is listened to
        with client.stream("GET", "/api/events") as stream:
            assert stream.headers["Content-Type"].startswith("text/event-stream")
            told = events(stream.iter_lines())
            assert next(told)[0] == "everything"
            send(client, dicom("1.2.3.1"))
            here = (data for _, data in told if data.get("study_instance_uid") == "1.2.3.30")
            seen = [next(here) for _ in range(3)]
    assert [data["state"] for data in seen] == ["pending", "read", "complete"]
    assert {key for data in seen for key in data} == {"study_instance_uid", "sop_instance_uid", "state"}


def send(client: httpx.Client, data: bytes) -> None:
    headers = {"Content-Type": "application/dicom"}
    httpx.post(f"{client.base_url}/api/instances?wait=20", content=data, headers=headers).raise_for_status()
