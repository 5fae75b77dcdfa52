"""From the levels to heatmaps of a finer grid than the network's own."""

from typing import cast

from torch import Tensor, nn
from torch.nn import functional

from training.levels import channels
from training.network import convolution

WIDTH = 48
#: Side in pixels of the input of a cell of the heatmaps.
CELL = 16
#: Chance of a channel of a level to be left out while it learns: boxes are few.
DROPPED = 0.3


class Decoder(nn.Module):
    """Levels (B, C, S / stride, S / stride), finest first -> local logits (B, findings, S / 16, S / 16).

    The finest level is not used: a finding's place is not told by edges of four pixels.
    """

    def __init__(self, findings: int) -> None:
        super().__init__()
        _, fine, middle, coarse = channels()
        self.fine = nn.Sequential(nn.Dropout2d(DROPPED), *convolution(fine, WIDTH, 3, 2))
        self.middle = nn.Sequential(nn.Dropout2d(DROPPED), *convolution(middle, WIDTH))
        self.coarse = nn.Sequential(
            nn.Dropout2d(DROPPED), *convolution(coarse, WIDTH), nn.ReLU(), *convolution(WIDTH, WIDTH, 3)
        )
        self.blocks = nn.Sequential(
            nn.ReLU(), *convolution(WIDTH, WIDTH, 3), nn.ReLU(), *convolution(WIDTH, WIDTH, 3), nn.ReLU()
        )
        self.out = nn.Conv2d(WIDTH, findings, 1)

    def forward(self, _finest: Tensor, fine: Tensor, middle: Tensor, coarse: Tensor) -> Tensor:
        above = functional.interpolate(self.coarse(coarse), scale_factor=2.0, mode="bilinear")
        return cast("Tensor", self.out(self.blocks(self.fine(fine) + self.middle(middle) + above)))
