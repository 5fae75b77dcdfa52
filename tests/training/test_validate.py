from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("monai", reason="needs the extra [train]")

from training.datasets.example import Example
from training.validate import SOURCE, selected, validate

ADULT = Example(
    image="", container=Path(), source=SOURCE, split="val", patient="p", labels={"Mass": True, "Tuberculosis": True},
    child=False, shape=(512, 512),
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        ({}, True),
        ({"split": "test"}, False),
        ({"source": "JSRT"}, False),
        ({"shape": (128, 128)}, False),
        ({"child": True}, False),
        ({"disputed": True}, False),
    ],
)
def test_a_network_is_selected_on_sharp_clear_adults(changed: dict[str, object], kept: bool) -> None:
    assert bool(selected([replace(ADULT, **changed)])) is kept  # type: ignore[arg-type]


def test_thumbnails_beside_them() -> None:
    small = replace(ADULT, shape=(128, 128))
    assert selected([ADULT, small], sharp=False) == [small]


def test_validation_is_over_the_findings_of_the_data_set_to_select_on() -> None:
    examples = [
        replace(ADULT, patient=str(i), labels={"Mass": i > 1, "Nodule": False, "Tuberculosis": i > 1}) for i in range(4)
    ]
    logits = np.array([[0, 0, 0], [2, 0, 0], [1, 0, 0], [3, 0, 0]], dtype=np.float32)
    # Nobody has a nodule, and tuberculosis is not counted; of the 2 x 2 pairs of Mass one is in the wrong order.
    found = validate(examples, ("Mass", "Nodule", "Tuberculosis"), logits)
    assert found.findings == {"Mass": 0.75}
    assert found.mean.value == 0.75
