"""The features of a reader's network at strides 4, 8, 16 and 32, found in its ONNX graph.

Nothing is trained or exported anew for them: a level is what goes into the convolution where the next one begins.
"""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from training import documents
from training.network import LITE2, STEM_CHANNELS, Stage

#: Side of a cell in pixels of the input.
STRIDES = (4, 8, 16, 32)
#: Means that differ by no more than this share of the largest are the same: some weights are stored in 16 bits.
ALIKE = 0.01


def ends(stages: tuple[Stage, ...] = LITE2) -> list[str]:
    """Names of the convolutions that take the levels in: of each block that strides, and of the head."""
    first, blocks = [], 0
    for stage in stages:
        if stage.stride == 2:
            first.append(f"blocks.{blocks}.layers.0.weight")
        blocks += stage.repeats
    return [*first[1:], "head.0.weight"]  # the first stage that strides ends stride 2, which is not used


def channels(stages: tuple[Stage, ...] = LITE2) -> list[int]:
    """Of the levels, in the order of STRIDES."""
    before, found = STEM_CHANNELS, []
    for stage in stages:
        if stage.stride == 2:
            found.append(before)
        before = stage.channels
    return [*found[1:], before]


def networks(graph: onnx.ModelProto) -> list[list[str]]:
    """Of each network in the graph, an ensemble has several: the names of the tensors that are its levels.

    Networks may have their first layers in common, so each is followed from its head back to the input.

    Raises:
        ValueError: if there is none of ours.
    """
    *others, head = ends()
    found = []
    for last in [node for node in graph.graph.node if _has(node, head)]:
        before = ancestors(graph.graph, last)
        found.append([*(node.input[0] for end in others for node in before if _has(node, end)), last.input[0]])
    if not found or any(len(each) != len(STRIDES) for each in found):
        msg = f"The graph must hold a network of ours, with the weights {', '.join(ends())}. Export it again."
        raise ValueError(msg)
    return found


def _has(node: onnx.NodeProto, weight: str) -> bool:
    return node.op_type == "Conv" and node.input[1].endswith(weight)


def ancestors(graph: onnx.GraphProto, node: onnx.NodeProto) -> list[onnx.NodeProto]:
    """All nodes that ``node`` depends on."""
    makers = {output: each for each in graph.node for output in each.output}
    found: dict[str, onnx.NodeProto] = {}
    waiting = list(node.input)
    while waiting:
        maker = makers.get(waiting.pop())
        if maker and maker.output[0] not in found:
            found[maker.output[0]] = maker
            waiting += maker.input
    return list(found.values())


def session(graph: onnx.ModelProto, tensors: list[str], threads: int = 1) -> onnxruntime.InferenceSession:
    """Gives ``tensors``, levels in the order of STRIDES."""
    wanted = onnx.ModelProto()
    wanted.CopyFrom(graph)
    del wanted.graph.output[:]
    wanted.graph.output.extend(onnx.ValueInfoProto(name=name) for name in tensors)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(wanted.SerializeToString(), options, providers=["CPUExecutionProvider"])


def of_first(manifest: Path) -> onnxruntime.InferenceSession:
    """The levels of the first network of the reader of ``manifest``."""
    graph = onnx.load(str(manifest.with_name(documents.read(manifest)["graph"])))
    return session(graph, networks(graph)[0])


def fingerprint(of: onnxruntime.InferenceSession) -> list[NDArray[np.float32]]:
    """What tells one network from another: the mean of each channel of its levels, on noise that is always the same."""
    size = of.get_inputs()[0].shape[-1]
    noise = np.random.default_rng(0).standard_normal((1, 1, size, size)).astype(np.float32)
    return [np.asarray(each[0].mean(axis=(1, 2)), np.float32) for each in of.run(None, {"radiograph": noise})]


def find(graph: onnx.ModelProto, wanted: list[NDArray[np.float32]]) -> list[str]:
    """The levels of the network in the graph that has this fingerprint.

    Raises:
        ValueError: if none has.
    """
    for tensors in networks(graph):
        ours = fingerprint(session(graph, tensors))
        if all(np.allclose(a, b, atol=ALIKE * float(np.abs(b).max())) for a, b in zip(ours, wanted, strict=True)):
            return tensors
    msg = "The graph must hold the network on whose features the decoder was learned. Learn it again."
    raise ValueError(msg)
