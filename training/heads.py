"""What a reader says of pooled features: findings, gate and distance without the layers below.

A finding's logit is the mean over all places of a 1x1 convolution, so it is the same linear function of the pooled
features; of an ensemble all are means over the members.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray

from model.calibration import sigmoid
from model.gate import TURNS
from model.orientation import AS_IT_IS, Turn
from model.reader import Reader
from training import documents
from training.datasets.example import Example, targets
from training.distance import Distance
from training.features import Features, GraphPooler, View, layers, pooled
from training.scores import Scorer, Scores, score
from training.unfold import HALF

#: What the option ``--cache`` does.
CACHE = "Keep pooled features in this folder: what was interrupted goes on, and another command finds them there."


class Linear:
    """features (N, D), the members' side by side -> (N, outputs)."""

    def __init__(self, weights: Features, biases: Features) -> None:
        #: (outputs, D), and (outputs,).
        self.weights, self.biases = weights, biases

    def __call__(self, features: Features) -> Features:
        said: Features = features @ self.weights.T + self.biases
        return said


class Heads:
    """Of the reader of a manifest."""

    def __init__(self, manifest: Path) -> None:
        content = documents.read(manifest)
        self.findings = tuple(look["name"] for look in content["findings"])
        self.outputs = tuple(content["gate"])
        graph = onnx.load(str(manifest.with_name(content["graph"]))).graph
        self.finding_logits = _mean_of_members(graph, "findings")
        self.gate_logits = _mean_of_members(graph, "gate")
        weights = initializers(graph)
        self._distance = Distance(*weights["distance.axes"].shape)
        self._distance.load_state_dict(
            {name: torch.from_numpy(weights[f"distance.{name}"]) for name in ("mean", "axes", "variances")}
        )

    def gate(self, features: Features) -> dict[str, Features]:
        """Probabilities (N,) by the output's name."""
        said = self.gate_logits(features)
        turns, flags = said[:, : len(TURNS)], said[:, len(TURNS) :]
        softmax = np.exp(turns - turns.max(1, keepdims=True))
        columns = np.concatenate([softmax / softmax.sum(1, keepdims=True), sigmoid(flags)], axis=1)
        return dict(zip(self.outputs, columns.T.astype(np.float32), strict=True))

    def distance(self, features: Features) -> Features:
        width = len(self._distance.mean)
        means = features.reshape(len(features), -1, width).mean(1)
        return np.asarray(self._distance(torch.from_numpy(means)).numpy(), dtype=np.float32)


def scorer(manifest: Path, cache: Path | None) -> Scorer:
    """Of the reader of ``manifest``; with a ``cache`` by its pooled features, which are kept there."""
    if cache is None:
        return partial(score, Reader.load(manifest))
    return partial(_score, GraphPooler(manifest), Heads(manifest), cache)


def _score(
    source: GraphPooler, heads: Heads, cache: Path, examples: Sequence[Example], needed: Turn = AS_IT_IS
) -> Scores:
    features = pooled(source, [View(example, needed) for example in examples], cache)
    return Scores(
        examples=tuple(examples),
        findings=heads.findings,
        logits=heads.finding_logits(features),
        truth=np.stack([targets(example, heads.findings) for example in examples]),
        gate=heads.gate(features),
        distance=heads.distance(features),
    )


def initializers(graph: onnx.GraphProto) -> dict[str, NDArray[np.float32]]:
    """The weights by the names that the layers know them by."""
    return {
        each.name.removesuffix(HALF): onnx.numpy_helper.to_array(each).astype(np.float32) for each in graph.initializer
    }


def _mean_of_members(graph: onnx.GraphProto, head: str) -> Linear:
    weights = initializers(graph)
    members = [(weights[node.input[1]], weights[node.input[2]]) for node in layers(graph, head)]
    side_by_side = [weight.reshape(len(weight), -1) for weight, _ in members]
    mean = np.concatenate(side_by_side, axis=1) / np.float32(len(members))
    return Linear(mean, np.mean([bias for _, bias in members], axis=0))
