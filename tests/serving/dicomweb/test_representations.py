"""What is sent for what is accepted: PS3.18, 8.7, as a table."""

import pytest
from starlette.requests import Request

from serving.dicomweb.accept import accepted
from serving.dicomweb.representations import Representation, select
from serving.problems import Problem

NATIVE, JPEG_LS, JPEG, LOSSLESS = (
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.70",
)
DICOM, OCTET_STREAM = "application/dicom", "application/octet-stream"
AS_STORED = Representation(DICOM, multipart=True, as_stored=True)
NATIVE_DICOM = Representation(DICOM, NATIVE, multipart=True)
LS_DICOM = Representation(DICOM, JPEG_LS, multipart=True)
ONE_STORED, ONE_NATIVE = Representation(DICOM, as_stored=True), Representation(DICOM, NATIVE)
FILES = [AS_STORED, NATIVE_DICOM, LS_DICOM, ONE_STORED, ONE_NATIVE]

LS = Representation("image/jls", JPEG_LS, multipart=True)
LS_OCTETS = Representation(OCTET_STREAM, JPEG_LS, multipart=True)
OCTETS = Representation(OCTET_STREAM, NATIVE, multipart=True)
ONE_LS, ONE_OCTETS = Representation("image/jls", JPEG_LS), Representation(OCTET_STREAM, NATIVE)
FRAMES = [LS_OCTETS, OCTETS, LS, ONE_OCTETS, ONE_LS]


def ranges(accept: str, query: str = ""):
    headers = [(b"accept", accept.encode())] if accept else []
    return accepted(Request({"type": "http", "headers": headers, "query_string": query.encode()}))


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        # Instances. Nothing, or everything, is the default: several parts, Explicit VR Little Endian.
        ("", NATIVE_DICOM),
        ("*/*", NATIVE_DICOM),
        ("multipart/*", NATIVE_DICOM),
        ("multipart/related", NATIVE_DICOM),
        ('multipart/related; type="application/dicom"', NATIVE_DICOM),
        ("multipart/related; type=application/dicom", NATIVE_DICOM),
        ('Multipart/Related; Type="Application/DICOM"', NATIVE_DICOM),
        (f'multipart/related; type="application/dicom"; transfer-syntax={NATIVE}', NATIVE_DICOM),
        # As it is stored, or in a syntax that is named.
        ('multipart/related; type="application/dicom"; transfer-syntax=*', AS_STORED),
        (f'multipart/related; type="application/dicom"; transfer-syntax={JPEG_LS}', LS_DICOM),
        (f'multipart/related; type="application/dicom"; transfer-syntax="{JPEG_LS}"; boundary=**', LS_DICOM),
        # One part, by name.
        ("application/dicom", ONE_NATIVE),
        ("application/*", ONE_NATIVE),
        ("application/dicom; transfer-syntax=*", ONE_STORED),
        # Quality decides before our order, and the most specific range before a wider one.
        ("application/dicom;q=0.9, */*;q=0.1", ONE_NATIVE),
        ("application/dicom, multipart/related;q=0.5", ONE_NATIVE),
        ('application/dicom;q=0.2, multipart/related; type="application/dicom";q=0.3', NATIVE_DICOM),
        (f"application/dicom; transfer-syntax={NATIVE}, application/dicom; transfer-syntax=*;q=0.5", ONE_NATIVE),
        ("application/dicom;q=0, */*", NATIVE_DICOM),
    ],
)
def test_instances(accept: str, expected: Representation) -> None:
    assert select(ranges(accept), FILES) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        # Frames. The default is native octets, also where the stored ones are compressed.
        ("", OCTETS),
        ("*/*", OCTETS),
        ('multipart/related; type="application/octet-stream"', OCTETS),
        ('multipart/related; type="application/octet-stream"; transfer-syntax=*', LS_OCTETS),
        ("application/octet-stream", ONE_OCTETS),
        ('multipart/related; type="image/jls"', LS),
        (f'multipart/related; type="image/jls"; transfer-syntax={JPEG_LS}', LS),
        ("image/jls", ONE_LS),
        ("image/*", ONE_LS),
        ('multipart/related; type="image/*"', LS),
        ('multipart/related; type="image/jls"; q=0.8, multipart/related; type="application/octet-stream"', OCTETS),
        ('multipart/related; type="image/jp2", multipart/related; type="image/jls"; q=0.1', LS),
    ],
)
def test_frames(accept: str, expected: Representation) -> None:
    assert select(ranges(accept), FRAMES) == expected


def test_the_query_parameter_wins() -> None:
    assert select(ranges("application/dicom", "accept=image/jls"), FRAMES) == ONE_LS


@pytest.mark.parametrize(
    ("accept", "offers"),
    [
        ("text/html", FILES),
        ("image/jpeg", FRAMES),
        (f'multipart/related; type="application/dicom"; transfer-syntax={LOSSLESS}', FILES),
        (f'multipart/related; type="image/jls"; transfer-syntax={JPEG}', FRAMES),
        ("*/*;q=0", FILES),
        ('multipart/related; type="application/octet-stream";q=0, image/png', FRAMES),
    ],
)
def test_nothing_fits_and_it_is_said_what_would(accept: str, offers: list[Representation]) -> None:
    with pytest.raises(Problem) as raised:
        select(ranges(accept), offers)
    assert raised.value.status == 406
    assert raised.value.members["acceptable"] == [offer.words() for offer in offers]
    # What it says does fit.
    for words in raised.value.members["acceptable"]:
        assert select(ranges(words), offers).words() == words
