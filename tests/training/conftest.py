"""A data set of ninety-six small pictures, made here: a bright disc is a Mass, a bright band an Effusion."""

import csv
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

SIZE = 64
SPLITS = ("train", "train", "val", "test")


def picture(*, mass: bool, effusion: bool, seed: int) -> NDArray[np.uint8]:
    random = np.random.default_rng(seed)
    pixels = random.integers(40, 80, (160, 144), dtype=np.uint8)
    if mass:
        centre = (int(random.integers(40, 104)), int(random.integers(40, 80)))
        cv2.circle(pixels, centre, 18, 230, -1)
    if effusion:
        pixels[120:] = 200
    return pixels


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    """Nets this small only lose by sharing their work out."""
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    rows = []
    for i in range(96):
        mass, effusion = bool(i & 1), bool(i & 2)
        cv2.imwrite(str(folder / f"{i}.png"), picture(mass=mass, effusion=effusion, seed=i))
        present = [name for name, there in (("Mass", mass), ("Effusion", effusion)) if there]
        absent = {"Mass", "Effusion"} - set(present)
        rows.append(
            {
                "image": f"{i}.png",
                "dataset": "Discs",
                "split": SPLITS[i // 4 % 4],
                "labels": "|".join(present or ["No Finding"]),
                "labels_negative": "|".join(sorted(absent)),
                "patient_id": f"discs-{i // 4}",
                "age": "60",
                "sex": "F",
                "view": "PA",
                "width": 144,
                "height": 160,
                "use": "open",
                "note": "",
            }
        )
    with (folder / "index.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder
