"""How good outlines are, against those that people drew: Dice, and the error of the cardiothoracic ratio."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from model.anatomy import outlines, ratio
from model.placement import Placement
from model.reading import STRUCTURES
from training import metrics
from training.anatomy.outlines import UNKNOWN, Outlined
from training.metrics import Estimate

#: From a radiograph, uint8 (rows, columns), to logits (STRUCTURES, h, w).
Draws = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


class Compared(NamedTuple):
    """One radiograph: Dice of both lung fields together and of the heart, the two ratios; NaN where there is none."""

    name: str
    patient: str
    lungs: float
    heart: float
    ours: float
    theirs: float


def dice(ours: NDArray[np.bool_], theirs: NDArray[np.bool_]) -> float:
    return float(2 * (ours & theirs).sum() / max(1, ours.sum() + theirs.sum()))


def compare(draws: Draws, example: Outlined) -> Compared:
    """On the example's own grid. Outlines that the reader would not show count as nothing drawn."""
    rows, columns = example.pixels.shape
    drawn = outlines(draws(example.pixels), Placement(rows=rows, columns=columns, size=1))
    masks = np.zeros((len(STRUCTURES), rows, columns), bool)
    if drawn is not None:
        enlarged = [
            cv2.resize(each.astype(np.float32), (columns, rows), interpolation=cv2.INTER_LINEAR) for each in drawn.masks
        ]
        masks = np.array(enlarged) > 0.5
    lungs = dice(masks[0] | masks[1], (example.truth[0] == 1) | (example.truth[1] == 1))
    if (example.truth[2] == UNKNOWN).any():
        return Compared(example.name, example.patient, lungs, np.nan, np.nan, np.nan)
    theirs = example.truth == 1
    ours = ratio(drawn.masks) if drawn is not None else np.nan
    return Compared(example.name, example.patient, lungs, dice(masks[2], theirs[2]), ours, ratio(theirs))


def summary(compared: Sequence[Compared]) -> dict[str, Any]:
    """Means with 95 % intervals (bootstrap over patients); differences of the ratio with their 95 % limits."""
    patients = np.array([each.patient for each in compared], np.str_)
    lungs = np.array([each.lungs for each in compared])
    heart = np.array([each.heart for each in compared])
    found: dict[str, Any] = {"radiographs": len(compared), "lungs": mean(lungs, patients)}
    if np.isnan(heart).all():
        return found
    difference = np.array([each.ours - each.theirs for each in compared])
    stated = difference[~np.isnan(difference)]
    middle, spread = float(stated.mean()), float(stated.std(ddof=1))
    return found | {
        "heart": mean(heart, patients),
        "ratio": {
            "radiographs": len(stated),
            "bias": middle,
            "limits": [middle - 1.96 * spread, middle + 1.96 * spread],
            "absolute": float(np.abs(stated).mean()),
        },
        "not outlined": int(np.isnan(difference).sum()),
    }


def mean(values: NDArray[np.float64], patients: NDArray[np.str_]) -> Estimate:
    means = [float(np.nanmean(values[rows])) for rows in metrics.resampled(patients, metrics.RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(np.nanmean(values)), float(low), float(high))
