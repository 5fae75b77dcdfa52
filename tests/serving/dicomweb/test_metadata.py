"""WADO-RS metadata: the header as DICOM JSON, no pixels in it, and every BulkDataURI resolves."""

import base64
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pydicom import uid
from pydicom.dataset import Dataset

from tests.radiographs import dicom
from tests.serving.dicomweb.archive import SERIES, STUDY, archive, place
from tests.serving.dicomweb.syntaxes import PIXELS, SYNTAXES

#: 2000 entries of 16 bits: more than stands in a document.
TABLE = bytes(range(256)) * 15 + bytes(160)
ENCODINGS = [
    uid.ExplicitVRLittleEndian,
    uid.ImplicitVRLittleEndian,
    uid.ExplicitVRBigEndian,
    uid.DeflatedExplicitVRLittleEndian,
    uid.JPEGLSLossless,
]


def header(syntax: str, number: int) -> bytes:
    """What is hard: names, empty values, several values, sequences in sequences, binary values, small and large."""
    table, code = Dataset(), Dataset()
    table.LUTDescriptor, table.LUTData = [2000, 0, 16], swapped(TABLE, syntax)
    table.add_new(0x00283006, "OW", swapped(TABLE, syntax))
    code.CodeValue, code.CodeMeaning = "T-1", "Phổi"
    table.PurposeOfReferenceCodeSequence = [code]
    return dicom(
        PIXELS,
        transfer_syntax=syntax,
        frames=SYNTAXES[syntax],
        SOPInstanceUID=f"2.25.{number}",
        PatientName="Nguyễn^Thị Ánh=阮^氏映",
        AccessionNumber="",
        ImageType=["ORIGINAL", "", "AXIAL"],
        PixelAspectRatio=["1", "1"],
        VOILUTSequence=[table],
        ReferencedStudySequence=[],
        SmallestImagePixelValue=7,
        FrameIncrementPointer=0x00181063,
        EncapsulatedDocument=b"small!",
    )


def swapped(words: bytes, syntax: str) -> bytes:
    if syntax != uid.ExplicitVRBigEndian:
        return words
    return bytes(words[at ^ 1] for at in range(len(words)))


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with archive(*(header(syntax, number) for number, syntax in enumerate(ENCODINGS, 1))) as client:
        yield client


def document(client: httpx.Client, number: int) -> dict[str, Any]:
    answer = client.get(f"{place(instance=f'2.25.{number}')}/metadata")
    assert answer.headers["Content-Type"] == "application/dicom+json"
    (one,) = answer.json()
    return dict(one)


@pytest.mark.parametrize("number", range(1, len(ENCODINGS) + 1))
@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("00080005", {"vr": "CS", "Value": ["ISO_IR 192"]}),
        ("00100010", {"vr": "PN", "Value": [{"Alphabetic": "Nguyễn^Thị Ánh", "Ideographic": "阮^氏映"}]}),
        ("00080050", {"vr": "SH"}),  # empty
        ("00080008", {"vr": "CS", "Value": ["ORIGINAL", None, "AXIAL"]}),
        ("00280034", {"vr": "IS", "Value": [1, 1]}),
        ("00081110", {"vr": "SQ"}),
        ("00280106", {"vr": "US", "Value": [7]}),  # US or SS, by Pixel Representation
        ("00280009", {"vr": "AT", "Value": ["00181063"]}),
        ("00420011", {"vr": "OB", "InlineBinary": base64.b64encode(b"small!").decode()}),
        ("7FE00010", {"vr": None, "BulkDataURI": "{base}/bulkdata/7FE00010"}),
    ],
)
def test_each_kind_of_value(client: httpx.Client, number: int, tag: str, expected: dict[str, Any]) -> None:
    found = document(client, number).get(tag)
    expected = dict(expected)
    if "BulkDataURI" in expected:
        base = f"{client.base_url}{place(instance=f'2.25.{number}')}"
        expected |= {"vr": found and found["vr"], "BulkDataURI": expected["BulkDataURI"].format(base=base)}
    assert found == expected


@pytest.mark.parametrize("number", range(1, len(ENCODINGS) + 1))
def test_sequences_go_all_the_way_down(client: httpx.Client, number: int) -> None:
    (item,) = document(client, number)["00283010"]["Value"]
    assert item["00283002"] == {"vr": "US", "Value": [2000, 0, 16]}
    assert item["0040A170"]["Value"][0]["00080104"] == {"vr": "LO", "Value": ["Phổi"]}
    assert item["00283006"]["BulkDataURI"].endswith(f"2.25.{number}/bulkdata/00283010/1/00283006")


@pytest.mark.parametrize(
    ("path", "count"),
    [(f"studies/{STUDY}", 5), (f"studies/{STUDY}/series/{SERIES}", 5), (place(instance="2.25.1"), 1)],
)
def test_levels(client: httpx.Client, path: str, count: int) -> None:
    answer = client.get(f"{path}/metadata")
    uids = [one["00080018"]["Value"][0] for one in answer.json()]
    assert uids == [f"2.25.{number}" for number in range(1, count + 1)]
    tag = answer.headers["ETag"]
    assert client.get(f"{path}/metadata", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("accept", "status"),
    [("application/dicom+json", 200), ("application/json", 200), ("*/*", 200), ("application/dicom+xml", 406)],
)
def test_accept(client: httpx.Client, accept: str, status: int) -> None:
    assert client.get(f"{place(instance='2.25.1')}/metadata", headers={"Accept": accept}).status_code == status


def test_a_value_that_is_none_does_not_take_the_others_with_it() -> None:
    data = dicom(PatientName="A^B", InstanceNumber="1234", SmallestImagePixelValue=7)
    three_bytes = b"\x28\0\x06\x01US\x03\0\x07\0\0"
    data = data.replace(b"1234", b"12.x").replace(b"\x28\0\x06\x01US\x02\0\x07\0", three_bytes)
    with archive(data) as client:
        (found,) = client.get(f"{place()}/metadata").json()
        assert found["00100010"] == {"vr": "PN", "Value": [{"Alphabetic": "A^B"}]}
        assert found["00200013"] == {"vr": "IS", "Value": ["12.x"]}  # PS3.18, F.2.3: a string where it is no number
        assert found["00280106"] == {"vr": "OB", "InlineBinary": base64.b64encode(b"\x07\0\0").decode()}


def test_a_file_that_names_no_study_has_the_uids_that_it_was_given() -> None:
    with archive(dicom(StudyInstanceUID=None, SeriesInstanceUID=None)) as client:
        stored = client.get(client.base_url.join("/api/studies")).json()["studies"][0]
        study = stored["study_instance_uid"]
        (found,) = client.get(f"studies/{study}/metadata").json()
        assert found["0020000D"] == {"vr": "UI", "Value": [study]}
