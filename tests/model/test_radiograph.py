"""Radiograph.from_dicom as a whole: its contract towards callers."""

import warnings
from concurrent.futures import ThreadPoolExecutor

import imagecodecs
import numpy as np
import pytest
from pydicom import uid

from model import radiograph as module
from model.errors import NotReadable, OutOfMemory, RefusalCode
from model.radiograph import Radiograph
from tests.radiographs import chest, dicom

STORED = (chest(200, 160) * 4095).astype(np.uint16)
WINDOWED = dicom(STORED, BitsStored=12, HighBit=11, WindowCenter=2048, WindowWidth=4096)


def test_pixels_are_float32_rows_by_columns_from_0_to_1() -> None:
    pixels = Radiograph.from_dicom(WINDOWED).pixels
    assert (pixels.dtype, pixels.shape, pixels.flags.c_contiguous) == (np.float32, (200, 160), True)
    # C.11.2.1.2.1 with c - 0.5 = 2047.5 and w - 1 = 4095: x / 4095
    np.testing.assert_allclose(pixels, STORED / 4095, atol=1e-6)


def test_the_caller_may_change_the_pixels() -> None:
    pixels = Radiograph.from_dicom(WINDOWED).pixels
    pixels[0, 0] = 0.5
    assert Radiograph.from_dicom(WINDOWED).pixels[0, 0] != 0.5


def test_many_threads_give_the_same() -> None:
    files = [WINDOWED, dicom(STORED, frames=[imagecodecs.jpegls_encode(STORED)], transfer_syntax=uid.JPEGLSLossless)]
    expected = [Radiograph.from_dicom(file).pixels for file in files]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda at: Radiograph.from_dicom(files[at % 2]).pixels, range(64)))
    assert all(np.array_equal(pixels, expected[at % 2]) for at, pixels in enumerate(found))


def test_invalid_values_beside_the_image_neither_warn_nor_refuse() -> None:
    data = dicom(
        STORED,
        PatientName="x" * 200,
        PatientBirthDate="yesterday",
        StudyDate="2026-01-01",
        PatientAge="old",
        PatientOrientation=["UP", "DOWN"],
        StudyInstanceUID="1.2.not-a-uid",
        AccessionNumber="far too long for a short string",
    ).replace(b"ISO_IR 192", b"ISO_IR 999")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = Radiograph.from_dicom(data)
    assert (found.patient_age, found.patient_orientation) == (None, None)


@pytest.mark.parametrize(
    ("raised", "expected"),
    [(KeyError("x"), NotReadable), (RuntimeError("x"), NotReadable), (MemoryError(), OutOfMemory)],
)
def test_no_other_exception_leaves(
    raised: Exception, expected: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise raised

    monkeypatch.setattr(module, "to_grayscale", broken)
    with pytest.raises(expected):
        Radiograph.from_dicom(WINDOWED)


def test_a_refusal_holds_no_patient_data() -> None:
    data = dicom(STORED, PatientName="Secret^Person", PatientID="S-1", AccessionNumber="A-1", RescaleSlope=0)
    with pytest.raises(NotReadable) as caught:
        Radiograph.from_dicom(data)
    assert caught.value.code == RefusalCode.CORRUPT
    assert not any(word in caught.value.reason for word in ("Secret", "S-1", "A-1"))
