"""How good a score is, with intervals.

Patients are resampled, not images: the images of one patient are not independent.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.metrics import average_precision_score, roc_curve

Truth = NDArray[np.bool_]
Score = NDArray[np.float32]

#: A statistic of truth (n,) and score (n,).
Statistic = Callable[[Truth, Score], float]

RESAMPLES = 500


class Estimate(NamedTuple):
    """A value and its 95 % interval."""

    value: float
    low: float
    high: float


def auroc(truth: Truth, score: Score) -> float:
    """The share of pairs, one of each class, in the right order; ties count half. By ranks, which is fast."""
    present, absent = int(truth.sum()), int((~truth).sum())
    above = rankdata(score)[truth].sum() - present * (present + 1) / 2
    return float(above / (present * absent))


def average_precision(truth: Truth, score: Score) -> float:
    return float(average_precision_score(truth, score))


def sensitivity(threshold: float) -> Statistic:
    return lambda truth, score: float((score[truth] >= threshold).mean())


def specificity(threshold: float) -> Statistic:
    return lambda truth, score: float((score[~truth] < threshold).mean())


def calibration_bins(truth: Truth, probability: Score, bins: int = 10) -> NDArray[np.float64]:
    """Reliability: a row (mean probability, observed share, count) for each equal-width bin that is not empty."""
    which = np.minimum((probability * bins).astype(int), bins - 1)
    rows = [
        (probability[which == b].mean(), truth[which == b].mean(), (which == b).sum())
        for b in np.unique(which).tolist()
    ]
    return np.array(rows, dtype=np.float64)


def expected_calibration_error(truth: Truth, probability: Score) -> float:
    """Mean distance between probability and observed share, weighted by count (Naeini et al., 2015)."""
    mean, observed, count = calibration_bins(truth, probability).T
    return float((np.abs(mean - observed) * count).sum() / count.sum())


def youden(truth: Truth, score: Score) -> float:
    """The threshold with the largest sensitivity + specificity."""
    false, true, thresholds = roc_curve(truth, score)
    return float(thresholds[1:][np.argmax((true - false)[1:])])


def at_sensitivity(truth: Truth, score: Score, wanted: float) -> float:
    """The highest threshold that still reaches ``wanted`` sensitivity."""
    _, true, thresholds = roc_curve(truth, score)
    return float(thresholds[np.argmax(true >= wanted)])


def resampled(patients: NDArray[np.str_], resamples: int) -> Iterator[NDArray[np.intp]]:
    """The rows of as many patients as there are, drawn with repetition; each time anew, always the same."""
    names, which = np.unique(patients, return_inverse=True)
    rows = np.split(np.argsort(which, kind="stable"), np.cumsum(np.bincount(which))[:-1])
    random = np.random.default_rng(0)
    for _ in range(resamples):
        yield np.concatenate([rows[i] for i in random.integers(len(names), size=len(names))])


def estimate(
    statistic: Statistic, truth: Truth, score: Score, patients: NDArray[np.str_], *, resamples: int = RESAMPLES
) -> Estimate:
    """The statistic with its percentile bootstrap interval over patients; resamples of one class are left out."""
    values = [
        statistic(truth[drawn], score[drawn])
        for drawn in resampled(patients, resamples)
        if 0 < truth[drawn].sum() < len(drawn)
    ]
    low, high = np.percentile(values, [2.5, 97.5]) if values else (np.nan, np.nan)
    return Estimate(statistic(truth, score), float(low), float(high))


def macro_auroc(
    truth: NDArray[np.bool_], score: NDArray[np.float32], patients: NDArray[np.str_], *, resamples: int = RESAMPLES
) -> Estimate:
    """The mean AUROC over the columns of truth and score (n, findings), with its bootstrap interval over patients."""

    def mean(rows: NDArray[np.intp]) -> float:
        both = [i for i in range(truth.shape[1]) if 0 < truth[rows, i].sum() < len(rows)]
        return sum(auroc(truth[rows, i], score[rows, i]) for i in both) / len(both) if both else np.nan

    low, high = np.nanpercentile([mean(rows) for rows in resampled(patients, resamples)], [2.5, 97.5])
    return Estimate(mean(np.arange(len(truth))), float(low), float(high))
