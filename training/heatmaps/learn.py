"""Learning where findings are: from boxes where there are any, and from what is known of the rest."""

import torch
from torch import Tensor
from torch.utils.data import DataLoader
from tqdm import tqdm

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
    decoder = Decoder(findings)
    loader: DataLoader[Sample] = DataLoader(pool, BATCH, shuffle=True, drop_last=True)
    optimizer = torch.optim.AdamW(decoder.parameters(), RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=passes * len(loader))
    for number in range(passes):
        total = 0.0
        for batch in tqdm(loader, f"pass {number + 1}", mininterval=10):
            optimizer.zero_grad()
            value = loss(decoder(*[each.float() for each in batch.levels]), batch)
            value.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            total += float(value.detach())
        print(f"pass {number + 1}: loss {total / len(loader):.4f}", flush=True)
    return decoder.eval()
