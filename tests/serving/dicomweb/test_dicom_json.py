"""Data sets as the DICOM JSON Model has them (PS3.18, annex F)."""

from typing import Any

import pytest
from pydicom.dataset import Dataset

from serving.dicomweb.dicom_json import dicom_json

LARGE = bytes(2000)


@pytest.mark.parametrize(
    ("keyword", "value", "expected"),
    [
        ("PatientName", "Nguyễn^Đức", {"vr": "PN", "Value": [{"Alphabetic": "Nguyễn^Đức"}]}),
        (
            "PatientName",
            "Yamada^Tarou=山田^太郎=やまだ^たろう",
            {
                "vr": "PN",
                "Value": [{"Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎", "Phonetic": "やまだ^たろう"}],
            },
        ),
        ("PatientName", "=山田^太郎", {"vr": "PN", "Value": [{"Ideographic": "山田^太郎"}]}),
        ("OtherPatientNames", ["A^B", "C^D"], {"vr": "PN", "Value": [{"Alphabetic": "A^B"}, {"Alphabetic": "C^D"}]}),
        ("PatientName", "", {"vr": "PN"}),
        ("AccessionNumber", None, {"vr": "SH"}),
        ("ImageType", ["ORIGINAL", "", "X"], {"vr": "CS", "Value": ["ORIGINAL", None, "X"]}),  # F.2.5
        ("ReferencedStudySequence", [], {"vr": "SQ"}),
        ("InstanceNumber", "7", {"vr": "IS", "Value": [7]}),
        ("PixelSpacing", ["0.139", "0.139"], {"vr": "DS", "Value": [0.139, 0.139]}),
        ("Rows", 3000, {"vr": "US", "Value": [3000]}),
        ("ExposureTimeInms", float("nan"), {"vr": "FD", "Value": ["NaN"]}),
        ("FrameIncrementPointer", 0x00181063, {"vr": "AT", "Value": ["00181063"]}),
        ("EncapsulatedDocument", b"abc", {"vr": "OB", "InlineBinary": "YWJj"}),
        ("EncapsulatedDocument", b"", {"vr": "OB"}),
        ("EncapsulatedDocument", LARGE, {"vr": "OB", "BulkDataURI": "/bulk/00420011"}),
    ],
)
def test_an_element_is_written_as_the_annex_says(keyword: str, value: Any, expected: dict[str, Any]) -> None:
    dataset = Dataset()
    setattr(dataset, keyword, value)
    (found,) = dicom_json(dataset, "/bulk/{}".format).values()
    assert found == expected


def test_a_sequence_holds_data_sets_and_says_where_its_bulk_data_lie() -> None:
    inner = Dataset()
    inner.EncapsulatedDocument = LARGE
    outer = Dataset()
    outer.SpecificCharacterSet = "ISO_IR 100"
    outer.ReferencedStudySequence = [Dataset(), inner]
    assert dicom_json(outer, "/bulk/{}".format) == {
        "00080005": {"vr": "CS", "Value": ["ISO_IR 192"]},
        "00081110": {
            "vr": "SQ",
            "Value": [{}, {"00420011": {"vr": "OB", "BulkDataURI": "/bulk/00081110/2/00420011"}}],
        },
    }


def test_pixel_data_are_bulk_data_or_nothing() -> None:
    dataset = Dataset()
    dataset.BitsAllocated = 8
    dataset.PixelData = b"ab"
    assert dicom_json(dataset, "/bulk/{}".format)["7FE00010"] == {"vr": "OB", "BulkDataURI": "/bulk/7FE00010"}
    assert "7FE00010" not in dicom_json(dataset)
