"""WADO-RS frames and bulk data: the pixels as they were stored, or as an encoder that is not ours was given them."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import cv2
import httpx
import imagecodecs
import numpy as np
import pytest
from dicomweb_client.api import DICOMwebClient
from numpy.typing import NDArray
from PIL import Image
from pydicom import dcmread, uid
from pydicom.dataset import Dataset

from tests.radiographs import SECONDARY_CAPTURE, chest, dicom
from tests.serving.dicomweb.archive import SERIES, STUDY, archive, parts, place
from tests.serving.dicomweb.syntaxes import PIXELS, SYNTAXES

NATIVE = uid.ExplicitVRLittleEndian
OCTETS = 'multipart/related; type="application/octet-stream"'
MEDIA_TYPES = {
    uid.RLELossless: "image/dicom-rle",
    uid.JPEGLossless: "image/jpeg",
    uid.JPEGLosslessSV1: "image/jpeg",
    uid.JPEGLSLossless: "image/jls",
    uid.JPEG2000Lossless: "image/jp2",
    uid.HTJ2KLossless: "image/jphc",
}
MANY = np.stack([PIXELS, PIXELS // 2, 4095 - PIXELS])
EIGHT = np.rint(chest(40, 32) * 255).astype(np.uint8)
#: RGB whose channels differ, smooth so that JPEG keeps it.
COLOUR = np.stack([np.outer(np.linspace(a, b, 32), np.ones(48)) for a, b in ((10, 250), (200, 40), (90, 130))], axis=-1)
COLOUR = np.rint(COLOUR).astype(np.uint8)


def _jpeg(rgb: NDArray[np.uint8]) -> bytes:
    out = BytesIO()
    Image.fromarray(rgb).save(out, "JPEG", quality=95)
    return out.getvalue()


def _signed(bits: int) -> NDArray[np.int16]:
    return (PIXELS.astype(np.int32) - (1 << (bits - 1))).astype(np.int16)


OTHERS: dict[str, tuple[bytes, NDArray[Any]]] = {
    "many, native": (dicom(MANY), MANY),
    "many, big endian": (dicom(MANY, transfer_syntax=uid.ExplicitVRBigEndian), MANY),
    "many, JPEG-LS": (
        dicom(MANY, transfer_syntax=uid.JPEGLSLossless, frames=[imagecodecs.jpegls_encode(each) for each in MANY]),
        MANY,
    ),
    "many, in fragments": (
        dicom(
            MANY,
            transfer_syntax=uid.JPEGLSLossless,
            frames=[imagecodecs.jpegls_encode(each) for each in MANY],
            fragments_per_frame=3,
        ),
        MANY,
    ),
    "signed": (dicom(_signed(12), BitsStored=12, HighBit=11), _signed(12)),
    # The codestream has no sign: 12 bits in two's complement.
    "signed, JPEG-LS": (
        dicom(
            _signed(12),
            BitsStored=12,
            HighBit=11,
            transfer_syntax=uid.JPEGLSLossless,
            frames=[imagecodecs.jpegls_encode((_signed(12) & 0xFFF).astype(np.uint16))],
        ),
        _signed(12),
    ),
    "eight bits": (dicom(EIGHT), EIGHT),
    "colour": (dicom(COLOUR, SOPClassUID=SECONDARY_CAPTURE), COLOUR),
}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    syntaxes = [
        dicom(
            PIXELS, transfer_syntax=syntax, frames=frames, BitsStored=12, HighBit=11, SOPInstanceUID=f"2.25.{100 + n}"
        )
        for n, (syntax, frames) in enumerate(SYNTAXES.items())
    ]
    others = [
        data.replace(b"UI\x06\x002.25.1", f"UI\x06\x002.25.{n}".encode()).replace(
            b"UI\x00\x062.25.1", f"UI\x00\x062.25.{n}".encode()
        )
        for n, (data, _) in enumerate(OTHERS.values(), 2)
    ]
    with archive(*syntaxes, *others) as client:
        yield client


def of_syntax(syntax: str) -> str:
    return place(instance=f"2.25.{100 + list(SYNTAXES).index(syntax)}")


def of_other(name: str) -> str:
    return place(instance=f"2.25.{2 + list(OTHERS).index(name)}")


def get(client: httpx.Client, path: str, accept: str = "*/*", **headers: str) -> httpx.Response:
    return client.get(path, headers={"Accept": accept, **headers})


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("accept", ["*/*", OCTETS, f"{OCTETS}; transfer-syntax={NATIVE}"])
def test_native_values_of_every_transfer_syntax(client: httpx.Client, syntax: str, accept: str) -> None:
    answer = get(client, f"{of_syntax(syntax)}/frames/1", accept)
    ((headers, content),) = parts(answer)
    assert headers["content-type"] == f"application/octet-stream; transfer-syntax={NATIVE}"
    assert headers["content-location"] == f"{client.base_url}{of_syntax(syntax)}/frames/1"
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    np.testing.assert_array_equal(np.frombuffer(content, "<u2").reshape(PIXELS.shape), PIXELS)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_any_transfer_syntax_is_the_stored_one(client: httpx.Client, syntax: str) -> None:
    answer = get(client, f"{of_syntax(syntax)}/frames/1", f"{OCTETS}; transfer-syntax=*")
    ((headers, content),) = parts(answer)
    codestreams = SYNTAXES[syntax]
    if codestreams is None:
        assert headers["content-type"] == f"application/octet-stream; transfer-syntax={NATIVE}"
        assert content == PIXELS.tobytes()
    else:
        assert headers["content-type"] == f"application/octet-stream; transfer-syntax={syntax}"
        assert content.rstrip(b"\0") == codestreams[0].rstrip(b"\0")


@pytest.mark.parametrize(("syntax", "media_type"), MEDIA_TYPES.items())
@pytest.mark.parametrize("named", [True, False])
def test_the_media_type_of_the_codestream(client: httpx.Client, *, syntax: str, media_type: str, named: bool) -> None:
    accept = f'multipart/related; type="{media_type}"' + (f"; transfer-syntax={syntax}" if named else "")
    answer = get(client, f"{of_syntax(syntax)}/frames/1", accept)
    assert f'type="{media_type}"' in answer.headers["Content-Type"]
    ((headers, content),) = parts(answer)
    assert headers["content-type"] == f"{media_type}; transfer-syntax={syntax}"
    codestreams = SYNTAXES[syntax]
    assert codestreams
    assert content.rstrip(b"\0") == codestreams[0].rstrip(b"\0")
    alone = get(client, f"{of_syntax(syntax)}/frames/1", media_type)
    assert (alone.headers["Content-Type"], alone.content) == (headers["content-type"], content)


@pytest.mark.parametrize("name", OTHERS)
def test_other_pixels(client: httpx.Client, name: str) -> None:
    expected = OTHERS[name][1]
    frames = expected if name.startswith("many") else expected[np.newaxis]
    for number, frame in enumerate(frames, 1):
        answer = get(client, f"{of_other(name)}/frames/{number}", "application/octet-stream")
        assert answer.headers["Content-Type"] == f"application/octet-stream; transfer-syntax={NATIVE}"
        np.testing.assert_array_equal(np.frombuffer(answer.content, frame.dtype).reshape(frame.shape), frame)


@pytest.mark.parametrize("name", [name for name in OTHERS if name.startswith("many")])
@pytest.mark.parametrize("numbers", ["1,2,3", "3,1", "2,2"])
def test_several_frames_in_the_order_asked(client: httpx.Client, name: str, numbers: str) -> None:
    found = [content for _, content in parts(get(client, f"{of_other(name)}/frames/{numbers}"))]
    assert found == [MANY[int(number) - 1].tobytes() for number in numbers.split(",")]


@pytest.mark.parametrize(
    ("frames", "status"),
    [("4", 404), ("0", 404), ("1,4", 404), ("1,", 400), ("one", 400), ("-1", 400), ("1;2", 400), ("9" * 30, 400)],
)
def test_frames_that_are_not_there(client: httpx.Client, frames: str, status: int) -> None:
    answer = get(client, f"{of_other('many, native')}/frames/{frames}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("frames/1", "image/png"),
        ("frames/1", 'multipart/related; type="image/jls"'),
        ("frames/1,2", "application/octet-stream"),  # two frames are two parts
    ],
)
def test_what_cannot_be_had_is_406_with_what_can(client: httpx.Client, path: str, accept: str) -> None:
    answer = get(client, f"{of_other('many, native')}/{path}", accept)
    assert answer.status_code == 406
    assert f"{OCTETS}; transfer-syntax={NATIVE}" in answer.json()["acceptable"]


def test_colour_that_is_compressed_becomes_rgb() -> None:
    jpeg = _jpeg(COLOUR)
    data = dicom(
        COLOUR,
        transfer_syntax=uid.JPEGBaseline8Bit,
        frames=[jpeg],
        PhotometricInterpretation="YBR_FULL_422",
        SOPClassUID=SECONDARY_CAPTURE,
    )
    independent = np.asarray(Image.open(BytesIO(jpeg)))
    with archive(data) as client:
        content = get(client, f"{place()}/frames/1", "application/octet-stream").content
        rgb = np.frombuffer(content, np.uint8).reshape(COLOUR.shape)
        assert np.abs(rgb.astype(int) - independent).max() <= 2  # two decoders round colours otherwise
        came = dcmread(BytesIO(get(client, place(), "application/dicom").content))
        assert (came.PhotometricInterpretation, came.PlanarConfiguration) == ("RGB", 0)
        assert came.PixelData == content


@pytest.mark.parametrize("what", ["frames/1", "bulkdata/7FE00010"])
def test_without_pixels_there_are_no_frames(what: str) -> None:
    with archive(dicom(PixelData=None)) as client:
        assert get(client, f"{place()}/{what}").status_code == 404


def test_pixel_data_that_end_early_are_said_to() -> None:
    with archive(dicom(MANY)[:-5000]) as client:
        assert get(client, f"{place()}/frames/1", "application/octet-stream").content == MANY[0].tobytes()
        answer = get(client, f"{place()}/frames/3")
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:hilum:problem:not-readable")


def test_a_codestream_that_does_not_decode_can_be_had_as_it_is() -> None:
    whole = imagecodecs.jpegls_encode(PIXELS)
    with archive(dicom(PIXELS, transfer_syntax=uid.JPEGLSLossless, frames=[whole[:300]])) as client:
        answer = get(client, f"{place()}/frames/1")
        assert answer.status_code == 406
        ((_, content),) = parts(get(client, f"{place()}/frames/1", answer.json()["acceptable"][0]))
        assert content == whole[:300]


def test_a_client_that_has_it_is_told_so(client: httpx.Client) -> None:
    path = f"{of_syntax(NATIVE)}/frames/1"
    tag = get(client, path).headers["ETag"]
    assert get(client, path, **{"If-None-Match": tag}).status_code == 304
    assert get(client, path, "application/octet-stream", **{"If-None-Match": tag}).status_code == 200


def test_a_real_client(client: httpx.Client) -> None:
    real = DICOMwebClient(str(client.base_url).rstrip("/"))
    (frame,) = real.retrieve_instance_frames(STUDY, SERIES, of_syntax(NATIVE).rpartition("/")[2], [1])
    assert frame == PIXELS.tobytes()
    for syntax, media_type in MEDIA_TYPES.items():
        instance = of_syntax(syntax).rpartition("/")[2]
        accepted = ((media_type, syntax),)
        if media_type in {"image/jphc", "image/dicom-rle"}:  # the client does not know the one, forbids the other
            continue
        (frame,) = real.retrieve_instance_frames(STUDY, SERIES, instance, [1], media_types=accepted)
        assert frame.rstrip(b"\0") == (SYNTAXES[syntax] or [b""])[0].rstrip(b"\0")


# --- bulk data ---

TABLE = np.arange(2000, dtype="<u2").tobytes()


def with_table(syntax: str, number: int) -> bytes:
    table = Dataset()
    words = TABLE if syntax != uid.ExplicitVRBigEndian else np.frombuffer(TABLE, "<u2").astype(">u2").tobytes()
    table.LUTDescriptor, table.LUTExplanation = [2000, 0, 16], "x"
    table.add_new(0x00283006, "OW", words)
    return dicom(
        PIXELS,
        transfer_syntax=syntax,
        frames=SYNTAXES[syntax],
        VOILUTSequence=[table],
        SOPInstanceUID=f"2.25.{number}",
    )


@pytest.fixture(scope="module")
def tables() -> Iterator[httpx.Client]:
    """An instance in each transfer syntax, 2.25.0 and so on."""
    with archive(*(with_table(syntax, number) for number, syntax in enumerate(SYNTAXES))) as client:
        yield client


@pytest.mark.parametrize("number", range(len(SYNTAXES)), ids=list(SYNTAXES))
def test_every_uri_of_the_metadata_leads_to_its_bytes(tables: httpx.Client, number: int) -> None:
    (found,) = tables.get(f"{place(instance=f'2.25.{number}')}/metadata").json()
    table = found["00283010"]["Value"][0]["00283006"]["BulkDataURI"]
    assert get(tables, table, "application/octet-stream").content == TABLE
    ((headers, content),) = parts(get(tables, table))
    assert (headers["content-location"], content) == (table, TABLE)
    pixels = found["7FE00010"]["BulkDataURI"]
    assert get(tables, pixels, "application/octet-stream").content == PIXELS.tobytes()
    real = DICOMwebClient(str(tables.base_url).rstrip("/"))
    assert real.retrieve_bulkdata(pixels) == [PIXELS.tobytes()]


def test_bulk_data_of_many_frames(client: httpx.Client) -> None:
    for name in ("many, native", "many, big endian", "many, JPEG-LS"):
        answer = get(client, f"{of_other(name)}/bulkdata/7FE00010", "application/octet-stream")
        assert answer.content == MANY.tobytes(), name
    stored = get(client, f"{of_other('many, JPEG-LS')}/bulkdata/7FE00010", 'multipart/related; type="image/jls"')
    decoded = [imagecodecs.jpegls_decode(content) for _, content in parts(stored)]
    np.testing.assert_array_equal(decoded, MANY)


@pytest.mark.parametrize(
    "path",
    ["00283010", "00283010/2/00283006", "00283010/1/00280010", "00280010/1/00280010", "7fe00010", "x", "00189999"],
)
def test_bulk_data_that_are_not_there(tables: httpx.Client, path: str) -> None:
    assert get(tables, f"{place(instance='2.25.0')}/bulkdata/{path}").status_code == 404


def test_lossy_jpeg_decodes_as_others_decode_it() -> None:
    jpeg = cv2.imencode(".jpg", EIGHT, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()
    with archive(dicom(EIGHT, transfer_syntax=uid.JPEGBaseline8Bit, frames=[jpeg])) as client:
        content = get(client, f"{place()}/frames/1", "application/octet-stream").content
        found = np.frombuffer(content, np.uint8).reshape(EIGHT.shape).astype(int)
        assert np.abs(found - np.asarray(Image.open(BytesIO(jpeg)))).max() <= 1
