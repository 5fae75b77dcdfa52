"""A probe that can tell sources apart by what it is shown, and one that cannot."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("torch", reason="needs the extra [train]")
pytest.importorskip("monai", reason="needs the extra [train]")

from training.datasets.example import Example
from training.probe import LEAST, MOST, Thumbnail, both, mean_recall, probe

EXAMPLE = Example(
    image="", container=Path(), source="", split="train", patient="", labels={"Abnormal": False}, child=False,
    shape=(512, 512),
)  # fmt: skip


def noise(seed: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 200, (16, 16), dtype=np.uint8)


def examples(folder: Path, *, told: bool) -> list[Example]:
    """Of two sources, 60 to learn from and 30 to ask; the second has a bright border if it is to be ``told``."""
    made = []
    for number in range(180):
        second = number % 2 == 1
        pixels = noise(number)
        if second and told:
            pixels[:2] = 255
        name = f"{number}.png"
        cv2.imwrite(str(folder / name), pixels)
        split = "val" if number % 6 < 2 else "train"
        made.append(
            replace(EXAMPLE, image=name, container=folder, source="ST"[second], split=split, patient=str(number // 12))
        )
    return made


def test_a_border_tells_the_source(tmp_path: Path) -> None:
    found = probe(Thumbnail(), examples(tmp_path, told=True), "no finding", tmp_path / "kept")
    assert (found.sources, found.images, found.right.value) == (("S", "T"), 60, 1.0)


def test_noise_does_not_tell_the_source(tmp_path: Path) -> None:
    found = probe(Thumbnail(), examples(tmp_path, told=False), "no finding", tmp_path / "kept")
    assert found.right.low < 0.5 < found.right.high


def test_who_is_asked(tmp_path: Path) -> None:
    known = [replace(EXAMPLE, source="S", image=f"{i}") for i in range(2 * MOST["train"])]
    known += [replace(EXAMPLE, source="S", split="val")] * LEAST["val"]
    known += [replace(EXAMPLE, source="Few")] * (LEAST["train"] - 1)
    known += [replace(EXAMPLE, source="Few", split="val")] * LEAST["val"]
    known += [replace(EXAMPLE, source="Never asked")] * LEAST["train"]
    other = {"shape": (128, 128)}, {"child": True}, {"labels": {"Abnormal": True}}, {"labels": {}}, {"disputed": True}
    known += [replace(EXAMPLE, source="S", split="val", **each) for each in other]  # type: ignore[arg-type]
    learnt, asked = both(known, "no finding")
    assert [len(learnt), len(asked)] == [MOST["train"], LEAST["val"]]
    assert {each.source for each in (*learnt, *asked)} == {"S"}


def test_every_source_counts_the_same() -> None:
    # 3 of 3 and 0 of 1.
    assert mean_recall(np.array(["a", "a", "a", "b"]), np.array(["a", "a", "a", "a"])) == pytest.approx(0.5)
