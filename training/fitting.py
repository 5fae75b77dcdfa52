"""A decoder learns from a pool of radiographs whose levels are known: AdamW, one cycle of the learning rate."""

from collections.abc import Callable
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset
from tqdm import tqdm

AnyDecoder = TypeVar("AnyDecoder", bound=nn.Module)


def fit(
    decoder: AnyDecoder,
    pool: Dataset[Any],
    loss: Callable[[AnyDecoder, Any], Tensor],
    *,
    passes: int,
    batch: int,
    rate: float,
    decay: float,
) -> AnyDecoder:
    """``decoder`` when it has seen the ``pool`` so many times, ready to evaluate; ``loss`` is that of one batch."""
    decoder.train()
    loader: DataLoader[Any] = DataLoader(pool, batch, shuffle=True, drop_last=True)
    optimizer = torch.optim.AdamW(decoder.parameters(), rate, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=passes * len(loader))
    for number in range(passes):
        total = 0.0
        for samples in tqdm(loader, f"pass {number + 1}", mininterval=10):
            optimizer.zero_grad()
            value = loss(decoder, samples)
            value.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            total += float(value.detach())
        print(f"pass {number + 1}: loss {total / len(loader):.4f}", flush=True)
    return decoder.eval()
