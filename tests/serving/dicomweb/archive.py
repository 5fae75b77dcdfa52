"""A service with nothing but its HTTP interface, to which files are sent and from which they are retrieved."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.serving.live import new_store, serving

STUDY, SERIES, INSTANCE = "2.25.3", "2.25.2", "2.25.1"  # as tests.radiographs.dicom names them


@contextmanager
def archive(*files: bytes, **changes: object) -> Iterator[httpx.Client]:
    """A client of a service that holds these files; its URLs begin below the Base URI."""
    with new_store(**changes) as (settings, store), serving(settings, store, "stub 1") as client:
        client.base_url = client.base_url.join("/dicom-web/")
        for data in files:
            send(client, data)
        yield client


def send(client: httpx.Client, data: bytes) -> None:
    url = client.base_url.join("/api/instances")
    answer = client.post(url, content=data, headers={"Content-Type": "application/dicom"})
    assert answer.is_success, answer.text


def place(study: str = STUDY, series: str = SERIES, instance: str = INSTANCE) -> str:
    """Where an instance is, below the Base URI."""
    return f"studies/{study}/series/{series}/instances/{instance}"


def parts(answer: httpx.Response) -> list[tuple[dict[str, str], bytes]]:
    """Headers (in lower case) and content of each part of a multipart answer."""
    kind, _, boundary = answer.headers["Content-Type"].partition("boundary=")
    assert kind.startswith("multipart/related; type=")
    first, *found, last = (b"\r\n" + answer.content).split(b"\r\n--" + boundary.encode())
    assert (first, last) == (b"", b"--\r\n")
    return [_part(one) for one in found]


def _part(raw: bytes) -> tuple[dict[str, str], bytes]:
    head, _, content = raw.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    lines = (line.partition(": ") for line in head.decode().split("\r\n"))
    headers = {name.lower(): value for name, _, value in lines}
    assert int(headers["content-length"]) == len(content)
    return headers, content
