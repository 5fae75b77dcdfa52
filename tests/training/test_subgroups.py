"""Which radiographs are judged together."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="needs the extra [train]")
pytest.importorskip("torch", reason="needs the extra [train]")

from training import card
from training.calibrate import rule_out
from training.datasets.example import Example
from training.evaluate import ruled_out
from training.scores import Scores
from training.subgroups import FEWEST, by_group, by_source, groups

EXAMPLE = Example(
    image="a.png", container=Path(), source="S", split="val", patient="p", labels={}, child=False, shape=(512, 400)
)


def scores(examples: list[Example], logits: list[float], truth: list[float]) -> Scores:
    return Scores(
        examples=tuple(replace(example, patient=str(i)) for i, example in enumerate(examples)),
        findings=("Abnormal",),
        logits=np.array(logits, dtype=np.float32)[:, None],
        truth=np.array(truth, dtype=np.float32)[:, None],
        gate={},
        distance=np.zeros(len(examples), dtype=np.float32),
    )


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, []),
        ({"sex": "F", "age": 15.0, "view": "PA"}, ["women", "15 to 39 years", "PA"]),
        ({"sex": "M", "age": 40.0, "view": "AP"}, ["men", "40 to 59 years", "AP"]),
        ({"sex": "?", "age": 60.0, "view": "AP supine"}, ["60 years and older"]),
        ({"age": 14.9}, []),
    ],
)
def test_groups(known: dict[str, object], expected: list[str]) -> None:
    assert list(groups(replace(EXAMPLE, **known))) == expected  # type: ignore[arg-type]


def test_groups_are_told_apart_inside_one_source_only() -> None:
    women, men = replace(EXAMPLE, sex="F"), replace(EXAMPLE, sex="M", source="T")
    few = [replace(EXAMPLE, sex="M")] * (FEWEST - 1)
    given = scores([women] * FEWEST + few + [men] * FEWEST, [0.0] * (3 * FEWEST - 1), [1.0] * (3 * FEWEST - 1))
    assert {name: len(part.examples) for name, part in by_group(given).items()} == {
        "S: women": FEWEST,
        "T: men": FEWEST,
    }


def test_sharp_and_small_images_are_told_apart_where_there_are_both() -> None:
    small = replace(EXAMPLE, shape=(128, 128))
    other = replace(small, source="T")
    given = scores([EXAMPLE] * FEWEST + [small] * FEWEST + [other] * FEWEST, [0.0] * 30, [1.0] * 30)
    assert {name: len(part.examples) for name, part in by_source(given).items()} == {
        "S": 20,
        "S, sharp": 10,
        "S, thumbnails": 10,
        "T": 10,
    }


def test_an_easy_data_set_does_not_hide_what_is_missed_in_another() -> None:
    # In S, logits of those who have it are 1 to 100; in T, 1,001 to 1,100; one who has it is alone in U.
    logits = [*map(float, range(1, 101)), *map(float, range(1001, 1101)), -5.0]
    examples = [EXAMPLE] * 100 + [replace(EXAMPLE, source="T")] * 100 + [replace(EXAMPLE, source="U")]
    # Between any two of them lies one who has not.
    without = [logit - 0.5 for logit in logits[:200]]
    given = scores([*examples, *examples[:200]], [*logits, *without], [1.0] * 201 + [0.0] * 200)
    look = {"name": "Abnormal", "slope": 0.01, "offset": 0.0}
    chosen = rule_out(given, look, 0.98)
    # 98 of 100 lie at 3 or above in S; T alone would allow 1,003, both together 5 and U is too small to say anything.
    assert chosen["threshold"] == pytest.approx(1 / (1 + np.exp(-0.03)), abs=1e-6)
    assert chosen["operating_point"]["rule"] == "sensitivity 0.98 in every data set"
    assert chosen["operating_point"]["data"] == "not evaluated"


def test_what_ruling_out_is_worth_is_said_of_where_it_misses_most() -> None:
    content = {
        "trained_on": ["Easy: one", "Hard: two", "Absent: three"],
        "findings": [{"name": "Abnormal", "rule_out": {"threshold": 0.125, "operating_point": {"rule": "by hand"}}}],
    }

    def measured(sensitivity: float) -> dict[str, Any]:
        rates = {"sensitivity": (sensitivity, 0.5, 1.0), "specificity": (0.25, 0.125, 0.375)}
        return {"Abnormal": {"images": 40, "positives": 20, "rule_out": rates}}

    # Never trained on: shown in the card, not what a reading bears.
    by_subset = {"Easy": measured(1.0), "Hard": measured(0.75), "Other": measured(0.625)}
    report = {"split": "test", "by_subset": by_subset}
    assert ruled_out(content, "Abnormal", report) == {
        "data": "40 test radiographs of Hard",
        "sensitivity": 0.75,
        "sensitivity_interval": [0.5, 1.0],
        "specificity": 0.25,
        "specificity_interval": [0.125, 0.375],
    }
    assert ruled_out(content, "Abnormal", report | {"by_subset": {}}) == {}
    row = "| Abnormal | 0.1250 | Other | 20 of 40 | 0.625 (0.500 to 1.000) | 0.250 (0.125 to 0.375) |"
    assert row in card.ruling_out(content, report).splitlines()
