"""How common each finding is among examples of one kind: what a network could guess without looking.

Labels go with their source and their resolution: nearly every NIH image with Pneumonia is sharp, so a network learns
that blur means no pneumonia. The loss gives the guess away for free: the log-odds of a finding among the examples of
the same source and resolution are added to its logit, and only what the picture says beyond them is left to learn
(logit adjustment; Menon et al., 2021, arXiv 2007.07314, by group instead of by class).
"""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from training.augmentation import SHARP
from training.datasets.example import Example, targets

#: Examples of the whole that are added to every group: no group is sure of anything.
BORROWED = 5.0


def log_odds(examples: list[Example], weights: NDArray[np.float64], findings: tuple[str, ...]) -> NDArray[np.float32]:
    """float32 (examples, findings): of each finding in each example's group, as often as ``weights`` draws them."""
    truth = np.stack([targets(example, findings) for example in examples]).astype(np.float64)
    counts = weights[:, None] * len(examples) * np.isfinite(truth)
    present = counts * np.nan_to_num(truth)
    overall = present.sum(0) / np.maximum(counts.sum(0), 1e-9)
    groups = defaultdict(list)
    for row, example in enumerate(examples):
        groups[example.source, example.resolution >= SHARP].append(row)
    odds = np.zeros(truth.shape, dtype=np.float32)
    for rows in groups.values():
        share = (present[rows].sum(0) + BORROWED * overall) / (counts[rows].sum(0) + BORROWED)
        share = share.clip(1e-4, 1 - 1e-4)
        odds[rows] = np.log(share / (1 - share))
    return odds
