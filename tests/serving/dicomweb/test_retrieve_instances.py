"""WADO-RS of instances: what comes out is what went in, in the transfer syntax that was asked for."""

import hashlib
from collections.abc import Iterator
from io import BytesIO

import httpx
import numpy as np
import pytest
from dicomweb_client.api import DICOMwebClient
from pydicom import dcmread, uid
from pydicom.dataset import Dataset

from tests.radiographs import dicom
from tests.serving.dicomweb.archive import INSTANCE, SERIES, STUDY, archive, parts, place, send
from tests.serving.dicomweb.syntaxes import PIXELS, SYNTAXES

MULTIPART = 'multipart/related; type="application/dicom"'
SECRET = "Nguyễn^Thị Ánh"


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """One study: a series with an instance in each transfer syntax, and a second series with one instance."""
    with archive() as client:
        for number, (syntax, frames) in enumerate(SYNTAXES.items(), 1):
            send(client, instance(number, syntax, frames))
        send(client, dicom(SOPInstanceUID="2.25.900", SeriesInstanceUID="2.25.90"))
        yield client


def instance(number: int, syntax: str, frames: list[bytes] | None) -> bytes:
    return dicom(
        PIXELS,
        transfer_syntax=syntax,
        frames=frames,
        BitsStored=12,
        HighBit=11,
        SOPInstanceUID=f"2.25.{100 + number}",
        PatientName=SECRET,
        WindowCenter="2048",
        WindowWidth="4096",
    )


def get(client: httpx.Client, path: str, accept: str, **headers: str) -> httpx.Response:
    return client.get(path, headers={"Accept": accept, **headers})


@pytest.mark.parametrize(("number", "syntax"), list(enumerate(SYNTAXES, 1)))
def test_by_default_it_is_explicit_little_endian_with_the_same_pixels(
    client: httpx.Client, number: int, syntax: str
) -> None:
    answer = get(client, place(instance=f"2.25.{100 + number}"), "application/dicom")
    assert answer.headers["Content-Type"] == f"application/dicom; transfer-syntax={uid.ExplicitVRLittleEndian}"
    came = dcmread(BytesIO(answer.content))
    assert came.file_meta.TransferSyntaxUID == uid.ExplicitVRLittleEndian
    assert came.file_meta.MediaStorageSOPInstanceUID == came.SOPInstanceUID == f"2.25.{100 + number}"
    assert (came.PatientName, came.WindowWidth, came.BitsStored) == (SECRET, 4096, 12)
    np.testing.assert_array_equal(np.frombuffer(came.PixelData, "<u2").reshape(PIXELS.shape), PIXELS)


@pytest.mark.parametrize(("number", "syntax"), list(enumerate(SYNTAXES, 1)))
def test_as_stored_it_is_byte_for_byte_what_was_sent(client: httpx.Client, number: int, syntax: str) -> None:
    answer = get(client, place(instance=f"2.25.{100 + number}"), "application/dicom; transfer-syntax=*")
    if syntax in {uid.ImplicitVRLittleEndian, uid.ExplicitVRBigEndian}:  # not for web services: PS3.18, 8.7.3
        assert dcmread(BytesIO(answer.content)).file_meta.TransferSyntaxUID == uid.ExplicitVRLittleEndian
        return
    assert answer.headers["Content-Type"] == f"application/dicom; transfer-syntax={syntax}"
    assert answer.content == instance(number, syntax, SYNTAXES[syntax])
    assert int(answer.headers["Content-Length"]) == len(answer.content)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"studies/{STUDY}", len(SYNTAXES) + 1),
        (f"studies/{STUDY}/series/{SERIES}", len(SYNTAXES)),
        (f"studies/{STUDY}/series/2.25.90", 1),
        (place(instance="2.25.101"), 1),
    ],
)
def test_each_part_is_a_file_that_says_where_it_is(client: httpx.Client, path: str, expected: int) -> None:
    answer = get(client, path, f"{MULTIPART}; transfer-syntax=*")
    assert answer.status_code == 200
    found = parts(answer)
    assert len(found) == expected
    for headers, content in found:
        came = dcmread(BytesIO(content), stop_before_pixels=True)
        assert headers["content-type"] == f"application/dicom; transfer-syntax={came.file_meta.TransferSyntaxUID}"
        mine = place(STUDY, came.SeriesInstanceUID, came.SOPInstanceUID)
        assert headers["content-location"] == f"{client.base_url}{mine}"
        assert get(client, headers["content-location"], "application/dicom").status_code == 200


