"""A FHIR server that does a transaction, does half of it, or is none."""

import json
from collections.abc import Iterator

import pytest

from model.errors import Unavailable
from serving.senders.sender import Rejected
from tests.serving.senders.parcels import parcel, sender
from tests.serving.stow_server import DicomWeb, dicomweb


@pytest.fixture
def server() -> Iterator[DicomWeb]:
    """What it answers is told by each test."""
    with dicomweb() as one:
        yield one


def url(server: DicomWeb) -> str:
    return f"fhir+http://127.0.0.1:{server.port}/fhir/"


def response(*statuses: str) -> bytes:
    entries = [{"response": {"status": status}} for status in statuses]
    return json.dumps({"resourceType": "Bundle", "type": "transaction-response", "entry": entries}).encode()


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, response("201 Created", "200 OK"), None),
        (200, response(), None),
        (200, response("201 Created", "412 Precondition Failed"), Rejected),
        (200, b'{"resourceType": "OperationOutcome"}', Unavailable),
        (200, b"<html>", Unavailable),  # e.g. a proxy's page
        (204, b"", Unavailable),
        (400, b'{"resourceType": "OperationOutcome"}', Rejected),
        (401, b"", Rejected),
        (422, b"", Rejected),
        (409, b"", Unavailable),
        (503, b"", Unavailable),
    ],
)
def test_a_transaction_is_done_when_its_response_says_so(
    server: DicomWeb, status: int, body: bytes, error: type[Exception] | None
) -> None:
    server.blunt = [(status, body)]
    to = sender(url(server), secret="t0ken")
    if error is None:
        to.send(parcel())
    else:
        with pytest.raises(error):
            to.send(parcel())
    ((path, headers),) = server.requests
    assert (path, headers["Content-Type"]) == ("/fhir", "application/fhir+json")
    assert (headers["Accept"], headers["Authorization"]) == ("application/fhir+json", "Bearer t0ken")


@pytest.mark.parametrize(
    ("presentation", "version", "fits"),
    [("fhir-r4", "4.0.1", True), ("fhir-r4", "5.0.0", False), ("fhir-r5", "5.0.0", True), ("fhir-r5", "", False)],
)
def test_a_check_asks_for_the_release(server: DicomWeb, presentation: str, version: str, fits: bool) -> None:
    said = {"resourceType": "CapabilityStatement", "fhirVersion": version}
    server.blunt = [(200, json.dumps(said).encode())]
    to = sender(f"{url(server)}?presentations={presentation}")
    if fits:
        assert version in to.check()
    else:
        with pytest.raises(Rejected, match=presentation):
            to.check()
    assert [path for path, _ in server.requests] == ["/fhir/metadata"]


def test_a_server_is_sent_one_release() -> None:
    with pytest.raises(ValueError, match="one release"):
        sender("fhir+https://h/fhir?presentations=fhir-r4,fhir-r5")
