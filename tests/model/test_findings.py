"""The codes that go into every result."""

import re

import pytest

from model.findings import FINDINGS

#: J. Verhoeff, Error Detecting Decimal Codes, Mathematical Centre Tracts 29, 1969: digits as the symmetries of a
#: pentagon (0 to 4 turn it, 5 to 9 flip it too), multiplied after a permutation that depends on the position.
#: SNOMED CT Technical Implementation Guide, "Check-digit": the last digit makes the product 0.
PERMUTATION = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)

SCT = {name: code.value for name, code in FINDINGS.items() if code.scheme == "SCT"}


def product(first: int, second: int) -> int:
    flipped = (first >= 5) != (second >= 5)
    turn = first - second if first >= 5 else first + second
    return 5 * flipped + turn % 5


def permuted(digit: int, times: int) -> int:
    for _ in range(times):
        digit = PERMUTATION[digit]
    return digit


def has_check_digit(value: str) -> bool:
    check = 0
    for position, digit in enumerate(reversed(value)):
        check = product(check, permuted(int(digit), position % 8))
    return check == 0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2363", True),  # the usual example: 236 has check digit 3
        ("2364", False),
        ("2633", False),  # two neighbours exchanged
        ("138875005", True),  # SNOMED CT's root concept
        ("138875050", False),
    ],
)
def test_the_check_itself(*, value: str, expected: bool) -> None:
    assert has_check_digit(value) is expected


@pytest.mark.parametrize("name", SCT)
def test_snomed_ct(name: str) -> None:
    value = SCT[name]
    assert re.fullmatch(r"[1-9]\d{5,17}", value)
    assert value[-3:-1] == "00"  # partition of concepts of the international edition
    assert has_check_digit(value)


def test_other_schemes() -> None:
    others = {name: (code.scheme, code.value) for name, code in FINDINGS.items() if code.scheme != "SCT"}
    assert others == {
        "Enlarged Cardiomediastinum": ("99HILUM", "enlarged-cardiomediastinum"),
        "Lung Lesion": ("99HILUM", "lung-lesion"),
        "Lung Opacity": ("DCM", "112001"),
        "Pleural_Thickening": ("99HILUM", "pleural-thickening"),
        "COVID-19": ("99HILUM", "covid-19-pattern"),
        "Abnormal": ("99HILUM", "abnormal"),
    }


def test_no_code_stands_for_two_findings() -> None:
    assert len({(code.scheme, code.value) for code in FINDINGS.values()}) == len(FINDINGS)


@pytest.mark.parametrize("name", FINDINGS)
def test_what_dicom_allows(name: str) -> None:
    code = FINDINGS[name]
    # PS3.5, table 6.2-1: Code Value is SH, 16 characters; longer ones go to Long Code Value (UC). Code Meaning is LO.
    assert re.fullmatch(r"[\x21-\x5b\x5d-\x7e]+", code.value)
    assert 0 < len(code.meaning) <= 64
