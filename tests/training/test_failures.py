"""What is most wrong, and what it has in common."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the extra [train]")
pytest.importorskip("monai", reason="needs the extra [train]")

from training.datasets.example import Example
from training.failures import ACROSS, ENOUGH, LINE, SHOWN, SIDE, WORST, failures, row, sheet
from training.scores import Scores

LOOK = {"slope": 1.0, "offset": 0.0}


@pytest.fixture
def example(tmp_path: Path) -> Example:
    cv2.imwrite(str(tmp_path / "a.png"), np.full((8, 8), 50, np.uint8))
    return Example(
        image="a.png", container=tmp_path, source="S", split="val", patient="p", labels={}, child=False,
        shape=(512, 512), view="PA",
    )  # fmt: skip


def scores(example: Example) -> Scores:
    """A hundred without a Mass and one with it: the ten that look most like having one are AP and have an Effusion."""
    wrong = replace(example, view="AP", labels={"Effusion": True, "Mass": False, "Abnormal": True})
    examples = [*[example] * 90, *[wrong] * 10, replace(example, labels={"Mass": True})]
    logits = [*np.linspace(-2, -1, 90), *np.linspace(0, 1, 10), -3.0]
    return Scores(
        examples=tuple(examples),
        findings=("Mass",),
        logits=np.array(logits, dtype=np.float32)[:, None],
        truth=np.array([0.0] * 100 + [1.0], dtype=np.float32)[:, None],
        gate={},
        distance=np.zeros(101, dtype=np.float32),
    )


def test_false_alarms_the_worst_first(example: Example) -> None:
    found = failures(scores(example), LOOK, "Mass", present=False)
    assert found.probabilities[0] == pytest.approx(1 / (1 + np.exp(-1.0)))
    assert [each.view for each in found.examples[:11]] == ["AP"] * 10 + ["PA"]
    # 10 of the worst 40, 10 of all 100; the 30 others of the worst are PA as nearly all are.
    assert found.common == [("AP", 0.25, 0.1), ("Effusion", 0.25, 0.1)]
    assert ENOUGH <= 10 <= WORST
    assert row(found) == "| Mass | false alarms | 40 of 100 | AP 25% (of all 10%), Effusion 25% (of all 10%) |"


def test_what_is_missed(example: Example) -> None:
    found = failures(scores(example), LOOK, "Mass", present=True)
    assert row(found) == "| Mass | missed | 1 of 1 | nothing |"


def test_a_sheet_shows_the_worst(example: Example) -> None:
    pictures = sheet(failures(scores(example), LOOK, "Mass", present=False))
    assert pictures.shape == ((SIDE + LINE) * SHOWN // ACROSS, SIDE * ACROSS)
    assert (pictures[:SIDE] == 50).all()
    assert sheet(failures(scores(example), LOOK, "Mass", present=True)).shape == (SIDE + LINE, SIDE * ACROSS)
