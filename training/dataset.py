"""Examples as tensors: decode once, augment, spoil on purpose, standardise as the reader does."""

from typing import NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset
from tqdm import tqdm

from model.findings import FINDINGS
from model.orientation import AS_IT_IS, Turn
from model.preprocessing import resize, standardise
from model.weights import LAST_FEATURES
from training.augmentation import (
    SHARP,
    augment,
    blur_as_thumbnail,
    draw_turn,
    spoil,
)
from training.datasets.example import Box, Example, targets

#: Findings that look alike: a box around one says where the others would be.
OPACITIES = ("Atelectasis", "Consolidation", "Infiltration", "Pneumonia")
#: Chance that a sharp image is shrunk to a thumbnail first.
BLURRED = 0.3


class Batch(NamedTuple):
    """One example, or a batch of them once collated. NaN means unknown: no loss."""

    pixels: Tensor  # float32 (1, S, S), standardised
    findings: Tensor  # float32 (F,): 1, 0 or NaN
    priors: Tensor  # float32 (F,): log-odds of each finding in such examples, known without looking
    places: Tensor  # float32 (F, S / cell, S / cell): share of each cell inside the finding's boxes; all 0 if unknown
    turns: Tensor  # int64 (): quarter turns that set the image upright
    flags: Tensor  # float32 (3,): mirrored, inverted, child: 1, 0 or NaN


class Radiographs(Dataset[Batch]):
    """``examples`` at ``size``; as the reader sees them, or augmented if ``seed`` is given.

    All images are held in memory as uint8, no side longer than ``keep`` pixels: a radiograph is decoded once.
    """

    def __init__(
        self,
        examples: list[Example],
        findings: tuple[str, ...],
        size: int,
        *,
        seed: int | None = None,
        keep: int = 640,
        priors: NDArray[np.float32] | None = None,
        cell: int = LAST_FEATURES,
    ) -> None:
        self.examples = examples
        self.findings = findings
        self.size = size
        self.seed = seed
        self.cell = cell
        self.epoch = 0
        self._priors = torch.zeros(len(examples), len(findings)) if priors is None else torch.from_numpy(priors)
        self._targets = [torch.from_numpy(targets(example, findings)) for example in examples]
        self._images = [
            _shrunk(example.pixels(), keep) for example in tqdm(examples, "decode", disable=len(examples) < 500)
        ]

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, index: int) -> Batch:
        child = {True: 1.0, False: 0.0, None: np.nan}[self.examples[index].child]
        pixels = np.divide(self._images[index], 255, dtype=np.float32)
        if self.seed is None:
            nowhere = np.zeros((0, self.size, self.size), np.float32)
            return self._batch(index, resize(pixels, self.size), nowhere, AS_IT_IS, child)
        random = np.random.default_rng((self.seed, self.epoch, index))
        turn = draw_turn(random)
        if max(pixels.shape) >= SHARP and random.random() < BLURRED:
            pixels = blur_as_thumbnail(pixels, random)
        places = self._places(self.examples[index])
        pixels, places = augment(resize(pixels, self.size), places, int(random.integers(2**31)))
        moved = [spoil(place, Turn(mirrored=turn.mirrored)) for place in places]
        return self._batch(index, spoil(pixels, turn), np.array(moved, np.float32), turn, child)

    def _places(self, example: Example) -> NDArray[np.float32]:
        """float32 (boxed findings, S, S): 1 inside the boxes."""
        rows, columns = example.shape
        found = boxed(example, self.findings)
        places = np.zeros((len(found), self.size, self.size), np.float32)
        for place, finding in zip(places, found, strict=True):
            for box in around(example, self.findings[finding]):
                top, bottom = (round(y * self.size / rows) for y in (box.y, box.y + box.height))
                left, right = (round(x * self.size / columns) for x in (box.x, box.x + box.width))
                place[top : max(bottom, top + 1), left : max(right, left + 1)] = 1
        return places

    def _batch(
        self, index: int, pixels: NDArray[np.float32], places: NDArray[np.float32], turn: Turn, child: float
    ) -> Batch:
        findings = self._targets[index]
        cells = torch.zeros(len(self.findings), self.size // self.cell, self.size // self.cell)
        if turn.quarter_turns or turn.inverted:
            # A reader corrects what is turned or inverted before it reads; what is mirrored it reads as it is.
            findings, places = torch.full_like(findings, torch.nan), places[:0]
        for place, finding in zip(places, boxed(self.examples[index], self.findings), strict=False):
            cells[finding] = torch.from_numpy(resize(place, self.size // self.cell))
        return Batch(
            pixels=torch.from_numpy(standardise(pixels))[None],
            findings=findings,
            priors=self._priors[index],
            places=cells,
            turns=torch.tensor(turn.quarter_turns),
            flags=torch.tensor([turn.mirrored, turn.inverted, child], dtype=torch.float32),
        )


def boxed(example: Example, findings: tuple[str, ...]) -> list[int]:
    """Those of ``findings``, by their place in the order, of which boxes say where they are."""
    return [row for row, finding in enumerate(findings) if around(example, finding)]


def around(example: Example, finding: str) -> tuple[Box, ...]:
    """The boxes that say where ``finding`` is, those that RSNA's radiologists drew among them.

    All boxes around findings are of something abnormal; an opacity without boxes of its own is where its likes are.
    """
    own = example.boxes.get(finding, ()) + example.boxes.get(f"{finding} (RSNA)", ())
    if own:
        return own
    alike = FINDINGS if finding == "Abnormal" else OPACITIES if finding in OPACITIES else ()
    return tuple(box for each in alike for box in example.boxes.get(each, ()))


def _shrunk(image: NDArray[np.uint8], longest: int) -> NDArray[np.uint8]:
    scale = longest / max(image.shape)
    if scale >= 1:
        return image
    side = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return np.asarray(cv2.resize(image, side, interpolation=cv2.INTER_AREA), dtype=np.uint8)
