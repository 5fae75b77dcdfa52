"""Heads that learn from more patients."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the extra [train]")
pytest.importorskip("monai", reason="needs the extra [train]")

from training.data_size import PARTS, curve, drawn, known
from training.datasets.example import Example
from training.validate import SELECTED, SOURCE

EXAMPLE = Example(
    image="", container=Path(), source=SOURCE, split="train", patient="p", labels={}, child=False, shape=(512, 512)
)


def made(count: int, seed: int) -> tuple[list[Example], np.ndarray]:
    """Examples with findings by chance, two to a patient, and features: what is true, in much noise."""
    random = np.random.default_rng(seed)
    truth = random.random((count, len(SELECTED))) < 0.3
    examples = [
        replace(EXAMPLE, patient=str(row // 2), labels=dict(zip(SELECTED, map(bool, present), strict=True)))
        for row, present in enumerate(truth)
    ]
    mixed = truth @ np.random.default_rng(9).normal(size=(len(SELECTED), 60))
    return examples, (mixed + 2 * random.normal(size=(count, 60))).astype(np.float32)


def test_more_patients_give_more() -> None:
    (learnt, x), (asked, z) = made(320, 1), made(200, 2)
    points = list(curve(learnt, x, asked, z, draws=2, resamples=10))
    assert [(point.part, point.patients, point.images) for point in points] == [
        (part, part * 160, part * 320) for part in PARTS
    ]
    few, *_, many = points
    assert few.auroc.value + 0.03 < many.auroc.value < 1
    assert many.auroc.low < many.auroc.value < many.auroc.high
    assert few.range[0] < few.range[1]
    assert many.range == (many.auroc.value, many.auroc.value)


def test_patients_are_drawn_whole_and_again_the_same() -> None:
    examples, _ = made(40, 1)
    rows = drawn(examples, 1 / 4, 0)
    assert len(rows) == 10
    assert {row // 2 for row in rows} == {rows[i] // 2 for i in range(0, 10, 2)}
    assert rows == drawn(examples, 1 / 4, 0) != drawn(examples, 1 / 4, 1)


@pytest.mark.parametrize(
    ("change", "expected"),
    [({}, True), ({"labels": {"Mass": True}}, False), ({"shape": (128, 128)}, False), ({"child": True}, False)],
)
def test_only_sharp_radiographs_with_every_label_teach(change: dict[str, object], expected: bool) -> None:
    (example,) = made(1, 1)[0]
    assert known(replace(example, **change)) == expected  # type: ignore[arg-type]
