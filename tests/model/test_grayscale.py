"""Stored values to 0..1: every expected number is derived beside its row."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from model.errors import NotReadable, RefusalCode
from model.radiograph import Radiograph
from tests.radiographs import DX_FOR_PROCESSING, dicom


def shown(values: Any, dtype: type = np.uint16, **attributes: Any) -> list[float]:
    """What one row of stored values looks like."""
    return [float(value) for value in decoded(values, dtype, **attributes).pixels[0]]


def decoded(values: Any, dtype: type = np.uint16, **attributes: Any) -> Radiograph:
    pixels: NDArray[Any] = np.array([values], dtype=dtype)
    return Radiograph.from_dicom(dicom(pixels, **attributes))


def lut(entries: list[int], *, first: int = 0, bits: int = 16, packed: bool = False, signed: bool = False) -> Sequence:
    """A LUT sequence of one item."""
    item = Dataset()
    item.add_new("LUTDescriptor", "SS" if signed else "US", [len(entries) % 65536, first, bits])
    if packed:
        item.add_new("LUTData", "OW", bytes(entries))
    else:
        item.add_new("LUTData", "OW", np.array(entries, dtype="<u2").tobytes())
    return Sequence([item])


WINDOWS = {
    # C.11.2.1.2.1: (x - (c - 0.5)) / (w - 1) + 0.5, here (x - 49.5) / 100 + 0.5
    "linear": (
        {"WindowCenter": 50, "WindowWidth": 101},
        [(0, 0.005), (49, 0.495), (50, 0.505), (99, 0.995), (100, 1.0), (101, 1.0)],
    ),
    # A width of 1: a threshold; x <= c - 0.5 is black
    "linear, width 1": ({"WindowCenter": 50, "WindowWidth": 1}, [(49, 0.0), (50, 1.0)]),
    # The lower bound: x <= c - 0.5 - (w - 1) / 2 = 50 - 0.5 - 10 = 39.5 is black, then (40 - 49.5) / 20 + 0.5
    "linear, bounds": ({"WindowCenter": 50, "WindowWidth": 21}, [(39, 0.0), (40, 0.025), (59, 0.975), (60, 1.0)]),
    # C.11.2.1.3.2: (x - c) / w + 0.5
    "linear exact": (
        {"WindowCenter": 50, "WindowWidth": 100, "VOILUTFunction": "LINEAR_EXACT"},
        [(0, 0.0), (25, 0.25), (50, 0.5), (100, 1.0), (101, 1.0)],
    ),
    # C.11.2.1.3.1: 1 / (1 + exp(-4 (x - c) / w)); 25 from the centre of 100: 1 / (1 + e) and 1 / (1 + 1/e)
    "sigmoid": (
        {"WindowCenter": 50, "WindowWidth": 100, "VOILUTFunction": "SIGMOID"},
        [(25, 0.26894142), (50, 0.5), (75, 0.73105858), (65535, 1.0)],
    ),
    # Only the first of several: the second would make 50 white
    "first of several": ({"WindowCenter": [50, 0], "WindowWidth": [101, 1]}, [(0, 0.005), (50, 0.505)]),
    # Rescaled before the window: 3 * 20 - 10 = 50, the centre
    "rescaled": (
        {"RescaleSlope": 3, "RescaleIntercept": -10, "WindowCenter": 50, "WindowWidth": 101},
        [(20, 0.505), (0, 0.0), (10, 0.205)],
    ),
    # Written in binary by a careless writer of implicit VR: no difference
    "fraction": ({"WindowCenter": "49.75", "WindowWidth": "100.5"}, [(0, 0.5 - 49.25 / 99.5)]),
}


@pytest.mark.parametrize(("attributes", "expected"), WINDOWS.values(), ids=WINDOWS.keys())
def test_window(attributes: dict[str, Any], expected: list[tuple[int, float]]) -> None:
    assert shown([x for x, _ in expected], **attributes) == pytest.approx([y for _, y in expected], abs=1e-6)


@pytest.mark.parametrize(
    ("photometric", "shape", "expected"),
    [
        ("MONOCHROME2", None, [0.0, 1.0]),
        ("MONOCHROME2", "IDENTITY", [0.0, 1.0]),
        ("MONOCHROME1", None, [1.0, 0.0]),
        ("MONOCHROME1", "INVERSE", [1.0, 0.0]),  # both say the same: once
        ("MONOCHROME1", "IDENTITY", [1.0, 0.0]),  # contradicting: small values are white all the same
        ("MONOCHROME2", "INVERSE", [1.0, 0.0]),
    ],
)
def test_polarity(photometric: str, shape: str | None, expected: list[float]) -> None:
    attributes = {"PhotometricInterpretation": photometric, "PresentationLUTShape": shape}
    assert shown([0, 4000], WindowCenter=2000, WindowWidth=2000, **attributes) == expected


@pytest.mark.parametrize(
    ("center", "width"), [(150, 0), (150, -5), (150, "0.5"), (150, "1e300"), ("1e300", 9), (150, "nan"), ("inf", 9)]
)
def test_a_window_that_is_not_valid_is_left_out_and_said(center: Any, width: Any) -> None:
    file = dicom(np.array([[100, 200, 300]], np.uint16), WindowCenter="11111", WindowWidth="22222")
    file = file.replace(b"11111 ", str(center).ljust(6).encode()).replace(b"22222 ", str(width).ljust(6).encode())
    radiograph = Radiograph.from_dicom(file)
    assert radiograph.pixels[0].tolist() == [0.0, 0.5, 1.0]  # 100 to 300 instead
    assert any("left out" in step for step in radiograph.steps)


def test_an_unknown_voi_function_is_refused() -> None:
    with pytest.raises(NotReadable) as caught:
        shown([1, 2], WindowCenter=1, WindowWidth=2, VOILUTFunction="CUBIC")
    assert caught.value.code == RefusalCode.UNSUPPORTED_SYNTAX


# --- bits and signs ---


def test_signed_values_lie_below_the_unsigned_ones() -> None:
    # (x - (0 - 0.5)) / 200 + 0.5 for -100, 0, 99
    assert shown([-100, 0, 99], np.int16, WindowCenter=0, WindowWidth=201) == pytest.approx([0.0025, 0.5025, 0.9975])


def test_twelve_signed_bits_in_sixteen() -> None:
    # 0xFFF is -1 in 12 bits, 0x800 is -2048, 0x7FF is 2047: linear exact over 4096 from -2048
    values = shown(
        [0x800, 0xFFF, 0x000, 0x7FF],
        BitsStored=12,
        HighBit=11,
        PixelRepresentation=1,
        WindowCenter=0,
        WindowWidth=4096,
        VOILUTFunction="LINEAR_EXACT",
    )
    assert values == pytest.approx([0.0, 2047 / 4096, 0.5, 4095 / 4096])


def test_overlays_in_unused_high_bits_are_masked_away() -> None:
    plain = shown([0, 100, 4095], BitsStored=12, HighBit=11)
    assert shown([0xF000, 0x1064, 0x8FFF], BitsStored=12, HighBit=11) == plain


def test_low_bits_below_the_stored_ones_are_masked_away() -> None:
    # High Bit 15 with 12 stored: the value is the upper twelve bits
    plain = shown([0, 100, 4095], BitsStored=12, HighBit=11)
    assert shown([0x000F, 0x0643, 0xFFF1], BitsStored=12, HighBit=15) == plain


@pytest.mark.parametrize("bits", range(9, 17))
def test_bits_stored(bits: int) -> None:
    top = (1 << bits) - 1
    exact = {"WindowCenter": top / 2, "WindowWidth": top, "VOILUTFunction": "LINEAR_EXACT"}
    assert shown([0, 1, top], BitsStored=bits, HighBit=bits - 1, **exact) == pytest.approx([0, 1 / top, 1], abs=1e-6)


def test_eight_bits_without_a_window_have_their_whole_range() -> None:
    assert shown([51, 102], np.uint8) == pytest.approx([0.2, 0.4])


# --- tables ---


@pytest.mark.parametrize(
    ("entries", "keywords", "stored", "expected"),
    [
        # 16 bits: entry / 65535
        ([0, 13107, 65535], {}, [0, 1, 2], [0, 0.2, 1]),
        # Beyond its ends the first and the last entry hold
        ([13107, 65535], {"first": 10}, [0, 10, 11, 99], [0.2, 0.2, 1, 1]),
        # 8 bits, one entry in a word: entry / 255
        ([0, 51, 255], {"bits": 8}, [0, 1, 2], [0, 0.2, 1]),
        # 8 bits, two entries in a word
        ([0, 51, 102, 255], {"bits": 8, "packed": True}, [0, 1, 2, 3], [0, 0.2, 0.4, 1]),
        # 12 bits: entry / 4095
        ([0, 819, 4095], {"bits": 12}, [0, 1, 2], [0, 0.2, 1]),
        # Says 8 bits and has entries of 10: entry / 1023
        ([0, 1023], {"bits": 8}, [0, 1], [0, 1]),
    ],
)
def test_voi_lut(entries: list[int], keywords: dict[str, Any], stored: list[int], expected: list[float]) -> None:
    assert shown(stored, VOILUTSequence=lut(entries, **keywords)) == pytest.approx(expected)


def test_a_table_of_65536_entries_says_0() -> None:
    falling = [65535 - x for x in range(65536)]
    values = shown([0, 65535, 13107], VOILUTSequence=lut(falling))
    assert values == pytest.approx([1.0, 0.0, 0.8])


def test_the_first_value_mapped_is_signed_when_the_input_is() -> None:
    # -2 is the first input: entries for -2, -1, 0
    table = lut([0, 13107, 65535], first=-2, signed=True)
    assert shown([-3, -2, -1, 0, 1], np.int16, VOILUTSequence=table) == pytest.approx([0, 0, 0.2, 1, 1])


def test_the_first_value_mapped_is_signed_when_rescale_makes_it_so() -> None:
    # 0..4 - 2 = -2..2; written as an unsigned 65534 by a careless writer
    table = lut([0, 13107, 65535], first=65534)
    assert shown([0, 1, 2, 3], RescaleIntercept=-2, VOILUTSequence=table) == pytest.approx([0, 0.2, 1, 1])


def test_the_voi_lut_goes_before_the_window() -> None:
    attributes = {"VOILUTSequence": lut([65535, 0]), "WindowCenter": 0, "WindowWidth": 2}
    assert shown([0, 1], **attributes) == [1.0, 0.0]


def test_modality_lut_then_window() -> None:
    # Stored 0, 1, 2 become 100, 50, 0; linear exact around 50 of width 100
    attributes = {"WindowCenter": 50, "WindowWidth": 100, "VOILUTFunction": "LINEAR_EXACT"}
    assert shown([0, 1, 2], ModalityLUTSequence=lut([100, 50, 0]), **attributes) == pytest.approx([1, 0.5, 0])


def test_modality_lut_of_signed_input() -> None:
    table = lut([0, 500, 1000], first=-1, signed=True)
    assert shown([-1, 0, 1], np.int16, ModalityLUTSequence=table) == pytest.approx([0, 0.5, 1])


def test_presentation_lut() -> None:
    # Window to 0, 0.5, 1; the input is the whole range of the three entries
    attributes = {"WindowCenter": 50, "WindowWidth": 100, "VOILUTFunction": "LINEAR_EXACT"}
    values = shown([0, 50, 100], PresentationLUTSequence=lut([0, 13107, 65535]), **attributes)
    assert values == pytest.approx([0, 0.2, 1])


def test_a_table_that_is_too_short_is_corrupt() -> None:
    table = lut([1, 2, 3])
    table[0].LUTDescriptor = [9, 0, 16]
    with pytest.raises(NotReadable) as caught:
        shown([0, 1], VOILUTSequence=table)
    assert caught.value.code == RefusalCode.CORRUPT


# --- padding ---


def test_padding_is_black_and_not_in_the_automatic_window() -> None:
    # Without 65000, the window is 100 to 300
    assert shown([100, 200, 300, 65000], PixelPaddingValue=65000) == [0, 0.5, 1, 0]


def test_padding_is_black_in_monochrome1_too() -> None:
    attributes = {"PhotometricInterpretation": "MONOCHROME1", "PixelPaddingValue": 0}
    assert shown([0, 100, 200, 300], **attributes) == [0, 1, 0.5, 0]


@pytest.mark.parametrize(("value", "limit"), [(60000, 65535), (65535, 60000)])
def test_padding_range(value: int, limit: int) -> None:
    attributes = {"PixelPaddingValue": value, "PixelPaddingRangeLimit": limit}
    assert shown([100, 200, 300, 59999, 60000, 62000, 65535], WindowCenter=200, WindowWidth=201, **attributes) == (
        pytest.approx([0.0025, 0.5025, 1, 1, 0, 0, 0])  # (100 - 199.5) / 200 + 0.5 = 0.0025
    )


def test_signed_padding() -> None:
    assert shown([-2000, 0, 50, 100], np.int16, PixelPaddingValue=-2000) == [0, 0, 0.5, 1]


def test_padding_that_no_stored_value_can_be_is_said() -> None:
    radiograph = decoded([0, 100], BitsStored=12, HighBit=11, PixelPaddingValue=65535)
    assert "padding 65535 does not fit into the stored bits, left out" in radiograph.steps


def test_only_padding_is_black() -> None:
    assert shown([7, 7], PixelPaddingValue=7) == [0, 0]


def test_a_flat_image_is_black() -> None:
    assert shown([7, 7]) == [0, 0]


# --- for processing ---


def test_for_processing_robust_window_and_logarithm() -> None:
    # 1000 pixels of intensity 0..999 (more X-rays, larger): log(x + 1) between its percentiles 0.5 and 99.5,
    # which are the values of rank 5 and 995: x = 4 and x = 994; inverted, since much intensity is little tissue.
    radiograph = decoded(
        range(1000),
        SOPClassUID=DX_FOR_PROCESSING,
        PresentationIntentType="FOR PROCESSING",
        PixelIntensityRelationship="LIN",
        PixelIntensityRelationshipSign=1,
        PhotometricInterpretation="MONOCHROME2",
    )
    low, high = np.log(5), np.log(995)
    expected = 1 - np.clip((np.log(np.arange(1000) + 1) - low) / (high - low), 0, 1)
    assert radiograph.pixels[0] == pytest.approx(expected, abs=1e-5)
    assert [word for word in ("logarithm", "percentiles", "inverted") if word not in str(radiograph.steps)] == []


def test_for_processing_with_a_window_of_its_own() -> None:
    # Its numbers are of the stored values, so no logarithm: (x - 49.5) / 100 + 0.5, inverted by the sign
    attributes = {"PixelIntensityRelationship": "LIN", "PixelIntensityRelationshipSign": 1}
    values = shown([0, 50], WindowCenter=50, WindowWidth=101, PresentationIntentType="FOR PROCESSING", **attributes)
    assert values == pytest.approx([0.995, 0.495])


@pytest.mark.parametrize("slope", ["0", "nan", "inf", "1e300"])
def test_a_slope_that_is_not_usable_is_corrupt(slope: str) -> None:
    file = dicom(np.array([[1, 2]], np.uint16), RescaleSlope="11111").replace(b"11111 ", slope.ljust(6).encode())
    with pytest.raises(NotReadable) as caught:
        Radiograph.from_dicom(file)
    assert caught.value.code == RefusalCode.CORRUPT


@pytest.mark.parametrize(
    ("sign", "photometric", "rising"),
    [(1, "MONOCHROME1", False), (-1, "MONOCHROME2", True), (-1, "MONOCHROME1", True), (None, "MONOCHROME1", False)],
)
def test_for_processing_polarity(sign: int | None, photometric: str, rising: bool) -> None:
    values = shown(
        range(1000),
        PresentationIntentType="FOR PROCESSING",
        PixelIntensityRelationship="LOG",
        PixelIntensityRelationshipSign=sign,
        PhotometricInterpretation=photometric,
    )
    assert (values[-1] > values[0]) == rising


def test_for_presentation_the_sign_changes_nothing() -> None:
    assert shown([0, 100], PixelIntensityRelationship="LIN", PixelIntensityRelationshipSign=1) == [0, 1]
