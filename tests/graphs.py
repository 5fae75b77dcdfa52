"""A tiny reader whose every number can be derived by hand: an ONNX graph made in memory, and its manifest.

The graph sees an input of 64 x 64 as four quadrants, each its mean, and takes a radiograph for upright when its top
left quadrant is the brightest: ``quadrant()`` draws one.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, checker, helper, numpy_helper

from model.gate import FLAGS, TURNS
from model.reader import Reader

SIZE = 64
#: Finding to (weight, bias): a cell's local logit is weight x its quadrant + bias.
FINDINGS = {"Effusion": (2.0, 0.5), "Nodule": (-1.0, -1.5)}
#: Logit of a quarter turn by the brightness of the quadrant that it would bring to the top left.
TURN_GAIN = 5.0
#: Logit of "inverted" = gain x (limit - brightest quadrant): one bright quadrant gives sqrt(3), one dark 1 / sqrt(3).
INVERTED_GAIN, INVERTED_LIMIT = 8.0, 1.15
#: Columns of the quadrants in reading order (top left, top right, bottom left, bottom right) that 0, 1, 2 and 3
#: quarter turns counter-clockwise bring to the top left.
_TURNED = (0, 1, 3, 2)


def quadrant(rows: int = 192, columns: int = 160) -> NDArray[np.float32]:
    """1 in the top left quarter, 0 elsewhere; standardised: sqrt(3) and -1 / sqrt(3)."""
    pixels = np.zeros((rows, columns), np.float32)
    pixels[: rows // 2, : columns // 2] = 1
    return pixels


#: What a manifest says of a graph that draws ``outlines``: a cell of 8 x 8 of the input.
DRAWING = {"cell": 8, "ratio_error": [-0.05, 0.04], "data": "nobody", "trained_on": ["nothing"]}


def graph(*, findings: int = 2, size: int = SIZE, mirrored: float = -5.0, child: float = -5.0, **other: Any) -> bytes:
    """The graph as ONNX writes it; ``mirrored`` and ``child`` are the logits that it always gives.

    Args:
        other: ``outlines``, float32 (STRUCTURES, 8, 8), the logits of the outlines that it always draws;
            ``logits_name`` and ``distance_type``, to make a graph that fits no manifest.
    """
    distance_type = other.get("distance_type", TensorProto.FLOAT)
    table = [*FINDINGS.values()] * findings
    weights, biases = zip(*table[:findings], strict=True)
    constants: dict[str, NDArray[Any]] = {
        "weights": np.array(weights, np.float32).reshape(-1, 1, 1, 1),
        "biases": np.array(biases, np.float32),
        "gate_weights": _gate_weights(),
        "gate_biases": np.array([0, 0, 0, 0, mirrored, INVERTED_GAIN * INVERTED_LIMIT, child], np.float32),
        "one": np.array([1], np.int64),
        "flat": np.array([1, -1], np.int64),
    }
    logits = other.get("logits_name", "logits")
    quarter = [size // 2, size // 2]
    nodes = [
        helper.make_node("AveragePool", ["radiograph"], ["quadrants"], kernel_shape=quarter, strides=quarter),
        helper.make_node("Conv", ["quadrants", "weights", "biases"], ["maps"]),
        helper.make_node("ReduceMean", ["maps"], [logits], axes=[2, 3], keepdims=0),
        helper.make_node("Reshape", ["quadrants", "flat"], ["row"]),
        helper.make_node("ReduceMax", ["row"], ["brightest"], axes=[1], keepdims=1),
        helper.make_node("Concat", ["row", "brightest"], ["features"], axis=1),
        helper.make_node("Gemm", ["features", "gate_weights", "gate_biases"], ["gate"]),
        helper.make_node("Reshape", ["brightest", "one"], ["far"]),
        helper.make_node("Cast", ["far"], ["distance"], to=distance_type),
    ]
    shapes = {logits: [1, findings], "maps": [1, findings, 2, 2], "gate": [1, 7]}
    if "outlines" in other:
        constants["outlines"] = other["outlines"][None]
        nodes.append(helper.make_node("Identity", ["outlines"], ["anatomy"]))
        shapes["anatomy"] = list(constants["outlines"].shape)
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]
    built = helper.make_graph(
        nodes,
        "quadrants",
        [helper.make_tensor_value_info("radiograph", TensorProto.FLOAT, [1, 1, size, size])],
        [*outputs, helper.make_tensor_value_info("distance", distance_type, [1])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(built, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    return bytes(model.SerializeToString())


def _gate_weights() -> NDArray[np.float32]:
    """(quadrants and the brightest, outputs of the gate)."""
    weights = np.zeros((5, 7), np.float32)
    for turns, column in enumerate(_TURNED):
        weights[column, turns] = TURN_GAIN
    weights[4, 5] = -INVERTED_GAIN
    return weights


def finding(name: str, **changes: Any) -> dict[str, Any]:
    """One finding's entry of a manifest."""
    point = {
        "rule": "sensitivity 0.90",
        "sensitivity": 0.9,
        "sensitivity_interval": [0.85, 0.94],
        "specificity": 0.7,
        "specificity_interval": [0.66, 0.74],
        "data": "nobody",
    }
    plain = {"name": name, "slope": 1.0, "offset": 0.0, "threshold": 0.5, "experimental": False}
    return plain | {"operating_point": point} | changes


def manifest(onnx: bytes, **changes: Any) -> dict[str, Any]:
    """The manifest of ``onnx``."""
    plain = {
        "name": "tiny",
        "version": "1.0.0",
        "graph": "tiny.onnx",
        "sha256": hashlib.sha256(onnx).hexdigest(),
        "precision": "fp32",
        "input_size": SIZE,
        "minimum_age": 15,
        "findings": [finding(name) for name in FINDINGS],
        "gate": [*TURNS, *FLAGS],
        "gate_limits": {"certain": 0.9, "child": 0.5, "distance": 10.0},
        "trained_on": ["nothing"],
        "evaluated_on": ["nothing"],
    }
    return plain | changes


def write(folder: Path, onnx: bytes | None = None, **changes: Any) -> Path:
    """Graph and manifest in ``folder``; the manifest's path."""
    onnx = graph() if onnx is None else onnx
    (folder / "tiny.onnx").write_bytes(onnx)
    path = folder / "tiny.json"
    path.write_text(json.dumps(manifest(onnx, **changes)), encoding="utf-8")
    return path


def reader(folder: Path, onnx: bytes | None = None, **changes: Any) -> Reader:
    return Reader.load(write(folder, onnx, **changes))
