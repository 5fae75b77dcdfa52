"""Augmented radiographs as the levels that a reader's frozen network makes of them: computed once, used often."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset
from tqdm import tqdm

from training import priors
from training.dataset import Radiographs, boxed
from training.datasets.example import Example
from training.heatmaps.decoder import CELL

#: Of the radiographs drawn, how many have boxes around a finding.
BOXED = 0.6


class Sample(NamedTuple):
    """The levels in half precision, and what is known of one radiograph."""

    levels: list[Tensor]
    findings: Tensor  # float32 (F,): 1, 0 or NaN
    priors: Tensor  # float32 (F,): log-odds of each finding in such examples, known without looking
    places: Tensor  # float32 (F, S / CELL, S / CELL): share of each cell inside the finding's boxes; all 0 if unknown


class Pool(Dataset[Sample]):
    """``draws`` augmented radiographs of ``examples``, each drawn with its weight (`weights`)."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        examples: list[Example],
        findings: tuple[str, ...],
        drawn: NDArray[np.float64],
        *,
        draws: int,
        seed: int,
    ) -> None:
        size = session.get_inputs()[0].shape[-1]
        chosen = np.random.default_rng(seed).choice(len(examples), size=draws, p=drawn)
        rows, places = np.unique(chosen, return_inverse=True)
        odds = priors.log_odds(examples, drawn, findings)[rows]
        kept = [examples[row] for row in rows.tolist()]
        data = Radiographs(kept, findings, size, seed=seed, priors=odds, cell=CELL)
        self.samples = []
        for number, row in enumerate(tqdm(places.tolist(), "levels", mininterval=10)):
            data.epoch = number  # another way to augment each time
            self.samples.append(_sample(session, data, row))

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, row: int) -> Sample:
        return self.samples[row]


def _sample(session: onnxruntime.InferenceSession, data: Radiographs, row: int) -> Sample:
    seen = data[row]
    levels = session.run(None, {"radiograph": seen.pixels[None].numpy()})
    halves = [torch.from_numpy(each[0]).half() for each in levels[1:]]
    return Sample([halves[0].new_empty(0), *halves], seen.findings, seen.priors, seen.places)


def weights(
    examples: Sequence[Example], sampled: NDArray[np.float64], findings: tuple[str, ...]
) -> NDArray[np.float64]:
    """The chance of each example to be drawn: BOXED for all with boxes, alike; the others as they are ``sampled``."""
    with_boxes = np.array([bool(boxed(example, findings)) for example in examples])
    others = np.where(with_boxes, 0, sampled)
    drawn: NDArray[np.float64] = BOXED * with_boxes / with_boxes.sum() + (1 - BOXED) * others / others.sum()
    return drawn
