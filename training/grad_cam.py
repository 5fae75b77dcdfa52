"""Grad-CAM of a reader's findings, to compare its heatmaps with.

A finding's logit is the mean over all places of a 1x1 convolution, so its gradient is the same at every place and
Grad-CAM is that convolution's output itself (Selvaraju et al., 2017, arXiv 1610.02391, section 3): nothing is computed
backwards. What is below zero is kept; it changes no highest place.
"""

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from model.preprocessing import prepare
from training import documents, levels
from training.datasets.example import Example
from training.features import layers
from training.scores import radiograph


class GradCam:
    """Of the reader of a manifest; of an ensemble the mean over its networks."""

    def __init__(self, manifest: Path) -> None:
        content = documents.read(manifest)
        graph = onnx.load(str(manifest.with_name(content["graph"])))
        tensors = [node.output[0] for node in layers(graph.graph, "findings")]
        self._size = int(content["input_size"])
        self._session = levels.session(graph, tensors, threads=2)

    def __call__(self, example: Example) -> NDArray[np.float32]:
        """float32 (findings, h, w)."""
        tensor, _ = prepare(radiograph(example), self._size)
        return np.asarray(np.mean(self._session.run(None, {"radiograph": tensor}), axis=0)[0], np.float32)
