"""What a reader says of many examples, beside what is true: the table that calibration and evaluation work on."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model.orientation import AS_IT_IS, Turn
from model.radiograph import Radiograph
from model.reader import Reader, Seen
from training.augmentation import spoil
from training.datasets.example import Example, targets


@dataclass(frozen=True, kw_only=True, eq=False)
class Scores:
    """N examples, F findings."""

    examples: tuple[Example, ...]
    findings: tuple[str, ...]
    logits: NDArray[np.float32]  # (N, F), not calibrated
    truth: NDArray[np.float32]  # (N, F): 1, 0 or NaN
    gate: dict[str, NDArray[np.float32]]  # (N,), 0..1, by the output's name
    distance: NDArray[np.float32]  # (N,)

    def where(self, keep: Callable[[Example], bool]) -> "Scores":
        """The rows whose example is kept."""
        rows = np.array([keep(example) for example in self.examples], dtype=bool)
        return Scores(
            examples=tuple(example for example, row in zip(self.examples, rows, strict=True) if row),
            findings=self.findings,
            logits=self.logits[rows],
            truth=self.truth[rows],
            gate={name: values[rows] for name, values in self.gate.items()},
            distance=self.distance[rows],
        )

    def of(self, finding: str) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.str_]]:
        """Logits, truth and patients (all (n,)) of the rows where ``finding`` is known."""
        column = self.findings.index(finding)
        known = np.isfinite(self.truth[:, column])
        patients = np.array([example.patient for example in self.examples], dtype=np.str_)
        return self.logits[known, column], self.truth[known, column] > 0.5, patients[known]


def is_of(source: str, example: Example) -> bool:
    return example.source == source


def radiograph(example: Example) -> Radiograph:
    """The example as the reader gets it."""
    return Radiograph(pixels=np.divide(example.pixels(), 255, dtype=np.float32))


def spoilt(example: Example, turn: Turn) -> Radiograph:
    """The example spoilt so that ``turn`` sets it right."""
    return Radiograph(pixels=spoil(radiograph(example).pixels, turn))


def looks(reader: Reader, examples: Sequence[Example], needed: Turn = AS_IT_IS) -> list[Seen]:
    """One forward pass an example, without the gate, spoilt so that ``needed`` sets it right; one for every core."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        seen = pool.map(lambda example: reader.look(spoilt(example, needed)), examples)
        return list(tqdm(seen, "read", total=len(examples), mininterval=10))


class Scorer(Protocol):
    """Something that reads many examples."""

    def __call__(self, examples: Sequence[Example], needed: Turn = AS_IT_IS) -> Scores:
        """What is said of ``examples``, spoilt so that ``needed`` sets them right."""
        ...


def score(reader: Reader, examples: Sequence[Example], needed: Turn = AS_IT_IS) -> Scores:
    """What ``reader`` says of ``examples``, spoilt so that ``needed`` sets them right."""
    findings = tuple(look.name for look in reader.manifest.findings)
    seen = looks(reader, examples, needed)
    return Scores(
        examples=tuple(examples),
        findings=findings,
        logits=np.stack([each.logits for each in seen]),
        truth=np.stack([targets(example, findings) for example in examples]),
        gate={name: np.array([each.gate[name] for each in seen], dtype=np.float32) for name in reader.manifest.gate},
        distance=np.array([each.distance for each in seen], dtype=np.float32),
    )
