"""From the levels to the outlines: a feature pyramid (Lin et al., 2017, arXiv 1612.03144) of a few blocks."""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from model.reading import STRUCTURES
from training.levels import channels
from training.network import convolution

WIDTH = 32
#: Side in pixels of the input of a cell of the outlines.
CELL = 8


class Decoder(nn.Module):
    """Levels (B, C, S / stride, S / stride), finest first -> logits (B, STRUCTURES, S / 8, S / 8).

    The finest level is folded into the next one's grid: a cell of 8 pixels with soft borders is fine enough for an
    outline, and costs a quarter.
    """

    def __init__(self) -> None:
        super().__init__()
        finest, *others = channels()
        self.fold = nn.PixelUnshuffle(2)
        self.lateral = nn.ModuleList(
            nn.Sequential(*convolution(each, WIDTH)) for each in (others[0] + 4 * finest, *others[1:])
        )
        self.blocks = nn.ModuleList(
            nn.Sequential(*convolution(WIDTH, WIDTH, 3), nn.ReLU(), *convolution(WIDTH, WIDTH, 3), nn.ReLU())
            for _ in others
        )
        self.out = nn.Conv2d(WIDTH, len(STRUCTURES), 1)

    def forward(self, *levels: Tensor) -> Tensor:
        finest, fine, *coarse = levels
        folded = (torch.cat([self.fold(finest), fine], 1), *coarse)
        above: Tensor | None = None
        for level, lateral, blocks in reversed(list(zip(folded, self.lateral, self.blocks, strict=True))):
            x = lateral(level)
            if above is not None:
                x = x + functional.interpolate(above, scale_factor=2.0, mode="bilinear")
            above = blocks(functional.relu(x))
        return cast("Tensor", self.out(above))


def loss(logits: Tensor, truth: Tensor) -> Tensor:
    """Cross entropy and 1 - Dice over what is known. ``truth`` (B, STRUCTURES, h, w): 0..1, NaN where unknown."""
    known = ~truth.isnan()
    told = truth.nan_to_num(0.0)
    entropy = functional.binary_cross_entropy_with_logits(logits, told, reduction="none")
    given = logits.sigmoid() * known
    both = (given * told).sum((2, 3))
    total = given.sum((2, 3)) + (told * known).sum((2, 3))
    dice = (2 * both + 1) / (total + 1)
    complete = known.flatten(2).all(2)  # of a part of an outline the Dice says little
    return (entropy * known).sum() / known.sum().clamp(min=1) + (1 - dice)[complete].sum() / complete.sum().clamp(min=1)
