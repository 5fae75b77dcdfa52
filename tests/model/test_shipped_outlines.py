"""What the reader that ships outlines in synthetic radiographs, not those that it learned from."""

from functools import cache
from pathlib import Path

import pytest

import data_samples
from model import Radiograph, Reader, Reading
from model.anatomy import polygons

FOLDER = Path(data_samples.__file__).parent


@cache
def reading(name: str) -> Reading:
    return Reader.load().read(Radiograph.from_bytes((FOLDER / f"{name}.dcm").read_bytes()))


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("normal_pa", 0.40, 0.52),
        ("cardiomegaly_pa", 0.55, 0.70),
        ("wrongly_inverted_pa", 0.40, 0.52),  # as normal_pa, put right first
    ],
)
def test_ratio_of_samples(name: str, low: float, high: float) -> None:
    ratio = reading(name).cardiothoracic_ratio
    assert ratio is not None
    assert ratio.value is not None
    assert low < ratio.value < high


def test_none_of_a_bedside_radiograph() -> None:
    ratio = reading("normal_ap").cardiothoracic_ratio
    assert ratio is not None
    assert ratio.value is None
    assert reading("normal_ap").outlines is not None


def test_the_right_lung_is_on_the_left_of_the_picture() -> None:
    outlines = reading("normal_pa").outlines
    assert outlines is not None
    middles = {name: sum(x for x, _ in corners) / len(corners) for name, corners in polygons(outlines).items()}
    assert middles["right_lung"] < middles["heart"] < middles["left_lung"]
