"""From logits to probabilities: the same two lines for serving, calibration and evaluation."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32, 0..1; beyond 40 either way it is 0 or 1 to the last bit, and exp would overflow."""
    return np.asarray(1 / (1 + np.exp(-logits.clip(-40, 40))), dtype=np.float32)


def probability(logits: NDArray[np.float32], slope: ArrayLike, offset: ArrayLike) -> NDArray[np.float32]:
    """Platt's calibration: sigmoid(slope x logit + offset); ``slope`` and ``offset`` broadcast."""
    return sigmoid(np.asarray(np.multiply(slope, logits) + offset, dtype=np.float32))
