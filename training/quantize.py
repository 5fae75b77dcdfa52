"""The same graph in 8 bits: `hilum quantize MANIFEST DATA`.

Unsigned activations and signed weights, a scale for each channel (U8S8 per-channel QDQ): the one layout that ONNX
Runtime runs fast on processors with 8-bit dot products, and that keeps the accuracy of depthwise convolutions. Weights
use 7 of the 8 bits, so that sums of products do not overflow on processors without those, and all say the same
(https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html).

What is first and what is last stays in floating point. The first layers see a few channels of a whole image, whose
range its margins and letters set: in 8 bits, they cost most of what 8 bits cost (docs/training.md).
"""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import click
import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from model.preprocessing import prepare
from model.reader import Reader
from training import documents, metrics
from training.calibrate import meant
from training.datasets import index
from training.datasets.example import Example
from training.export import adults, facts
from training.opsets import once_each
from training.scores import Scores, radiograph, score
from training.validate import sharp, validate

#: Parts of a network, by the names of their weights, that stay in floating point.
FLOATING = ("stem.", "blocks.0.", "blocks.1.", "findings.", "places.", "decoder.")
#: Training images from which the range of every activation is taken.
IMAGES = 256
#: Forward passes whose median time is told.
PASSES = 31


class Activations(CalibrationDataReader):  # type: ignore[misc]
    """Inputs that the quantizer runs to see how large activations get."""

    def __init__(self, examples: list[Example], size: int) -> None:
        self._inputs = self._read(examples, size)

    @staticmethod
    def _read(examples: list[Example], size: int) -> Iterator[dict[str, NDArray[np.float32]]]:
        for example in examples:
            yield {"radiograph": prepare(radiograph(example), size)[0]}

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        return next(self._inputs, None)


def quantize(manifest: Path, examples: list[Example]) -> Path:
    """Write ``<name>-int8.onnx`` and its manifest beside ``manifest``; the path of the new manifest."""
    content = documents.read(manifest)
    graph = manifest.with_name(f"{manifest.stem}-int8.onnx")
    with TemporaryDirectory() as folder:
        folded = Path(folder) / "folded.onnx"
        quant_pre_process(str(manifest.with_name(content["graph"])), str(folded))
        whole = onnx.load(str(folded))
        once_each(whole)
        quantize_static(
            whole,
            str(graph),
            Activations(adults(examples)[:IMAGES], content["input_size"]),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            # The mean over images of their least and largest values. Percentiles would hold all activations in memory.
            calibrate_method=CalibrationMethod.MinMax,
            op_types_to_quantize=["Conv", "Add"],
            nodes_to_exclude=floating(whole),
            extra_options={"ActivationSymmetric": False, "WeightSymmetric": True, "CalibMovingAverage": True},
        )
    content |= {
        "name": f"{content['name']}-int8",
        **facts(graph),
        "precision": "int8",
        "evaluated_on": [],
    }
    path = graph.with_suffix(".json")
    documents.write(path, content)
    return path


def floating(whole: onnx.ModelProto) -> list[str]:
    """Names of the nodes that use weights of the parts that stay in floating point."""
    return [node.name for node in whole.graph.node if any(part in name for name in node.input for part in FLOATING)]


def aurocs(scores: Scores) -> dict[str, float]:
    """Of every finding of which there is a positive and a negative, on the adults with clear labels."""
    clear = scores.where(meant)
    known = {finding: clear.of(finding) for finding in scores.findings}
    return {name: metrics.auroc(truth, logits) for name, (logits, truth, _) in known.items() if 0 < truth.mean() < 1}


def losses(before: dict[str, float], after: dict[str, float]) -> str:
    """What the 8 bits cost, a line a finding and the mean."""
    lines = [
        f"{name:<20} {before[name]:.4f} -> {after[name]:.4f}  {after[name] - before[name]:+.4f}" for name in before
    ]
    mean = sum(after[name] - before[name] for name in before) / len(before)
    return "\n".join([*lines, f"{'mean':<20} {mean:+.4f}"])


def selected(scores: Scores) -> str:
    """The number that networks are selected by: the mean AUROC on the sharp images, with its interval."""
    chosen = scores.where(sharp)
    value, low, high = validate(chosen.examples, chosen.findings, chosen.logits).mean
    return f"{value:.4f} ({low:.3f} to {high:.3f})"


def milliseconds(manifest: Path) -> float:
    """Of one forward pass on one core, the median of many."""
    content = documents.read(manifest)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(manifest.with_name(content["graph"])), options)
    pixels = np.zeros((1, 1, content["input_size"], content["input_size"]), np.float32)
    taken = []
    for _ in range(PASSES):
        began = perf_counter()
        session.run(None, {"radiograph": pixels})
        taken.append(1000 * (perf_counter() - began))
    return median(taken)


@click.command()
@click.argument("manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
def command(manifest: Path, data: Path) -> None:
    """Quantize the graph of MANIFEST to 8 bits, by the ranges seen on training images of DATA."""
    examples = index.load(data)
    small = quantize(manifest, examples)
    validation = [example for example in examples if example.split == "val"]
    before, after = (score(Reader.load(path), validation) for path in (manifest, small))
    cost = losses(aurocs(before), aurocs(after))
    click.echo(f"AUROC on the validation patients, floating point -> 8 bits:\n{cost}")
    click.echo(f"On the sharp images alone, mean over NIH's findings: {selected(before)} -> {selected(after)}")
    click.echo(f"A forward pass on one core: {milliseconds(manifest):.0f} ms -> {milliseconds(small):.0f} ms")
    click.echo(f"Manifest: {small}; calibrate it next.")


if __name__ == "__main__":
    command()
