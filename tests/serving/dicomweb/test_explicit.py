"""Implicit VR and big endian made explicit and little: pydicom, which shares no code with it, reads the same."""

from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread, dcmwrite, uid
from pydicom.dataset import Dataset

from serving.dicomweb.transcoding import explicit_file
from tests.radiographs import dicom


def rich(syntax: str) -> Dataset:
    """One value of each kind, private ones, and sequences in sequences."""
    dataset = dcmread(BytesIO(dicom(transfer_syntax=syntax)))
    inner, item = Dataset(), Dataset()
    inner.CodeValue, inner.CodeMeaning, inner.FailureReason = "T-1", "Phổi", 0x0110
    item.ReferencedSOPInstanceUID, item.PurposeOfReferenceCodeSequence = "1.2.3", [inner, Dataset()]
    dataset.ReferencedImageSequence = [item, Dataset()]
    dataset.ReferencedStudySequence = []
    dataset.PatientName, dataset.AccessionNumber = "Nguyễn^Ánh=阮^映", ""
    dataset.add_new("SmallestImagePixelValue", "US", 3)
    dataset.add_new("PixelPaddingValue", "US", 65535)
    dataset.ExposureIndex, dataset.FrameIncrementPointer = "412.5", 0x00181063
    dataset.EventElapsedTimes, dataset.RecommendedDisplayFrameRateInFloat = ["1.5", "2"], 29.97
    dataset.DopplerSampleVolumeXPosition, dataset.ReferencePixelX0 = 70000, -5
    dataset.LongCodeValue = "x" * 70000
    block = dataset.private_block(0x0029, "HILUM TEST", create=True)
    block.add_new(0x01, "LO", "private")
    return dataset


@pytest.mark.parametrize("syntax", [uid.ImplicitVRLittleEndian, uid.ExplicitVRBigEndian, uid.ExplicitVRLittleEndian])
def test_every_value_is_the_same(syntax: str) -> None:
    before = rich(syntax)
    file = BytesIO()
    dcmwrite(file, before, enforce_file_format=True)
    after = dcmread(BytesIO(explicit_file(file.getvalue(), 10**8)))
    assert after.file_meta.TransferSyntaxUID == uid.ExplicitVRLittleEndian
    same(dcmread(BytesIO(file.getvalue())), after)


def same(before: Dataset, after: Dataset) -> None:
    assert [element.tag for element in before] == [element.tag for element in after]
    for one, other in zip(before, after, strict=True):
        if one.VR == "SQ":
            assert len(one.value) == len(other.value)
            for item, its in zip(one.value, other.value, strict=True):
                same(item, its)
        elif one.keyword == "PixelData" and not before.original_encoding[1]:
            np.testing.assert_array_equal(before.pixel_array, after.pixel_array)
        elif "UN" in {one.VR, other.VR}:  # what no dictionary knows: its bytes
            value = one.value if isinstance(one.value, bytes) else str(one.value).encode()
            assert value.strip() == bytes(other.value if other.VR == "UN" else str(other.value).encode()).strip()
        else:
            assert (one.VR, one.value) == (other.VR, other.value), one.keyword
