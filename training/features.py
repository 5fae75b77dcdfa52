"""Pooled features, kept on disk: what heads and probes learn from without running the network again.

The features of an image are looked up in a folder, one small file for each network, image and turn; what is missing is
computed and put there, so an interrupted run goes on where it was. Of an ensemble the members' features stand side by
side: findings and gate are linear in them.
"""

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from model.orientation import AS_IT_IS, Turn
from model.preprocessing import prepare
from training import documents
from training.datasets.example import Example
from training.export import load
from training.scores import spoilt

Features = NDArray[np.float32]


class View(NamedTuple):
    """An example, spoilt so that ``turn`` sets it right."""

    example: Example
    turn: Turn = AS_IT_IS


class Pooler(Protocol):
    """A network without its heads."""

    #: Of the input's side, pixels.
    size: int
    #: Different for networks that differ.
    identity: str

    def pool(self, radiograph: NDArray[np.float32]) -> Features:
        """float32 (1, 1, size, size), standardised -> (D,); the members' side by side."""
        ...


class GraphPooler:
    """The network of a reader's manifest."""

    def __init__(self, manifest: Path) -> None:
        content = documents.read(manifest)
        self.size = int(content["input_size"])
        self.identity = str(content["sha256"])
        self._session = onnxruntime.InferenceSession(
            _without_heads(manifest.with_name(content["graph"])), _one_thread(), providers=["CPUExecutionProvider"]
        )

    def pool(self, radiograph: NDArray[np.float32]) -> Features:
        members = self._session.run(None, {"radiograph": radiograph})
        return np.concatenate([np.asarray(each, dtype=np.float32)[0] for each in members])


class CheckpointPooler:
    """The averaged network of a checkpoint, read at ``size`` pixels."""

    def __init__(self, checkpoint: Path, size: int) -> None:
        self.size = size
        self.identity = f"{hashlib.sha256(checkpoint.read_bytes()).hexdigest()} {size}"
        self._network, _ = load(checkpoint)

    @torch.inference_mode()
    def pool(self, radiograph: NDArray[np.float32]) -> Features:
        pooled = self._network(torch.from_numpy(radiograph)).features[0].numpy()
        return np.asarray(pooled, dtype=np.float32)


def pooler(network: Path, size: int) -> Pooler:
    """Of a manifest (``.json``), or of a checkpoint that is then read at ``size`` pixels."""
    return GraphPooler(network) if network.suffix == ".json" else CheckpointPooler(network, size)


def pooled(source: Pooler, views: Sequence[View], cache: Path) -> Features:
    """float32 (views, D); from ``cache`` where they are there."""

    def row(view: View) -> Features:
        path = cache / f"{_key(source, view)}.npy"
        if not path.exists():
            tensor, _ = prepare(spoilt(*view), source.size)
            _write(path, source.pool(tensor))
        return np.asarray(np.load(path), dtype=np.float32)

    cache.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.stack(list(tqdm(pool.map(row, views), "features", total=len(views), mininterval=10)))


def _key(source: Pooler, view: View) -> str:
    return hashlib.sha256(f"{source.identity} {view.example.image} {view.turn}".encode()).hexdigest()[:32]


def _write(path: Path, row: Features) -> None:
    """Whole or not at all."""
    partial = path.with_suffix(".partial.npy")
    np.save(partial, row)
    partial.replace(path)


def _one_thread() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # not the weights of the heads, which are not used here
    return options


def layers(graph: onnx.GraphProto, head: str) -> list[onnx.NodeProto]:
    """The layer of each member that is called ``head``, in the members' order: nodes of input, weight and bias."""
    return [node for node in graph.node if len(node.input) > 2 and node.input[1].endswith(f"{head}.weight")]


def _without_heads(path: Path) -> bytes:
    """The graph at ``path`` with the members' pooled features for outputs, and nothing else computed."""
    program = onnx.load(str(path))
    wanted = [node.input[0] for node in layers(program.graph, "gate")]
    needed, kept = set(wanted), []
    for node in reversed(program.graph.node):
        if needed & set(node.output):
            needed |= set(node.input)
            kept.append(node)
    del program.graph.node[:], program.graph.output[:]
    program.graph.node.extend(reversed(kept))
    program.graph.output.extend(onnx.helper.make_tensor_value_info(name, 1, None) for name in wanted)
    data: bytes = program.SerializeToString()
    return data
