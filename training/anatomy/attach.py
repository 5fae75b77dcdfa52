"""From a reader that draws no outlines to one that does: the decoder becomes a part of its graph."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import compose, helper

from model.reader import DRAWN
from training import documents
from training.anatomy import levels
from training.anatomy.decoder import CELL, Decoder
from training.anatomy.levels import STRIDES
from training.export import facts
from training.opsets import once_each

#: The decoder in torch and in the graph may differ by this much in any logit.
TOLERANCE = 1e-3
#: Of the ratio, until `hilum anatomy measure --record`.
UNMEASURED = [-1.0, 1.0]


def exported(decoder: Decoder, size: int) -> onnx.ModelProto:
    """The decoder as a graph of its own: inputs ``level4`` and so on, output DRAWN, no name that a reader has."""
    shapes = [
        (1, count, size // stride, size // stride) for count, stride in zip(levels.channels(), STRIDES, strict=True)
    ]
    program = torch.onnx.export(
        decoder.eval(),
        tuple(torch.zeros(shape) for shape in shapes),
        input_names=[f"level{stride}" for stride in STRIDES],
        output_names=[DRAWN],
        dynamo=True,
        verbose=False,
    )
    assert program is not None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "decoder.onnx"
        program.save(str(path), external_data=False)
        graph = onnx.load(str(path))
    return compose.add_prefix(graph, "decoder.", rename_inputs=False, rename_outputs=False)


def joined(reader: onnx.ModelProto, decoder: onnx.ModelProto, tensors: list[str], size: int) -> onnx.ModelProto:
    """The graph of ``reader`` with the outlines as one more output."""
    shapes = zip(tensors, levels.channels(), STRIDES, strict=True)
    outputs = [each.name for each in reader.graph.output if each.name != DRAWN]
    opened = onnx.ModelProto()
    opened.CopyFrom(reader)
    opened.graph.output.extend(
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, count, size // stride, size // stride])
        for name, count, stride in shapes
    )
    io_map = [(name, f"level{stride}") for name, stride in zip(tensors, STRIDES, strict=True)]
    whole = compose.merge_models(opened, decoder, io_map, outputs=[*outputs, DRAWN])
    once_each(whole)
    onnx.checker.check_model(whole)
    return whole


def attach(manifest: Path, content: dict[str, Any], version: str, out: Path) -> Path:
    """Write to ``out`` the reader of ``manifest`` as ``version`` with the decoder that ``learn`` saved as ``content``.

    Raises:
        ValueError: if the reader has another network than the one that the decoder was learned on, or the graph
            computes something else than torch.
    """
    reader = documents.read(manifest)
    graph = onnx.load(str(manifest.with_name(reader["graph"])))
    tensors = levels.find(graph, [each.numpy() for each in content["fingerprint"]])
    decoder = Decoder()
    decoder.load_state_dict(content["decoder"])
    whole = joined(graph, exported(decoder, reader["input_size"]), tensors, reader["input_size"])
    _agree(whole, graph, tensors, decoder.eval(), reader["input_size"])
    out.mkdir(parents=True, exist_ok=True)
    path = out / reader["graph"]
    onnx.save(whole, str(path))
    drawing = {"cell": CELL, "ratio_error": UNMEASURED, "data": "not measured", "trained_on": content["trained_on"]}
    documents.write(out / manifest.name, reader | facts(path) | {"version": version, "anatomy": drawing})
    return out / manifest.name


def _agree(whole: onnx.ModelProto, graph: onnx.ModelProto, tensors: list[str], decoder: Decoder, size: int) -> None:
    """Raise unless the whole graph draws what torch draws, and reads what the reader read."""
    pixels = np.random.default_rng(0).standard_normal((1, 1, size, size)).astype(np.float32)
    given = {"radiograph": pixels}
    session = onnxruntime.InferenceSession(whole.SerializeToString(), providers=["CPUExecutionProvider"])
    before = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    with torch.inference_mode():
        features = levels.session(graph, tensors).run(None, given)
        drawn = decoder(*[torch.from_numpy(each) for each in features]).numpy()
    names = [each.name for each in before.get_outputs() if each.name != DRAWN]
    pairs = [
        (drawn, session.run([DRAWN], given)[0]),
        *zip(before.run(names, given), session.run(names, given), strict=True),
    ]
    if (largest := max(float(np.abs(ours - theirs).max()) for ours, theirs in pairs)) > TOLERANCE:
        msg = f"The graph must compute what torch computes within {TOLERANCE}, not {largest:.2e}."
        raise ValueError(msg)
