"""``HILUM_OTHER_OBJECTS=reject``: what is no radiograph is not stored, by whichever door over HTTP it comes."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pydicom.uid import ComputedRadiographyImageStorage, CTImageStorage, EnhancedSRStorage

from tests.fakes import StubReader
from tests.serving.files import dicom, png
from tests.serving.live import live


@pytest.fixture(scope="module", params=["store", "reject"])
def service(request: pytest.FixtureRequest) -> Iterator[tuple[httpx.Client, bool]]:
    """A client, and whether everything is stored."""
    with live(StubReader(), other_objects=request.param) as client:
        yield client, request.param == "store"


def test_an_upload_that_is_not_stored_is_a_problem(service: tuple[httpx.Client, bool]) -> None:
    client, stores_all = service
    rows: list[tuple[bytes, bool]] = [
        (dicom("1.2.17.1", SOPClassUID=ComputedRadiographyImageStorage), True),
        (png(), True),  # names no SOP class
        (dicom("1.2.17.2", SOPClassUID=CTImageStorage), stores_all),
        (dicom("1.2.17.3", SOPClassUID=EnhancedSRStorage), stores_all),
    ]
    for data, stored in rows:
        answer = client.post("/api/instances", files={"file": data})
        told: Any = answer.json()
        assert answer.status_code == (202 if stored else 422), told
        assert told["instances"][0]["receipt"] == ("received" if stored else "not-stored")
        if not stored:
            assert told["type"] == "urn:hilum:problem:not-stored"
    assert client.get("/api/instances/1.2.17.2/reading").status_code == (200 if stores_all else 404)


def test_stow_says_sop_class_not_supported(service: tuple[httpx.Client, bool]) -> None:
    client, stores_all = service
    answer = client.post(
        "/dicom-web/studies",
        content=dicom("1.2.17.4", SOPClassUID=CTImageStorage),
        headers={"Content-Type": "application/dicom", "Accept": "application/dicom+json"},
    )
    told: Any = answer.json()
    if stores_all:
        assert "00081199" in told
    else:
        assert told["00081198"]["Value"][0]["00081197"]["Value"] == [0x0122]
