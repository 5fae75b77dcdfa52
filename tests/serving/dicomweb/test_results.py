"""What Hilum says of a radiograph is part of its study: found, retrieved, and the very bytes that a PACS is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import httpx
import pytest
from pydicom import dcmread, uid

from model.limits import Limits
from serving.dicom_results import results
from serving.presentations.dicom_result import encoded
from serving.store import deliveries
from serving.store.store import Store
from tests.fakes import StubReader
from tests.radiographs import dicom
from tests.serving.dicomweb.archive import INSTANCE, STUDY, parts, place
from tests.serving.live import new_store, serving, working
from tests.serving.orthanc import until

ANY = 'multipart/related; type="application/dicom"; transfer-syntax=*'
SR, SC, GSPS = (
    uid.ComprehensiveSRStorage,
    uid.SecondaryCaptureImageStorage,
    uid.GrayscaleSoftcopyPresentationStateStorage,
)


@contextmanager
def reading(reader: StubReader, **changes: object) -> Iterator[tuple[httpx.Client, Store]]:
    with (
        new_store(**changes) as (settings, store),
        working(settings, store, reader),
        serving(settings, store, reader.name) as client,
    ):
        client.timeout = httpx.Timeout(90)
        yield client, store


def send(client: httpx.Client, data: bytes) -> None:
    headers = {"Content-Type": "application/dicom"}
    assert client.post("/api/instances?wait=60", content=data, headers=headers).status_code == 200


def retrieved(client: httpx.Client) -> dict[str, bytes]:
    """SOP class to file, of the study."""
    answer = client.get(f"/dicom-web/studies/{STUDY}", headers={"Accept": ANY})
    return {dcmread(BytesIO(content)).SOPClassUID: content for _, content in parts(answer)}


def test_they_are_in_the_study_as_they_are_sent() -> None:
    with reading(StubReader(), dicomweb_results="sr,sc,gsps") as (client, store):
        send(client, dicom())
        found = retrieved(client)
        assert list(found)[1:] == [SR, SC, GSPS]
        rows = deliveries.outcomes(store, [row["outcome_id"] for row in deliveries.told_of_studies(store, [STUDY])])
        sent = results(store, rows, ("sr", "sc", "gsps"), Limits())
        assert [encoded(each) for each in sent] == [found[kind] for kind in (SR, SC, GSPS)]


def test_each_is_an_instance_like_any_other() -> None:
    with reading(StubReader()) as (client, _):
        send(client, dicom())
        for data in (data for kind, data in retrieved(client).items() if kind in {SR, SC}):
            one = dcmread(BytesIO(data))
            path = f"/dicom-web/{place(STUDY, one.SeriesInstanceUID, one.SOPInstanceUID)}"
            assert client.get(path, headers={"Accept": "application/dicom"}).content == data
            (metadata,) = client.get(f"{path}/metadata").json()
            assert metadata["0008103E"]["Value"] == [one.SeriesDescription]
            series = client.get(f"/dicom-web/studies/{STUDY}/series/{one.SeriesInstanceUID}", headers={"Accept": ANY})
            assert [content for _, content in parts(series)] == [data]
            frames = client.get(f"{path}/frames/1", headers={"Accept": "application/octet-stream"})
            assert frames.status_code == (200 if one.SOPClassUID == SC else 404)
            assert frames.status_code == 404 or frames.content == one.PixelData[: one.Rows * one.Columns * 3]
            elsewhere = f"/dicom-web/{place(STUDY, '2.25.2', one.SOPInstanceUID)}"
            assert client.get(elsewhere).status_code == 404


def test_a_review_stands_beside_what_it_reviews() -> None:
    with reading(StubReader(), dicomweb_results="sr") as (client, _):
        send(client, dicom())
        reading_id = client.get(f"/api/instances/{INSTANCE}/reading").json()["reading_id"]
        review = {"reviewer": "reader-7", "signed_off": True}
        assert client.post(f"/api/readings/{reading_id}/review", json=review).is_success

        def versions() -> list[str]:
            study = client.get(f"/dicom-web/studies/{STUDY}/metadata").json()
            return [one["0040A493"]["Value"][0] for one in study if one["00080060"]["Value"] == ["SR"]]

        until(lambda: len(versions()) == 2)
        assert versions() == ["UNVERIFIED", "VERIFIED"]


@pytest.mark.parametrize(
    ("settings", "reader", "kinds"),
    [
        ({"dicomweb_results": ""}, StubReader(), []),
        ({"dicomweb_results": "sc"}, StubReader(), [SC]),
        # A refusal is a result too; it has no regions.
        ({"dicomweb_results": "sr,gsps"}, StubReader(too_dark=2.0), [SR]),
    ],
)
def test_which_there_are(settings: dict[str, str], reader: StubReader, kinds: list[str]) -> None:
    with reading(reader, **settings) as (client, _):
        send(client, dicom())
        assert list(retrieved(client))[1:] == kinds


def test_before_it_is_read_there_are_none() -> None:
    reader = StubReader()
    reader.go_on.clear()
    with reading(reader) as (client, _):
        client.post("/api/instances", content=dicom(), headers={"Content-Type": "application/dicom"})
        assert len(retrieved(client)) == 1
        reader.go_on.set()


# --- found by a search ---


@pytest.fixture(scope="module")
def found_in() -> Iterator[httpx.Client]:
    """Two studies, one radiograph each."""
    with reading(StubReader()) as (client, _):
        send(client, dicom())
        send(client, dicom(StudyInstanceUID="2.25.9", SeriesInstanceUID="2.25.91", SOPInstanceUID="2.25.92"))
        yield client


@pytest.mark.parametrize(
    ("query", "modalities"),
    [
        (f"studies/{STUDY}/series", ["DX", "SR", "OT"]),
        (f"studies/{STUDY}/instances", ["DX", "SR", "OT"]),
        (f"series?StudyInstanceUID={STUDY}", ["DX", "SR", "OT"]),
        (f"studies/{STUDY}/series?Modality=SR", ["SR"]),
        (f"studies/{STUDY}/series?Modality=SR,DX", ["DX", "SR"]),
        (f"studies/{STUDY}/series?Modality=?T", ["OT"]),
        (f"studies/{STUDY}/series?SeriesNumber=9102", ["OT"]),
        (f"studies/{STUDY}/series?SeriesDescription=Hilum*", ["SR", "OT"]),
        (f"studies/{STUDY}/series?PatientID=TEST-1", ["DX", "SR", "OT"]),
        (f"studies/{STUDY}/series?PatientID=other", []),
        (f"studies/{STUDY}/instances?SOPClassUID={SR}", ["SR"]),
        (f"studies/{STUDY}/instances?ContentDate=20200101-", []),  # what a list does not know is not found
        (f"studies/{STUDY}/series?limit=2", ["DX", "SR"]),
        (f"studies/{STUDY}/series?limit=2&offset=1", ["SR", "OT"]),
        ("studies/2.25.404/series", []),
        ("series?Modality=SR", []),  # no study is named
    ],
)
def test_they_are_found_within_their_study(found_in: httpx.Client, query: str, modalities: list[str]) -> None:
    answer = found_in.get(f"/dicom-web/{query}", params={"includefield": "Modality"} if "?" not in query else None)
    found = [one["00080060"]["Value"][0] for one in answer.json() if one] if answer.content else []
    assert found == modalities


def test_what_is_found_can_be_retrieved_and_is_as_it_was_said(found_in: httpx.Client) -> None:
    for one in found_in.get(f"/dicom-web/studies/{STUDY}/instances?includefield=all").json():
        place_of = one["00081190"]["Value"][0]
        came = dcmread(BytesIO(found_in.get(place_of, headers={"Accept": "application/dicom"}).content))
        for tag, element in one.items():
            keyword = came[tag].keyword if tag in came else None
            if keyword and element["vr"] in {"CS", "UI", "IS", "LO"} and "Value" in element:
                said, is_so = element["Value"][0], came[tag].value
                assert str(said) == str(is_so if isinstance(is_so, str | int) else is_so[0]), keyword


def test_a_list_of_studies_counts_them(found_in: httpx.Client) -> None:
    for study in found_in.get("/dicom-web/studies").json():
        assert study["00080061"]["Value"] == ["DX", "OT", "SR"]
        assert (study["00201206"]["Value"], study["00201208"]["Value"]) == ([3], [3])
