"""Which files are admitted as chest radiographs by what they say of themselves."""

from typing import Any

import numpy as np
import pytest
from pydicom import uid

from model.errors import NotReadable, RefusalCode
from model.radiograph import Radiograph
from tests.radiographs import CR, DX_FOR_PROCESSING, SECONDARY_CAPTURE, dicom

SMALL = np.arange(48, dtype=np.uint16).reshape(6, 8)


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"SOPClassUID": CR, "Modality": "CR"},
        {"SOPClassUID": DX_FOR_PROCESSING},
        {"SOPClassUID": SECONDARY_CAPTURE, "Modality": "OT"},
        {"SOPClassUID": SECONDARY_CAPTURE, "Modality": "SC"},
        {"SOPClassUID": SECONDARY_CAPTURE, "Modality": "RG"},
        {"SOPClassUID": SECONDARY_CAPTURE, "Modality": "DX", "BodyPartExamined": None},
        {"SOPClassUID": SECONDARY_CAPTURE, "Modality": None},
        {"BodyPartExamined": None},
        {"BodyPartExamined": "THORAX"},
        {"BodyPartExamined": "LUNG"},
        {"BodyPartExamined": "NGUC"},
        {"BodyPartExamined": "CHEST PORTABLE"},
        {"ViewPosition": "LATERAL"},  # decoded; whether a lateral is read, the reader decides
        {"PatientAge": "003Y"},  # and a child
    ],
    ids=str,
)
def test_admitted(attributes: dict[str, Any]) -> None:
    assert Radiograph.from_dicom(dicom(SMALL, **attributes)).pixels.shape == (6, 8)


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"SOPClassUID": uid.CTImageStorage, "Modality": "CT"}, RefusalCode.NOT_RADIOGRAPH),
        ({"SOPClassUID": uid.DigitalMammographyXRayImageStorageForPresentation}, RefusalCode.NOT_RADIOGRAPH),
        ({"SOPClassUID": uid.DigitalIntraOralXRayImageStorageForPresentation}, RefusalCode.NOT_RADIOGRAPH),
        ({"SOPClassUID": uid.XRayAngiographicImageStorage}, RefusalCode.NOT_RADIOGRAPH),
        ({"SOPClassUID": uid.ComprehensiveSRStorage}, RefusalCode.NOT_RADIOGRAPH),
        ({"SOPClassUID": None}, RefusalCode.NOT_RADIOGRAPH),
        ({"SOPClassUID": SECONDARY_CAPTURE, "Modality": "US"}, RefusalCode.NOT_RADIOGRAPH),
        ({"SOPClassUID": SECONDARY_CAPTURE, "Modality": "CT"}, RefusalCode.NOT_RADIOGRAPH),
        ({"SOPClassUID": SECONDARY_CAPTURE, "Modality": "OT", "BodyPartExamined": None}, RefusalCode.NOT_RADIOGRAPH),
        ({"SOPClassUID": SECONDARY_CAPTURE, "Modality": None, "BodyPartExamined": "X"}, RefusalCode.NOT_RADIOGRAPH),
        ({"SOPClassUID": CR, "Modality": "MG"}, RefusalCode.NOT_RADIOGRAPH),
        ({"Modality": "PX"}, RefusalCode.NOT_RADIOGRAPH),
        ({"BodyPartExamined": "HAND"}, RefusalCode.NOT_CHEST),
        ({"BodyPartExamined": "L SPINE"}, RefusalCode.NOT_CHEST),
        ({"BodyPartExamined": "Abdomen"}, RefusalCode.NOT_CHEST),
        ({"BodyPartExamined": "SKULL"}, RefusalCode.NOT_CHEST),
    ],
    ids=str,
)
def test_not_admitted(attributes: dict[str, Any], code: RefusalCode) -> None:
    with pytest.raises(NotReadable) as caught:
        Radiograph.from_dicom(dicom(SMALL, **attributes))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("value", "words", "code"),
    [
        (b"1.2.840.10008.5.1.4.1.1.1.1", "unknown UID", RefusalCode.NOT_RADIOGRAPH),
        (b"1.2.840.10008.1.2.1", r"\(0002,0010\) must be a UID", RefusalCode.CORRUPT),
    ],
)
def test_a_uid_that_is_none_is_a_refusal_and_no_warning(value: bytes, words: str, code: RefusalCode) -> None:
    # Warnings are errors in these tests, and an error would have another code
    data = dicom(SMALL).replace(value, b"x" + value[1:])
    with pytest.raises(NotReadable, match=words) as caught:
        Radiograph.from_dicom(data)
    assert caught.value.code == code


def test_the_metadata_are_asked_before_the_pixels() -> None:
    broken = dicom(SMALL, BodyPartExamined="KNEE", PixelData=b"\0\0")
    with pytest.raises(NotReadable) as caught:
        Radiograph.from_dicom(broken)
    assert caught.value.code == RefusalCode.NOT_CHEST


def test_a_radiograph_without_pixel_data() -> None:
    with pytest.raises(NotReadable) as caught:
        Radiograph.from_dicom(dicom(SMALL, PixelData=None))
    assert caught.value.code == RefusalCode.NOT_RADIOGRAPH
