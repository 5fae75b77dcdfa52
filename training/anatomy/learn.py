"""Learning the outlines, and going on from what was learned on radiographs that nobody outlined."""

from collections.abc import Sequence

import cv2
import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from model.anatomy import one_piece, plausible
from model.calibration import sigmoid
from model.preprocessing import resize, standardise
from training.anatomy.decoder import Decoder, loss
from training.anatomy.outlines import UNKNOWN, Outlined, heart_window
from training.anatomy.pool import Pool, Sample
from training.datasets.example import Example
from training.fitting import fit

BATCH, RATE, DECAY = 16, 3e-3, 0.01
#: A pixel of a radiograph that nobody outlined is taken for known beyond this probability, or below 1 minus it.
SURE = 0.8
#: Of a structure's size, so much may be unknown.
UNSURE = 0.25


def learn(pool: Pool, *, passes: int, seed: int, start: Decoder | None = None) -> Decoder:
    """A decoder that has seen the ``pool`` so many times."""
    torch.manual_seed(seed)
    return fit(start or Decoder(), pool, _loss, passes=passes, batch=BATCH, rate=RATE, decay=DECAY)


def _loss(decoder: Decoder, batch: Sample) -> Tensor:
    return loss(decoder(*[each.float() for each in batch.levels]), batch.truth.float())


@torch.inference_mode()
def seen(session: onnxruntime.InferenceSession, decoder: Decoder, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Logits (STRUCTURES, S / 8, S / 8) of one radiograph as it is."""
    size = session.get_inputs()[0].shape[-1]
    square = standardise(resize(np.divide(pixels, 255, dtype=np.float32), size))[None, None]
    levels = [torch.from_numpy(each) for each in session.run(None, {"radiograph": square})]
    return np.asarray(decoder(*levels)[0].numpy(), np.float32)


def taught(session: onnxruntime.InferenceSession, decoder: Decoder, examples: Sequence[Example]) -> list[Outlined]:
    """Those of ``examples`` that ``decoder`` outlines plausibly and surely, with what it is sure of."""
    found = []
    for example in tqdm(examples, "outline", mininterval=10):
        cells = seen(session, decoder, example.pixels())
        logits = np.array([cv2.resize(each, example.shape[::-1], interpolation=cv2.INTER_LINEAR) for each in cells])
        if (truth := sure(sigmoid(logits))) is not None:
            found.append(Outlined.of(example, truth))
    return found


def sure(probability: NDArray[np.float32]) -> NDArray[np.uint8] | None:
    """What ``probability`` (STRUCTURES, rows, columns) is sure of; None if that is too little, or no chest is so."""
    likely = np.array([one_piece(each > 0.5) for each in probability])
    if not likely[:2].any(axis=(1, 2)).all():
        return None
    window = heart_window(likely[0], likely[1])
    likely[2] = one_piece((probability[2] > 0.5) & window)
    if not plausible(likely):
        return None
    unknown = np.abs(probability - 0.5) < SURE - 0.5
    unknown[2] &= window
    truth = np.where(unknown, UNKNOWN, likely).astype(np.uint8)
    unsure = unknown.sum(axis=(1, 2))
    return truth if (unsure <= UNSURE * likely.sum(axis=(1, 2))).all() else None
