"""Augmented radiographs as the levels that the frozen network makes of them: computed once, learned from many times."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset
from tqdm import tqdm

from model.preprocessing import resize, standardise
from training.anatomy.decoder import CELL
from training.anatomy.outlines import UNKNOWN, Outlined
from training.augmentation import blur_as_thumbnail

#: Chance of a radiograph to be shrunk to a thumbnail first.
BLURRED = 0.15


class Sample(NamedTuple):
    """The levels in half precision and the truth: float16 (STRUCTURES, S / CELL, S / CELL), 0..1, NaN where unknown."""

    levels: list[Tensor]
    truth: Tensor


class Pool(Dataset[Sample]):
    """``draws`` augmented radiographs of ``examples``, each drawn with its weight."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        examples: Sequence[Outlined],
        weights: Sequence[float],
        *,
        draws: int,
        seed: int,
    ) -> None:
        size = session.get_inputs()[0].shape[-1]
        random = np.random.default_rng(seed)
        chances = np.array(weights, np.float64) / np.sum(weights)
        chosen = random.choice(len(examples), size=draws, p=chances)
        self.samples = [
            self._sample(session, *changed(examples[i], size, random))
            for i in tqdm(chosen.tolist(), "levels", mininterval=10)
        ]

    @staticmethod
    def _sample(session: onnxruntime.InferenceSession, pixels: NDArray[np.float32], truth: NDArray[np.uint8]) -> Sample:
        levels = session.run(None, {"radiograph": standardise(pixels)[None, None]})
        side = len(pixels) // CELL
        inside, unknown = (
            np.array([resize(each.astype(np.float32), side) for each in planes])
            for planes in (truth == 1, truth == UNKNOWN)
        )
        cells = np.where(unknown > 0, np.float32(np.nan), inside)
        return Sample([torch.from_numpy(each[0]).half() for each in levels], torch.from_numpy(cells).half())

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, row: int) -> Sample:
        return self.samples[row]


def changed(example: Outlined, size: int, random: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Pixels (S, S), 0..1, and truth (STRUCTURES, S, S) changed alike, in shape and in how they were exposed."""
    pixels = resize(np.divide(example.pixels, 255, dtype=np.float32), size)
    if random.random() < BLURRED:
        pixels = resize(blur_as_thumbnail(pixels, random), size)
    x, y = field(size, random)
    moved = cv2.remap(pixels, x, y, cv2.INTER_LINEAR)
    scale = [np.float32(edge / size) for edge in example.truth.shape[:0:-1]]
    truth = [cv2.remap(each, x * scale[0], y * scale[1], cv2.INTER_NEAREST) for each in example.truth]
    return exposed(np.asarray(moved, np.float32), random), np.array(truth, np.uint8)


#: Largest random shift in parts of the side, and knots on a side of the grid of such shifts.
BEND, KNOTS = 0.025, 5


def field(size: int, random: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where each pixel comes from: turned, scaled, shifted, and bent smoothly, so that no two chests have one shape."""
    angle, shear = random.uniform(-0.14, 0.14), random.uniform(-0.05, 0.05)
    scale = 1 / random.uniform(0.82, 1.15, 2)  # each axis its own: the aspect ratio is not to be trusted
    turn = np.array([[np.cos(angle), -np.sin(angle) + shear], [np.sin(angle), np.cos(angle)]]) * scale[:, None]
    coarse = random.uniform(-BEND, BEND, (KNOTS, KNOTS, 2)).astype(np.float32) * size
    places = cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)
    rows, columns = np.mgrid[0:size, 0:size].astype(np.float32) - size / 2
    shift = size / 2 + random.uniform(-0.06, 0.06, 2) * size
    x = turn[0, 0] * columns + turn[0, 1] * rows + shift[0] + places[..., 0]
    y = turn[1, 0] * columns + turn[1, 1] * rows + shift[1] + places[..., 1]
    return x.astype(np.float32), y.astype(np.float32)


def exposed(pixels: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """Another contrast, another dose, another sharpness, and things that lie in the way."""
    size = len(pixels)
    pixels = np.clip(pixels, 0, 1) ** np.float32(np.exp(random.uniform(-0.6, 0.6)))
    if random.random() < 0.3:
        pixels = pixels + np.float32(random.uniform(0.1, 0.5)) * (
            np.asarray(cv2.GaussianBlur(pixels, (0, 0), 20), np.float32) - np.float32(0.5)
        )
    if random.random() < 0.3:
        pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), random.uniform(0.4, 1.5)), np.float32)
    if random.random() < 0.4:
        pixels = pixels + random.standard_normal(pixels.shape, np.float32) * np.float32(random.uniform(0.01, 0.06))
    for _ in range(int(random.integers(0, 3))):
        start, end = random.integers(0, size, (2, 2)).tolist()
        cv2.line(pixels, start, end, float(random.uniform(0.5, 1)), int(random.integers(1, 4)), cv2.LINE_AA)
    if random.random() < 0.3:
        left, top = random.integers(0, size - size // 5, 2).tolist()
        width, height = random.integers(size // 20, size // 5, 2).tolist()
        pixels[top : top + height, left : left + width] = random.choice([0.0, 1.0])
    return np.asarray(pixels, np.float32)
