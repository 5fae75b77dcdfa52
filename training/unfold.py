"""From the graph of a reader back to a network that can be trained: `hilum train --reader MANIFEST`.

An exported graph has every batch normalisation folded into its convolution. What it computes is kept; where weight ends
and normalisation begins is chosen anew: each channel's weight as long as the ImageNet weight that it came from, the
running mean and variance as they are on some images.
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from training import documents
from training.dataset import Batch, Radiographs
from training.network import GATE, Network, from_imagenet

#: Layers with a row for each finding.
PER_FINDING = ("findings.", "places.")
#: How the names of weights end that are stored in 16 bits.
HALF = ".half"
#: How the names of an ensemble's first member begin.
FIRST_MEMBER = "network.members.0."


def initializers(manifest: Path) -> tuple[dict[str, Tensor], list[str]]:
    """The weights in the graph of ``manifest`` by name, and the findings in the order of its output.

    Of an ensemble the weights of its first member, by the names that they have in a network alone.
    """
    content = documents.read(manifest)
    graph = onnx.load(str(manifest.with_name(content["graph"]))).graph
    weights = {}
    for each in graph.initializer:
        name = each.name.removesuffix(HALF).replace(FIRST_MEMBER, "network.")
        weights[name] = torch.from_numpy(onnx.numpy_helper.to_array(each).copy()).float()
    return weights, [look["name"] for look in content["findings"]]


def normalised(network: Network) -> Iterator[tuple[str, nn.Conv2d, nn.BatchNorm2d]]:
    """Every convolution that a batch normalisation follows, with its name."""
    modules = list(network.named_modules())
    for (name, layer), (_, follower) in pairwise(modules):
        if isinstance(layer, nn.Conv2d) and isinstance(follower, nn.BatchNorm2d):
            yield name, layer, follower


@torch.no_grad()
def folded(manifest: Path, findings: tuple[str, ...]) -> Network:
    """The network of ``manifest`` for ``findings``, its normalisations only adding a bias: to read with, not to train.

    What the reader does not know, a finding or heatmaps of their own, starts as ImageNet left it.
    """
    weights, known = initializers(manifest)
    network = from_imagenet(len(findings)).eval()
    for name, convolution, normalisation in normalised(network):
        convolution.weight.copy_(weights[f"network.{name}.weight"])
        _pass_through(normalisation, weights[f"network.{name}.weight_bias"])
    for row, finding in enumerate(findings):
        if finding in known:
            for name, parameter in network.named_parameters():
                if name.startswith(PER_FINDING) and f"network.{name}" in weights:
                    parameter[row] = weights[f"network.{name}"][known.index(finding)]
    network.gate.weight.copy_(weights["network.gate.weight"][: len(GATE)])  # `hilum laterals` adds one
    network.gate.bias.copy_(weights["network.gate.bias"][: len(GATE)])
    return network


@torch.no_grad()
def unfold(manifest: Path, findings: tuple[str, ...], data: Radiographs) -> Network:
    """The network of ``manifest`` for ``findings``; one that the reader does not know starts as ImageNet left it."""
    network = folded(manifest, findings)
    pairs = [(convolution, normalisation) for _, convolution, normalisation in normalised(network)]
    lengths = [_length(convolution.weight) for _, convolution, _ in normalised(from_imagenet(len(findings)))]
    _measure(network, pairs, data)
    for (convolution, normalisation), length in zip(pairs, lengths, strict=True):
        _stretch(convolution, normalisation, length / _length(convolution.weight))
    return network


def _length(weight: Tensor) -> Tensor:
    lengths: Tensor = weight.flatten(1).norm(dim=1)
    return lengths


def _pass_through(normalisation: nn.BatchNorm2d, bias: Tensor) -> None:
    """Let ``normalisation`` only add ``bias``."""
    for values in (normalisation.running_mean, normalisation.running_var):
        assert values is not None
        values.zero_()
    normalisation.weight.fill_(normalisation.eps**0.5)
    normalisation.bias.copy_(bias)


def _measure(network: Network, pairs: list[tuple[nn.Conv2d, nn.BatchNorm2d]], data: Radiographs) -> None:
    """Give every normalisation the mean and variance of what comes, and undo both in its weight and bias."""
    sums = {each: torch.zeros(3, each.num_features, dtype=torch.float64) for _, each in pairs}

    def note(normalisation: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        values = inputs[0].double()
        count = torch.full((values.shape[1],), float(values[:, 0].numel()), dtype=torch.float64)
        sums[normalisation] += torch.stack([count, values.sum((0, 2, 3)), values.square().sum((0, 2, 3))])  # type: ignore[index]

    hooks = [normalisation.register_forward_pre_hook(note) for _, normalisation in pairs]
    network.eval()
    loader: DataLoader[Batch] = DataLoader(data, batch_size=8)
    for batch in loader:
        network(batch.pixels)
    for hook in hooks:
        hook.remove()
    for normalisation, (count, total, squares) in sums.items():
        mean = total / count
        variance = (squares / count - mean.square()).clamp(min=1e-6)
        assert normalisation.running_mean is not None
        assert normalisation.running_var is not None
        normalisation.running_mean.copy_(mean)
        normalisation.running_var.copy_(variance)
        normalisation.weight.copy_((variance + normalisation.eps).sqrt())
        normalisation.bias.add_(mean.float())


def _stretch(convolution: nn.Conv2d, normalisation: nn.BatchNorm2d, by: Tensor) -> None:
    """Make each channel's weight ``by`` times as long and let the normalisation undo it; dead channels stay so."""
    by = by.nan_to_num(1.0).clamp(1e-3, 1e3)
    assert normalisation.running_mean is not None
    assert normalisation.running_var is not None
    before = (normalisation.running_var + normalisation.eps).sqrt()
    convolution.weight.mul_(by[:, None, None, None])
    normalisation.running_mean.mul_(by)
    normalisation.running_var.mul_(by.square())
    normalisation.weight.mul_((normalisation.running_var + normalisation.eps).sqrt() / (before * by))
