"""The same graph in 8 bits: `hilum quantize MANIFEST DATA`.

Unsigned activations and signed weights, a scale for each channel (U8S8 per-channel QDQ): the one layout that ONNX
Runtime runs fast on processors with 8-bit dot products, and that keeps the accuracy of depthwise convolutions.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np
import onnx
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
from training.scores import Scores, radiograph, score

#: Training images from which the range of every activation is taken.
IMAGES = 256


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
        quantize_static(
            str(folded),
            str(graph),
            Activations(adults(examples)[:IMAGES], content["input_size"]),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            # Not percentiles: their histograms would hold every activation of every image in memory.
            calibrate_method=CalibrationMethod.MinMax,
            # The heads stay in floating point: they are small, and every finding hangs on them.
            op_types_to_quantize=["Conv", "Add"],
            nodes_to_exclude=heads(folded),
            extra_options={"ActivationSymmetric": False, "WeightSymmetric": True},
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


def heads(graph: Path) -> list[str]:
    """Names of the nodes that use the weights of the findings and of their places."""
    nodes = onnx.load(str(graph)).graph.node
    return [node.name for node in nodes if any("findings" in name or "places" in name for name in node.input)]


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


@click.command()
@click.argument("manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
def command(manifest: Path, data: Path) -> None:
    """Quantize the graph of MANIFEST to 8 bits, by the ranges seen on training images of DATA."""
    examples = index.load(data)
    small = quantize(manifest, examples)
    validation = [example for example in examples if example.split == "val"]
    before, after = (aurocs(score(Reader.load(path), validation)) for path in (manifest, small))
    click.echo(f"AUROC on the validation patients, floating point -> 8 bits:\n{losses(before, after)}")
    click.echo(f"Manifest: {small}; calibrate it next.")


if __name__ == "__main__":
    command()
