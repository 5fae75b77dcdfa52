from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("monai", reason="needs the extra [train]")

from training.datasets.example import Example
from training.validate import SOURCE, sharp, thumbnail, validate

ADULT = Example(
    image="", container=Path(), source=SOURCE, split="val", patient="p", labels={"Mass": True, "Tuberculosis": True},
    child=False, shape=(512, 400),
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, (True, False)),
        ({"shape": (128, 128)}, (False, True)),
        ({"source": "JSRT"}, (False, False)),
        ({"child": True}, (False, False)),
        ({"disputed": True}, (False, False)),
    ],
)
def test_a_network_is_selected_on_sharp_clear_adults(changed: dict[str, object], expected: tuple[bool, bool]) -> None:
    example = replace(ADULT, **changed)  # type: ignore[arg-type]
    assert (sharp(example), thumbnail(example)) == expected


def test_validation_is_over_the_findings_of_the_data_set_to_select_on() -> None:
    examples = [
        replace(ADULT, patient=str(i), labels={"Mass": i > 1, "Nodule": False, "Tuberculosis": i > 1}) for i in range(4)
    ]
    logits = np.array([[0, 0, 0], [2, 0, 0], [1, 0, 0], [3, 0, 0]], dtype=np.float32)
    # Nobody has a nodule, and tuberculosis is not counted; of the 2 x 2 pairs of Mass one is in the wrong order.
    found = validate(examples, ("Mass", "Nodule", "Tuberculosis"), logits)
    assert found.findings == {"Mass": 0.75}
    assert found.mean.value == 0.75
