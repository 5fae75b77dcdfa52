"""Learning where findings are: from boxes where there are any, and from what is known of the rest."""

import torch
from torch import Tensor

from training.fitting import fit
from training.heatmaps.decoder import Decoder
from training.heatmaps.pool import Pool, Sample
from training.losses import masked_bce, outside
from training.network import mean_odds

BATCH, RATE, DECAY = 32, 3e-3, 0.02
#: What the boxes count for beside what is present.
BOXES = 0.5


def loss(maps: Tensor, sample: Sample) -> Tensor:
    """The heatmaps together must say what is present beyond its priors, and lie inside the boxes. A scalar."""
    present = masked_bce(mean_odds(maps) + sample.priors, sample.findings)
    return present + BOXES * outside(maps, sample.places)


def learn(pool: Pool, findings: int, *, passes: int, seed: int) -> Decoder:
    """A decoder that has seen the ``pool`` so many times."""
    torch.manual_seed(seed)
    return fit(Decoder(findings), pool, _loss, passes=passes, batch=BATCH, rate=RATE, decay=DECAY)


def _loss(decoder: Decoder, batch: Sample) -> Tensor:
    return loss(decoder(*[each.float() for each in batch.levels]), batch)
