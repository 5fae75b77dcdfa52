"""A decoder that was learned on a reader's levels becomes a part of its graph: one more output, or a better one."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import compose, helper
from onnx.utils import Extractor
from torch import nn

from training import documents, levels
from training.export import facts
from training.levels import STRIDES
from training.opsets import once_each

#: The decoder in torch and in the graph may differ by this much in any logit.
TOLERANCE = 1e-3
#: How the names of a decoder's weights begin.
PREFIX = "decoder."


def attach(
    manifest: Path, decoder: nn.Module, learned: Mapping[str, Any], out: Path, output: str, said: dict[str, Any]
) -> Path:
    """Write to ``out`` the reader of ``manifest`` whose ``output`` is that of ``decoder``; its manifest's path.

    Args:
        learned: what was saved: the ``decoder``'s weights, and the ``fingerprint`` of the network that it learned on.
        said: what the manifest says of it.

    Raises:
        ValueError: if the reader has no such network, or the graph computes something else than torch.
    """
    reader = documents.read(manifest)
    graph = onnx.load(str(manifest.with_name(reader["graph"])))
    tensors = levels.find(graph, [each.numpy() for each in learned["fingerprint"]])
    decoder.load_state_dict(learned["decoder"])
    whole = join(graph, decoder, tensors, reader["input_size"], output)
    out.mkdir(parents=True, exist_ok=True)
    path = out / reader["graph"]
    onnx.save(whole, str(path))
    documents.write(out / manifest.name, reader | facts(path) | said)
    return out / manifest.name


def join(reader: onnx.ModelProto, decoder: nn.Module, tensors: list[str], size: int, output: str) -> onnx.ModelProto:
    """The graph of ``reader`` whose ``output`` is what ``decoder`` makes of its levels ``tensors``.

    An output of that name that was there is there no more, nor what was computed for it alone.

    Raises:
        ValueError: if the graph computes something else than torch, or any other output than before.
    """
    part = exported(decoder.eval(), size, output)
    others = [each.name for each in reader.graph.output if each.name != output]
    opened = Extractor(_opened(reader, tensors, size)).extract_model(["radiograph"], [*others, *tensors])
    io_map = [(name, f"level{stride}") for name, stride in zip(tensors, STRIDES, strict=True)]
    whole = compose.merge_models(opened, part, io_map, outputs=[*others, output])
    ordered = {each.name: each for each in whole.graph.output}
    before = [each.name for each in reader.graph.output]
    del whole.graph.output[:]
    whole.graph.output.extend(ordered.pop(name) for name in before if name in ordered)
    whole.graph.output.extend(ordered.values())
    once_each(whole)
    onnx.checker.check_model(whole)
    _agree(whole, reader, tensors, decoder, size, output)
    return whole


def exported(decoder: nn.Module, size: int, output: str) -> onnx.ModelProto:
    """The decoder as a graph of its own: inputs ``level4`` and so on; its names begin with that of its output."""
    shapes = [
        (1, count, size // stride, size // stride) for count, stride in zip(levels.channels(), STRIDES, strict=True)
    ]
    program = torch.onnx.export(
        decoder,
        tuple(torch.zeros(shape) for shape in shapes),
        input_names=[f"level{stride}" for stride in STRIDES],
        output_names=[output],
        dynamo=True,
        verbose=False,
    )
    assert program is not None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "decoder.onnx"
        program.save(str(path), external_data=False)
        graph = onnx.load(str(path))
    return compose.add_prefix(graph, f"{PREFIX}{output}.", rename_inputs=False, rename_outputs=False)


def _opened(reader: onnx.ModelProto, tensors: list[str], size: int) -> onnx.ModelProto:
    """``reader`` with its levels among its outputs."""
    opened = onnx.ModelProto()
    opened.CopyFrom(reader)
    opened.graph.output.extend(
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, count, size // stride, size // stride])
        for name, count, stride in zip(tensors, levels.channels(), STRIDES, strict=True)
    )
    return opened


def _agree(
    whole: onnx.ModelProto, graph: onnx.ModelProto, tensors: list[str], decoder: nn.Module, size: int, output: str
) -> None:
    """Raise unless the whole graph draws what torch draws, and says all else as the reader said it."""
    pixels = np.random.default_rng(0).standard_normal((1, 1, size, size)).astype(np.float32)
    given = {"radiograph": pixels}
    after, before = (
        onnxruntime.InferenceSession(each.SerializeToString(), providers=["CPUExecutionProvider"])
        for each in (whole, graph)
    )
    with torch.inference_mode():
        features = levels.session(graph, tensors).run(None, given)
        drawn: NDArray[np.float32] = decoder(*[torch.from_numpy(each) for each in features]).numpy()
    names = [each.name for each in before.get_outputs() if each.name != output]
    pairs = [
        (drawn, after.run([output], given)[0]),
        *zip(before.run(names, given), after.run(names, given), strict=True),
    ]
    if (largest := max(float(np.abs(ours - theirs).max()) for ours, theirs in pairs)) > TOLERANCE:
        msg = f"The graph must compute what torch computes within {TOLERANCE}, not {largest:.2e}."
        raise ValueError(msg)
