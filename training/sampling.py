"""How often each example is shown: no source, resolution or finding may drown the others."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from training.augmentation import SHARP
from training.datasets.example import Example

#: No example is shown more than this often for its rarity.
RAREST = 6.0
#: Sharp images carry small findings; they are shown more.
SHARPNESS = 1.5
#: Images without any label teach the gate alone, which learns fast: as if they taught this share of the findings.
UNLABELLED = 0.1


def weights(examples: list[Example]) -> NDArray[np.float64]:
    """float64 (examples,), sums to 1: the chance of each example to be drawn.

    A group (source, sharp or not) is drawn in proportion to the square root of its size, not to its size. Within a
    source, an example counts by its rarest label state (present or absent), again by the square root; and by the share
    of all findings of which it says anything.
    """
    groups = [(example.source, example.resolution >= SHARP) for example in examples]
    sizes = Counter(groups)
    sources = Counter(example.source for example in examples)
    most = max(len(example.labels) for example in examples)
    states = Counter((example.source, *state) for example in examples for state in example.labels.items())

    def rarity(example: Example) -> float:
        shares = [states[example.source, *state] / sources[example.source] for state in example.labels.items()]
        return min(RAREST, min(shares) ** -0.5) * max(UNLABELLED, len(shares) / most) if shares else UNLABELLED

    raw = np.array(
        [
            rarity(example) * (SHARPNESS if sharp else 1.0) / sizes[source, sharp] ** 0.5
            for example, (source, sharp) in zip(examples, groups, strict=True)
        ]
    )
    return np.asarray(raw / raw.sum(), dtype=np.float64)
