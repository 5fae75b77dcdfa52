"""The committed files against the catalogue and against what expected.json says of them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import imagecodecs
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.encaps import generate_frames

import data_samples
from data_samples.catalogue import SAMPLES
from data_samples.dicom import REGIONS, VIEWS, derived_uid
from model.errors import RefusalCode
from model.findings import FINDINGS

FOLDER = Path(data_samples.__file__).parent
EXPECTED: list[dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))

one_by_one = pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected["file"])


def stored(dataset: pydicom.Dataset) -> NDArray[np.uint16]:
    """Stored values; pydicom has no decoder for these without more packages."""
    decoders = {
        pydicom.uid.JPEGLosslessSV1: imagecodecs.jpeg8_decode,
        pydicom.uid.HTJ2KLossless: imagecodecs.htj2k_decode,
        pydicom.uid.JPEGLSLossless: imagecodecs.jpegls_decode,
    }
    decode = decoders.get(dataset.file_meta.TransferSyntaxUID)
    if decode is None:
        return np.asarray(dataset.pixel_array, np.uint16)
    frames: Iterator[bytes] = generate_frames(dataset.PixelData, number_of_frames=1)
    return np.asarray(decode(next(frames)), np.uint16)


def test_catalogue_files_and_expectations_name_the_same_samples() -> None:
    names = [f"{sample.name}.dcm" for sample in SAMPLES]
    assert [expected["file"] for expected in EXPECTED] == names
    assert sorted(path.name for path in FOLDER.glob("*.dcm")) == sorted(names)


def test_files_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.dcm")) < 15e6


@one_by_one
def test_file_is_as_expected(expected: dict[str, Any]) -> None:
    dataset = pydicom.dcmread(FOLDER / expected["file"])
    assert dataset.file_meta.TransferSyntaxUID == expected["transfer_syntax"]
    assert dataset.PhotometricInterpretation == expected["photometric_interpretation"]
    values = stored(dataset)
    assert values.shape == (dataset.Rows, dataset.Columns) == (expected["rows"], expected["columns"])
    assert values.max() < 2**dataset.BitsStored
    assert np.ptp(values) > 0.8 * 2 ** min(dataset.BitsStored, 12)


@one_by_one
def test_file_says_that_nobody_is_shown(expected: dict[str, Any]) -> None:
    dataset = pydicom.dcmread(FOLDER / expected["file"], stop_before_pixels=True)
    assert str(dataset.PatientName).split("^")[0] in {"MẪU", "THỬ NGHIỆM"}  # sample, trial
    assert dataset.PatientComments == "Synthetic. Nobody is shown."
    assert dataset.SOPInstanceUID == derived_uid(f"{expected['file'].removesuffix('.dcm')}/instance")


@one_by_one
def test_expectation_uses_our_words(expected: dict[str, Any]) -> None:
    assert {finding["name"] for finding in expected["findings"]} <= set(FINDINGS)
    assert (expected["outcome"] == "refused") == (expected["refusal"] is not None)
    if expected["refusal"]:
        RefusalCode(expected["refusal"])


@pytest.mark.parametrize("code", [code for code, _ in [*REGIONS.values(), *VIEWS.values()]])
def test_check_digit_of_codes(code: str) -> None:
    """Verhoeff: the dihedral group of order 10, digits permuted by their place."""

    def product(a: int, b: int) -> int:
        if a < 5:
            return (a + b) % 5 + 5 * (b >= 5)
        return (a - b) % 5 + 5 * (b < 5)

    permuted = list(range(10))
    check = 0
    for digit in reversed(code):
        check = product(check, permuted[int(digit)])
        permuted = [permuted[step] for step in (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)]
    assert check == 0


@pytest.mark.parametrize("name", ["effusion_pa", "nodule_pa", "consolidation_pa", "pneumothorax_pa"])
def test_the_box_holds_what_is_seen(name: str) -> None:
    expected = next(each for each in EXPECTED if each["file"] == f"{name}.dcm")
    values = stored(pydicom.dcmread(FOLDER / expected["file"])).astype(float)
    (finding,) = expected["findings"]
    mask = np.zeros(values.shape, np.uint8)
    cv2.fillPoly(mask, [np.array(border, np.int32) for border in finding["outline"]], 1)
    seen = values[mask > 0].mean()
    other = values[mask[:, ::-1] > 0].mean()  # the same place on the other side
    assert (seen < other) if name == "pneumothorax_pa" else (seen > other)
    box = finding["box"]
    assert mask[box["y"] : box["y"] + box["height"], box["x"] : box["x"] + box["width"]].sum() == mask.sum()


@pytest.mark.parametrize(
    ("mirrored", "quarter_turns", "orientation"),
    [
        (False, 0, ("L", "F")),
        (True, 0, ("R", "F")),
        (False, 1, ("F", "R")),  # counter-clockwise: what was down goes right, what was left goes down
        (False, 3, ("H", "L")),
        (True, 2, ("L", "H")),
    ],
)
def test_patient_orientation_follows_the_pixels(
    mirrored: bool, quarter_turns: int, orientation: tuple[str, str]
) -> None:
    sample = replace(SAMPLES[0], mirrored=mirrored, quarter_turns=quarter_turns)
    assert sample.orientation == orientation


def test_made_again_it_is_the_same_picture() -> None:
    sample = next(sample for sample in SAMPLES if sample.name == "hand_pa")
    kept = stored(pydicom.dcmread(FOLDER / "hand_pa.dcm")).astype(np.float32)
    small = replace(sample, rows=sample.rows // 4, columns=sample.columns // 4)
    again = small.stored(small.picture()).astype(np.float32)
    reduced = cv2.resize(kept, (small.columns, small.rows), interpolation=cv2.INTER_AREA)
    assert np.corrcoef(again.ravel(), reduced.ravel())[0, 1] > 0.99
    assert np.array_equal(again, small.stored(small.picture()))
