"""What is carried over means the same pixels, and nothing else is carried over."""

import io
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.datadict import DicomDictionary, keyword_for_tag

import data_samples
from model.errors import NotReadable
from model.radiograph import Radiograph
from serving.training_set.deidentified import deidentified
from serving.training_set.pseudonyms import Pseudonyms
from tests.serving.files import dicom

NAMES = Pseudonyms(b"k" * 32)
MOST = 2**26
SAMPLES = sorted(Path(data_samples.__file__).parent.glob("*.dcm"))
#: What every text attribute is given, by its VR: none of it may come out.
SECRET = "SECRET"
TEXTS = {"LO": SECRET, "SH": SECRET, "PN": f"{SECRET}^X", "LT": SECRET, "ST": SECRET, "UT": SECRET, "UC": SECRET,
         "CS": SECRET, "AE": SECRET, "DA": "19870605", "TM": "030405", "DT": "19870605", "UI": "1.2.987.6.5",
         "UR": SECRET, "OB": b"SECRET"}  # fmt: skip
#: Structure of the file itself.
KEPT = {"SOPClassUID", "PixelData", "SpecificCharacterSet", "PhotometricInterpretation"}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_pixels_mean_the_same(path: Path) -> None:
    data = path.read_bytes()
    try:
        before = Radiograph.from_dicom(data)
    except NotReadable:
        pytest.skip("refused by its header: no radiograph to compare")
    after = Radiograph.from_dicom(deidentified(data, NAMES, "p", before.patient_age, MOST))
    np.testing.assert_array_equal(after.pixels, before.pixels)
    same = ("view", "patient_orientation", "pixel_spacing", "spacing_at", "pixel_aspect_ratio", "burned_in_annotation")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]


def test_nothing_that_was_planted_comes_out() -> None:
    source = dcmread(io.BytesIO(dicom()))
    for tag, (vr, *_) in DicomDictionary.items():
        keyword = keyword_for_tag(tag)
        if vr in TEXTS and keyword and keyword not in KEPT and tag >> 16 not in {0, 2, 4} and tag != 0xFFFCFFFC:
            source.add_new(tag, vr, TEXTS[vr])
    item = Dataset()
    item.CodeMeaning = SECRET
    source.ViewCodeSequence = source.ReferencedImageSequence = [item]
    private = source.private_block(0x0009, "SECRET CREATOR", create=True)
    private.add_new(1, "LO", SECRET)
    source.PixelData += b"SECRET"  # behind the last pixel
    file = io.BytesIO()
    source.save_as(file)
    made = deidentified(file.getvalue(), NAMES, "p-1", 47.5, MOST)
    for planted in (b"SECRET", b"1987", b"0605", b"030405", b"1.2.987"):
        assert planted not in made, planted
    read = dcmread(io.BytesIO(made))
    assert (read.PatientID, read.PatientAge, read.PatientIdentityRemoved) == ("p-1", "047Y", "YES")
    assert len([one for one in source if one.VR in TEXTS]) > 1000, "something was planted"


@pytest.mark.parametrize(("age", "stated"), [(4.9, "004Y"), (89.0, "089Y"), (103.0, "090Y")])
def test_great_ages_are_not_told_apart(age: float, stated: str) -> None:
    assert dcmread(io.BytesIO(deidentified(dicom(), NAMES, "p", age, MOST))).PatientAge == stated


def test_bits_in_which_overlays_hide_are_cleared() -> None:
    source = dcmread(io.BytesIO(dicom()))
    stored = np.frombuffer(source.PixelData, np.uint8).astype(np.uint16) << 4
    source.BitsAllocated, source.BitsStored, source.HighBit = 16, 12, 11
    file = io.BytesIO()
    source.PixelData = (stored | 0xF000).tobytes()
    source.save_as(file)
    made = dcmread(io.BytesIO(deidentified(file.getvalue(), NAMES, "p", None, MOST)))
    np.testing.assert_array_equal(np.frombuffer(made.PixelData, np.uint16), stored)


def test_pseudonyms_are_the_same_each_time_and_others_with_another_key(tmp_path: Path) -> None:
    first, again = Pseudonyms.kept_in(tmp_path), Pseudonyms.kept_in(tmp_path)
    assert (first.uid("1.2.3"), first.name("patient", "x")) == (again.uid("1.2.3"), again.name("patient", "x"))
    assert first.uid("1.2.3") != NAMES.uid("1.2.3")
    assert first.name("patient", "x") != first.name("image", "x")
    assert len(first.uid("1.2.3")) <= 64
    assert (tmp_path / "pseudonyms.key").stat().st_mode & 0o077 == 0


def test_of_ten_patients_one_is_for_testing_and_one_for_calibration() -> None:
    splits = [NAMES.split(str(number)) for number in range(1000)]
    assert [round(splits.count(name) / 1000, 1) for name in ("train", "val", "test")] == [0.8, 0.1, 0.1]  # type: ignore[arg-type]
