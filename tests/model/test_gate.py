"""What the gate lets pass."""

from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest

from model import gate
from model.errors import NotReadable, RefusalCode
from model.orientation import Turn
from model.reading import Gate
from model.weights import GateLimits
from tests.radiographs import radiograph

LIMITS = GateLimits(certain=0.9, child=0.5, distance=10.0)
ADULT = {"rows": 128, "columns": 128, "patient_age": 52.0}
UPRIGHT = {"turn0": 0.97, "turn1": 0.01, "turn2": 0.01, "turn3": 0.01, "mirrored": 0.0, "inverted": 0.0, "child": 0.0}


def judged(**changes: float) -> Gate:
    plain = {"upright": 0.97, "inverted": 0.01, "mirrored": 0.01, "child": 0.01, "distance": 3.0}
    return Gate(**(plain | changes), distance_limit=LIMITS.distance)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"view": "lateral", "patient_orientation": None}, RefusalCode.NOT_FRONTAL),
        ({"view": "PA", "patient_orientation": ("A", "F")}, RefusalCode.NOT_FRONTAL),
        ({"view": "unknown", "patient_orientation": ("P", "F")}, RefusalCode.NOT_FRONTAL),
        ({"patient_age": 14.9}, RefusalCode.CHILD),
        ({"patient_age": 0.0}, RefusalCode.CHILD),
        ({"rows": 127}, RefusalCode.POOR_QUALITY),
        ({"columns": 127}, RefusalCode.POOR_QUALITY),
    ],
)
def test_refused_by_what_the_file_says(fields: dict[str, Any], code: RefusalCode) -> None:
    with pytest.raises(NotReadable) as caught:
        gate.refuse_by_attributes(radiograph(**(ADULT | fields)), 15)
    assert caught.value.code == code
    assert "14.9" not in caught.value.reason  # an age is the patient's


@pytest.mark.parametrize(
    "fields",
    [
        {"view": "AP"},
        {"view": "unknown", "patient_orientation": None},
        {"patient_age": None},
        {"patient_age": 15.0},  # at least 15
    ],
)
def test_let_pass_by_what_the_file_says(fields: dict[str, Any]) -> None:
    gate.refuse_by_attributes(radiograph(**(ADULT | fields)), 15)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, None),
        ({"turn0": 0.4, "turn1": 0.5}, Turn(quarter_turns=1)),  # just likely
        ({"turn0": 0.05, "turn3": 0.95}, Turn(quarter_turns=3)),
        ({"turn0": 0.3, "turn2": 0.49}, None),  # the likeliest, and yet not likely
        ({"inverted": 0.5}, Turn(inverted=True)),
        ({"inverted": 0.49}, None),
        ({"turn0": 0.0, "turn2": 0.99, "inverted": 0.99}, Turn(quarter_turns=2, inverted=True)),
        ({"mirrored": 1.0}, None),  # said, not corrected
    ],
)
def test_mend(said: dict[str, float], expected: Turn | None) -> None:
    assert gate.mend(UPRIGHT | said) == expected


def test_judge_says_what_was_corrected_and_the_limit() -> None:
    found = gate.judge(UPRIGHT | {"mirrored": 0.3, "child": 0.2}, 3.5, LIMITS, ["mirrored"])
    assert found == Gate(
        upright=0.97,
        inverted=0.0,
        mirrored=0.3,
        child=0.2,
        distance=3.5,
        distance_limit=10.0,
        corrections=("mirrored",),
    )


@pytest.mark.parametrize(
    ("changes", "age_known", "code"),
    [
        ({"distance": 10.1}, True, RefusalCode.NOT_CHEST),
        ({"distance": float("nan")}, True, RefusalCode.NOT_CHEST),  # no number is not near
        ({"upright": 0.49}, True, RefusalCode.POOR_QUALITY),
        ({"inverted": 0.51}, True, RefusalCode.POOR_QUALITY),
        ({"child": 0.5}, False, RefusalCode.CHILD),
        ({"distance": 10.1, "upright": 0.1, "child": 0.9}, False, RefusalCode.NOT_CHEST),  # first things first
    ],
)
def test_refused_by_the_pixels(*, changes: dict[str, float], age_known: bool, code: RefusalCode) -> None:
    with pytest.raises(NotReadable) as caught:
        gate.refuse_by_pixels(judged(**changes), LIMITS, age_known=age_known, view_known=False)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("changes", "age_known"),
    [
        ({}, False),
        ({"distance": 10.0}, True),
        ({"upright": 0.5, "inverted": 0.5}, True),
        ({"child": 0.99}, True),  # the file says the age, and that was asked before
        ({"child": 0.49}, False),
        ({"mirrored": 1.0}, False),  # a heart can lie right
    ],
)
def test_let_pass_by_the_pixels(*, changes: dict[str, float], age_known: bool) -> None:
    gate.refuse_by_pixels(judged(**changes), LIMITS, age_known=age_known, view_known=False)


@pytest.mark.parametrize(
    ("changes", "passes"),
    [
        ({"upright": 0.9, "inverted": 0.1}, True),  # just certain
        ({"upright": 0.89}, False),
        ({"inverted": 0.11}, False),
    ],
)
def test_what_was_corrected_must_look_certain(*, changes: dict[str, float], passes: bool) -> None:
    gate.refuse_by_pixels(judged(**changes), LIMITS, age_known=True, view_known=True)  # uncorrected, it would pass
    with nullcontext() if passes else pytest.raises(NotReadable, match="orientation and polarity must be clear"):
        gate.refuse_by_pixels(judged(**changes), LIMITS, age_known=True, view_known=True, mended=True)


@pytest.mark.parametrize(
    ("lateral", "view_known", "passes"),
    [
        (0.7, False, False),  # from the limit on
        (0.69, False, True),
        (0.99, True, True),  # the file says the view, and that was asked before
        (None, False, True),  # not learned
    ],
)
def test_a_lateral_view_is_refused_when_the_file_says_none(
    *, lateral: float | None, view_known: bool, passes: bool
) -> None:
    limits = replace(LIMITS, lateral=0.7)
    with nullcontext() if passes else pytest.raises(NotReadable, match="looks lateral") as caught:
        gate.refuse_by_pixels(replace(judged(), lateral=lateral), limits, age_known=True, view_known=view_known)
    if caught:
        assert caught.value.code == RefusalCode.NOT_FRONTAL
