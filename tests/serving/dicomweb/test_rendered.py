"""WADO-RS rendered: pictures whose shades are known."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import httpx
import numpy as np
import pytest
from dicomweb_client.api import DICOMwebClient
from numpy.typing import NDArray
from PIL import Image
from pydicom import uid

from serving.dicomweb.rendering_parameters import rendering, thumbnail
from serving.problems import Problem
from tests.radiographs import SECONDARY_CAPTURE, dicom
from tests.serving.dicomweb.archive import SERIES, STUDY, archive, parts, place
from tests.serving.dicomweb.syntaxes import PIXELS, SYNTAXES

#: 0, 1, 2, ... from the left to the right, in each of 40 rows.
RAMP = np.tile(np.arange(64, dtype=np.uint16) * 64, (40, 1))
WINDOW = {"WindowCenter": "2048", "WindowWidth": "4096", "BitsStored": 12, "HighBit": 11}
COLOUR = np.zeros((20, 30, 3), np.uint8)
COLOUR[:, :10], COLOUR[:, 10:20], COLOUR[:, 20:] = (250, 10, 20), (10, 240, 30), (5, 15, 230)
INVERTED = {"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "INVERSE"}
FRAMES = np.stack([RAMP, RAMP // 2, RAMP // 4])

FILES: dict[str, bytes] = {
    "ramp": dicom(RAMP, **WINDOW),
    "inverted": dicom(4095 - RAMP, **WINDOW, **INVERTED),
    "tall": dicom(RAMP, **WINDOW, ImagerPixelSpacing=["0.4", "0.2"]),
    "colour": dicom(COLOUR, SOPClassUID=SECONDARY_CAPTURE, StudyInstanceUID="2.25.4"),
    "frames": dicom(FRAMES, **WINDOW, StudyInstanceUID="2.25.4", RepresentativeFrameNumber=2),
    "no pixels": dicom(PixelData=None, StudyInstanceUID="2.25.5"),
}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    files = [
        data.replace(b"UI\x06\x002.25.1", f"UI\x06\x002.25.{number}".encode())
        for number, data in enumerate(FILES.values(), 5)
    ]
    with archive(*files) as client:
        yield client


def of(name: str) -> str:
    study = {"colour": "2.25.4", "frames": "2.25.4", "no pixels": "2.25.5"}.get(name, STUDY)
    return place(study=study, instance=f"2.25.{5 + list(FILES).index(name)}")


def picture(answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 200, answer.text
    return Image.open(BytesIO(answer.content))


def shades(client: httpx.Client, path: str, **query: str) -> NDArray[Any]:
    """Of a PNG, which loses nothing: (rows, columns) or (rows, columns, 3)."""
    answer = client.get(path, params=query, headers={"Accept": "image/png"})
    return np.asarray(picture(answer)).astype(int)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "image/jpeg"),
        ("image/*", "image/jpeg"),
        ("image/png", "image/png"),
        ("image/webp", "image/webp"),
        ("image/jpeg;q=0.5, image/webp", "image/webp"),
        ("text/html, image/png;q=0.1", "image/png"),
    ],
)
def test_media_types(client: httpx.Client, accept: str, expected: str) -> None:
    answer = client.get(f"{of('ramp')}/rendered", headers={"Accept": accept})
    assert answer.headers["Content-Type"] == expected
    assert picture(answer).format == expected.partition("/")[2].upper()
    assert int(answer.headers["Content-Length"]) == len(answer.content)


@pytest.mark.parametrize("name", ["ramp", "inverted"])
def test_shades_are_those_of_the_window_and_the_polarity(client: httpx.Client, name: str) -> None:
    found = shades(client, f"{of(name)}/rendered")
    expected = np.clip((RAMP - 2047.5) / 4095 + 0.5, 0, 1) * 255  # PS3.3, C.11.2.1.2.1
    assert np.abs(found - expected).max() <= 0.5 + 1e-9


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        # PS3.3, C.11.2.1.2.1: (x - 1023.5) / 1023 + 0.5
        ("1024,1024,linear", np.clip((RAMP - 1023.5) / 1023 + 0.5, 0, 1)),
        # C.11.2.1.3.2
        ("1024,1024,linear-exact", np.clip((RAMP - 1024.0) / 1024 + 0.5, 0, 1)),
        # C.11.2.1.3.1
        ("1024,1024,sigmoid", 1 / (1 + np.exp(-4 * (RAMP - 1024.0) / 1024))),
        ("-100.5,1,linear", np.ones(RAMP.shape)),
    ],
)
def test_windows(client: httpx.Client, window: str, expected: NDArray[Any]) -> None:
    found = shades(client, f"{of('ramp')}/rendered", window=window)
    assert np.abs(found - expected * 255).max() <= 0.5 + 1e-9


@pytest.mark.parametrize(
    ("name", "viewport", "size"),  # size: columns, rows
    [
        ("ramp", None, (64, 40)),
        ("ramp", "32,32", (32, 20)),
        ("ramp", "128,128", (128, 80)),
        ("ramp", "64,10", (16, 10)),
        ("ramp", "32,20,0,0,32,20", (32, 20)),
        ("ramp", "32,20,32,20", (32, 20)),
        ("ramp", "32,20,,,16,", (8, 20)),
        ("tall", None, (64, 80)),  # a pixel is twice as high as it is wide
        ("tall", "40,40", (32, 40)),
    ],
)
def test_sizes(client: httpx.Client, name: str, viewport: str | None, size: tuple[int, int]) -> None:
    query = {"viewport": viewport} if viewport else {}
    assert picture(client.get(f"{of(name)}/rendered", params=query)).size == size


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("16,8,8,4", RAMP[8:12, 16:24]),
        ("16,8,-8,4", RAMP[8:12, 16:24][:, ::-1]),
        ("16,8,8,-4", RAMP[8:12, 16:24][::-1]),
        ("60,0,100,4", RAMP[:4, 60:]),  # to the end of the frame
    ],
)
def test_parts(client: httpx.Client, part: str, expected: NDArray[Any]) -> None:
    rows, columns = expected.shape
    found = shades(client, f"{of('ramp')}/rendered", viewport=f"{columns},{rows},{part}")
    assert np.abs(found - expected / 4095 * 255).max() <= 1


def test_quality() -> None:
    noise = dicom(np.random.default_rng(0).integers(0, 4096, (64, 64)).astype(np.uint16), **WINDOW)
    with archive(noise) as client:
        low, high = (len(client.get(f"{place()}/rendered", params={"quality": q}).content) for q in (10, 95))
        assert low < high / 2


@pytest.mark.parametrize(
    "query",
    [
        *("window=1024", "window=1024,0,linear", "window=1024,1024,cubic", "window=a,b,linear", "window=nan,1,linear"),
        *("window=1,2,3,linear", "viewport=0,10", "viewport=10", "viewport=10,10,1", "viewport=a,b", "viewport=9999,1"),
        *("viewport=10,10,-1,0,5,5", "viewport=10,10,0,0,0,5", "viewport=10,10,x,0,5,5", "viewport=10,10,1,2,3,4,5"),
        *("viewport=10,10,500,0,5,5", "quality=0", "quality=101", "quality=x"),
        *("annotation=patient", "presentationUID=1.2", "iccprofile=srgb"),
    ],
)
def test_what_is_not_asked_well_is_400(client: httpx.Client, query: str) -> None:
    answer = client.get(f"{of('ramp')}/rendered?{query}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


def test_colour(client: httpx.Client) -> None:
    np.testing.assert_array_equal(shades(client, f"{of('colour')}/rendered"), COLOUR)


@pytest.mark.parametrize(("frame", "shown"), [("/frames/1", RAMP), ("/frames/3", RAMP // 4), ("", RAMP // 2)])
def test_frames_and_the_one_that_stands_for_all(client: httpx.Client, frame: str, shown: NDArray[Any]) -> None:
    found = shades(client, f"{of('frames')}{frame}/rendered")
    assert np.abs(found - shown / 4095 * 255).max() <= 1


def test_every_codestream() -> None:
    compressed = {syntax: frames for syntax, frames in SYNTAXES.items() if frames}
    files = [
        dicom(PIXELS, transfer_syntax=syntax, frames=frames, SOPInstanceUID=f"2.25.{number}", **WINDOW)
        for number, (syntax, frames) in enumerate(compressed.items())
    ]
    with archive(*files) as client:
        for number, syntax in enumerate(compressed):
            found = shades(client, f"{place(instance=f'2.25.{number}')}/rendered")
            assert np.abs(found - PIXELS / 4095 * 255).max() <= 0.6, syntax


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{place(study='2.25.5', instance='2.25.10')}/rendered", 404),
        (f"{place(study='2.25.5', instance='2.25.10')}/thumbnail", 404),
        ("studies/2.25.404/rendered", 404),
        (f"{place(study='2.25.4', instance='2.25.9')}/frames/4/rendered", 404),
        (f"{place(study='2.25.4', instance='2.25.9')}/frames/1,2/rendered", 400),
        (f"{place(study='2.25.4', instance='2.25.9')}/frames/0/thumbnail", 404),
    ],
)
def test_of_what_is_not_there_is_no_picture(client: httpx.Client, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_what_does_not_decode_is_said_to() -> None:
    broken = (SYNTAXES[uid.JPEGLSLossless] or [b""])[0][:300]
    with archive(dicom(PIXELS, transfer_syntax=uid.JPEGLSLossless, frames=[broken])) as client:
        answer = client.get(f"{place()}/rendered")
        assert (answer.status_code, answer.json()["type"]) == (406, "urn:hilum:problem:not-acceptable")


@pytest.mark.parametrize(("path", "count"), [(f"studies/{STUDY}", 3), (f"studies/{STUDY}/series/{SERIES}", 3)])
def test_of_a_study_there_are_several(client: httpx.Client, path: str, count: int) -> None:
    answer = client.get(f"{path}/rendered", headers={"Accept": 'multipart/related; type="image/png"'})
    found = parts(answer)
    assert [headers["content-type"] for headers, _ in found] == ["image/png"] * count
    assert client.get(f"{path}/rendered", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    "path", [f"studies/{STUDY}", f"studies/{STUDY}/series/{SERIES}", of("ramp"), f"{of('ramp')}/frames/1"]
)
def test_thumbnails(client: httpx.Client, path: str) -> None:
    assert picture(client.get(f"{path}/thumbnail")).size == (256, 160)
    assert picture(client.get(f"{path}/thumbnail", params={"viewport": "32,32"})).size == (32, 20)


def test_a_client_that_has_it_is_told_so(client: httpx.Client) -> None:
    path = f"{of('ramp')}/rendered"
    tag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(path, params={"window": "1,2,linear"}, headers={"If-None-Match": tag}).status_code == 200


def test_a_real_client(client: httpx.Client) -> None:
    real = DICOMwebClient(str(client.base_url).rstrip("/"))
    data = real.retrieve_instance_rendered(
        STUDY, SERIES, "2.25.5", media_types=("image/png",), params={"viewport": "32,32"}
    )
    assert Image.open(BytesIO(data)).size == (32, 20)


def test_a_thumbnail_has_no_window() -> None:
    assert thumbnail({"window": "1,2,linear"}, "image/png").window is None
    with pytest.raises(Problem):
        rendering({"window": "1,2"}, "image/png")
