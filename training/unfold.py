"""From the graph of a reader back to a network that can be trained: `hilum train --reader MANIFEST`.

An exported graph has batch normalisations folded into their convolutions, but for layers that networks have in common.
What it computes is kept; where weight ends and normalisation begins is chosen anew: each channel's weight as long as
the ImageNet weight that it came from, the running mean and variance as they are on some images.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import onnx
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from training import documents
from training.dataset import Batch, Radiographs
from training.levels import ancestors
from training.network import GATE, Network, from_imagenet

#: Layers with a row for each finding.
PER_FINDING = ("findings.", "places.")
#: How the names of weights end that are stored in 16 bits.
HALF = ".half"
#: How the names of an ensemble's members begin.
MEMBER = re.compile(r"network\.members\.\d+\.")


def initializers(manifest: Path, member: int = 0) -> tuple[dict[str, Tensor], list[str]]:
    """The weights in the graph of ``manifest`` by name, and the findings in the order of its output.

    Of an ensemble the weights of one member, by the names that they have in a network alone. A layer that members have
    in common bears the name of any of them, so the member is followed from its ends back to the input.

    Raises:
        ValueError: if the graph has no such member.
    """
    content = documents.read(manifest)
    graph = onnx.load(str(manifest.with_name(content["graph"]))).graph
    stored = {each.name: each for each in graph.initializer}
    weights = {}
    behind = _behind(graph, f"network.members.{member}.")
    if member and not behind:
        msg = f"The graph of '{manifest}' must hold several networks to take number {member}."
        raise ValueError(msg)
    for name in behind or stored:
        if name in stored:
            values = onnx.numpy_helper.to_array(stored[name])
            weights[MEMBER.sub("network.", name.removesuffix(HALF))] = torch.from_numpy(values.copy()).float()
    return weights, [look["name"] for look in content["findings"]]


def _behind(graph: onnx.GraphProto, prefix: str) -> set[str]:
    """Everything that the ends of a network, its heads, are computed from."""
    weights = {f"{prefix}{end}.weight" for end in ("findings", "places", "gate")}
    ends = [node for node in graph.node if weights & set(node.input)]
    return {name for end in ends for node in (end, *ancestors(graph, end)) for name in node.input}


class Pair(NamedTuple):
    """A convolution and the batch normalisation that follows it, with their names."""

    name: str
    convolution: nn.Conv2d
    follower: str
    normalisation: nn.BatchNorm2d


def normalised(network: Network) -> Iterator[Pair]:
    for (name, layer), (follower, normalisation) in pairwise(list(network.named_modules())):
        if isinstance(layer, nn.Conv2d) and isinstance(normalisation, nn.BatchNorm2d):
            yield Pair(name, layer, follower, normalisation)


@torch.no_grad()
def folded(manifest: Path, findings: tuple[str, ...], member: int = 0) -> Network:
    """The network of ``manifest`` for ``findings``, its normalisations only adding a bias: to read with, not to train.

    What the reader does not know, a finding or heatmaps of their own, starts as ImageNet left it.
    """
    weights, known = initializers(manifest, member)
    network = from_imagenet(len(findings)).eval()
    for pair in normalised(network):
        weight, bias = _folded(weights, pair)
        pair.convolution.weight.copy_(weight)
        _pass_through(pair.normalisation, bias)
    for row, finding in enumerate(findings):
        if finding in known:
            for name, parameter in network.named_parameters():
                if name.startswith(PER_FINDING) and f"network.{name}" in weights:
                    parameter[row] = weights[f"network.{name}"][known.index(finding)]
    network.gate.weight.copy_(weights["network.gate.weight"][: len(GATE)])  # `hilum laterals` adds one
    network.gate.bias.copy_(weights["network.gate.bias"][: len(GATE)])
    return network


def _folded(weights: dict[str, Tensor], pair: Pair) -> tuple[Tensor, Tensor]:
    """Weight and bias of a convolution with what its normalisation does."""
    weight = weights[f"network.{pair.name}.weight"]
    if (bias := weights.get(f"network.{pair.name}.weight_bias")) is not None:
        return weight, bias
    scale, shift, mean, variance = (
        weights[f"network.{pair.follower}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")
    )
    scale = scale / (variance + pair.normalisation.eps).sqrt()
    return weight * scale[:, None, None, None], shift - mean * scale


@torch.no_grad()
def unfold(manifest: Path, findings: tuple[str, ...], data: Radiographs) -> Network:
    """The network of ``manifest`` for ``findings``; one that the reader does not know starts as ImageNet left it."""
    network = folded(manifest, findings)
    pairs = [(each.convolution, each.normalisation) for each in normalised(network)]
    lengths = [_length(each.convolution.weight) for each in normalised(from_imagenet(len(findings)))]
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