def test_a_transfer_syntax_that_some_have_gives_those(client: httpx.Client) -> None:
    answer = get(client, f"studies/{STUDY}", f"{MULTIPART}; transfer-syntax={uid.JPEGLSLossless}")
    assert answer.status_code == 206  # partial content: PS3.18, 10.4.3
    assert [headers["content-type"].split("=")[1] for headers, _ in parts(answer)] == [uid.JPEGLSLossless]


def test_a_transfer_syntax_that_none_has_is_406_and_says_what_there_is(client: httpx.Client) -> None:
    answer = get(client, f"studies/{STUDY}", f"{MULTIPART}; transfer-syntax=1.2.840.10008.1.2.4.100")
    assert answer.status_code == 406
    assert f"{MULTIPART}; transfer-syntax=*" in answer.json()["acceptable"]


@pytest.mark.parametrize(
    "path",
    [
        "studies/2.25.404",
        f"studies/{STUDY}/series/2.25.404",
        f"studies/2.25.404/series/{SERIES}",
        place(instance="2.25.404"),
        place(series="2.25.90", instance="2.25.101"),  # it is in the other series
        place(study="2.25.404"),
    ],
)
@pytest.mark.parametrize("more", ["", "/metadata"])
def test_what_is_not_here_is_404(client: httpx.Client, path: str, more: str) -> None:
    answer = get(client, path + more, "*/*")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_other_content_under_its_uid_is_never_given_as_the_instance() -> None:
    first, second = (dicom(np.full((4, 4), shade, np.uint16)) for shade in (1, 2))
    with archive(first) as client:
        url = client.base_url.join("/api/instances")
        answer = client.post(url, content=second, headers={"Content-Type": "application/dicom"})
        assert answer.status_code == 409
        answer = get(client, f"studies/{STUDY}", f"{MULTIPART}; transfer-syntax=*")
        assert [hashlib.sha256(content).digest() for _, content in parts(answer)] == [hashlib.sha256(first).digest()]


def test_a_client_that_has_it_is_told_so(client: httpx.Client) -> None:
    path = place(instance="2.25.101")
    answer = get(client, path, "application/dicom")
    tag = answer.headers["ETag"]
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = get(client, path, "application/dicom", **{"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    # Another form, another instance: another tag.
    other = get(client, path, "application/dicom; transfer-syntax=*", **{"If-None-Match": tag})
    assert other.status_code == 200
    assert get(client, place(instance="2.25.102"), "application/dicom").headers["ETag"] != tag


def test_what_does_not_decode_can_still_be_had_as_it_is_stored() -> None:
    whole = SYNTAXES[uid.JPEGLSLossless]
    assert whole
    broken = instance(1, uid.JPEGLSLossless, [whole[0][:200]])
    with archive(broken, dicom(SOPInstanceUID="2.25.7")) as client:
        path = place(instance="2.25.101")
        answer = get(client, path, "application/dicom")
        assert answer.status_code == 406
        assert get(client, path, answer.json()["acceptable"][0]).content == broken
        # Among others it does not take them with it, and says what it is.
        types = [headers["content-type"].split("=")[1] for headers, _ in parts(get(client, f"studies/{STUDY}", "*/*"))]
        assert types == [uid.JPEGLSLossless, uid.ExplicitVRLittleEndian]


def test_a_bare_data_set_becomes_a_file() -> None:
    with archive(dicom(file_meta=False)) as client:
        answer = get(client, place(), "application/dicom; transfer-syntax=*")
        came = dcmread(BytesIO(answer.content))
        assert (came.SOPInstanceUID, came.file_meta.MediaStorageSOPInstanceUID) == (INSTANCE, INSTANCE)


def test_a_real_client(client: httpx.Client) -> None:
    real = DICOMwebClient(str(client.base_url).rstrip("/"))
    found = real.retrieve_study(STUDY, media_types=(("application/dicom", "*"),))
    assert len(found) == len(SYNTAXES) + 1
    assert {type(one) for one in found} == {Dataset} or all(one.StudyInstanceUID == STUDY for one in found)
    one = real.retrieve_instance(STUDY, SERIES, "2.25.101")
    assert one.PatientName == SECRET
    metadata = real.retrieve_series_metadata(STUDY, SERIES)
    assert [Dataset.from_json(each, lambda *_: b"").SOPInstanceUID for each in metadata] == [
        f"2.25.{100 + number}" for number in range(1, len(SYNTAXES) + 1)
    ]
