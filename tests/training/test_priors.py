import numpy as np
import pytest

pytest.importorskip("monai", reason="needs the extra [train]")

from pathlib import Path

from training import sampling
from training.datasets.example import Example
from training.priors import BORROWED, log_odds


def example(source: str, resolution: int, **labels: bool) -> Example:
    return Example(
        image="", container=Path(), source=source, split="train", patient="", labels=labels, child=None,
        shape=(resolution, resolution),
    )  # fmt: skip


SHARP = [example("NIH", 1024, Pneumonia=i < 60, Mass=i < 10) for i in range(100)]
THUMBNAILS = [example("NIH", 128, Pneumonia=False, Mass=i < 10) for i in range(100)]


def test_priors_are_those_of_source_and_resolution() -> None:
    examples = [*SHARP, *THUMBNAILS]
    odds = log_odds(examples, np.full(200, 1 / 200), ("Pneumonia", "Mass", "Hernia"))
    # 60 of 100 sharp ones, none of 100 thumbnails; each group borrows five examples of the whole, where it is 0.3.
    sharp, blurred = ((count + BORROWED * 0.3) / (100 + BORROWED) for count in (60, 0))
    assert odds[0, 0] == pytest.approx(np.log(sharp / (1 - sharp)), abs=1e-4)
    assert odds[150, 0] == pytest.approx(np.log(blurred / (1 - blurred)), abs=1e-4)
    # Mass is as common in both, whatever is borrowed.
    assert odds[0, 1] == odds[150, 1] == pytest.approx(np.log(0.1 / 0.9), abs=1e-4)


def test_priors_count_an_example_as_often_as_it_is_drawn() -> None:
    weights = np.array([3.0, 1.0]) / 4
    odds = log_odds([example("A", 512, Mass=True), example("A", 512, Mass=False)], weights, ("Mass",))
    assert odds[0, 0] == pytest.approx(np.log(3), abs=1e-4)


def test_who_teaches_little_is_drawn_little() -> None:
    # One hundred each: all teach two findings, or one, or (the gate alone) none.
    half = [example("TB", 512, Mass=i < 50) for i in range(100)]
    full = [example("NIH", 512, Mass=i < 50, Nodule=i % 2 == 0) for i in range(100)]
    none = [example("Children", 512) for i in range(100)]
    shares = sampling.weights([*full, *half, *none]).reshape(3, 100).sum(1)
    # Labels half and half are drawn sqrt 2 as often as what has none.
    assert shares / shares[0] == pytest.approx([1, 0.5, sampling.UNLABELLED / 2**0.5])
