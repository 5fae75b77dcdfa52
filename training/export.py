"""From a checkpoint to a graph that the reader runs: `hilum export CHECKPOINT DATA OUT`.

The graph holds the network, or several that read as one (``--with``), heatmaps and the distance from the training data.
The manifest that is written beside it has no calibration yet: `hilum calibrate` adds it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader
from tqdm import tqdm

from model.reader import OUTPUTS
from training import documents
from training.dataset import Batch, Radiographs
from training.datasets import index
from training.datasets.example import Example
from training.datasets.index import ADULT_AGE
from training.distance import Distance
from training.ensemble import Ensemble
from training.network import GATE, Network, Outputs
from training.unfold import HALF, folded

#: Torch and ONNX Runtime may differ by this much in any probability; by this much once weights are stored in 16 bits.
TOLERANCE, ROUNDED = 1e-4, 2e-3
#: Smaller weights stay as they are: they are biases and constants.
LARGE = 1024
#: Images from which the distance is fitted, and on which torch and ONNX Runtime are compared.
FITTED, COMPARED = 3000, 64


class Graph(nn.Module):
    """What is exported: float32 (1, 1, S, S) -> logits, maps, gate, distance."""

    def __init__(self, network: Network | Ensemble, distance: Distance) -> None:
        super().__init__()
        self.network = network
        self.distance = distance

    def forward(self, radiograph: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        outputs: Outputs = self.network(radiograph)
        return outputs.logits, outputs.maps, outputs.gate, self.distance(outputs.features)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What a set of weights is called and where it comes from."""

    name: str
    version: str
    trained_on: tuple[str, ...]
    #: So many networks read as one.
    networks: int = 1
    #: Findings of the checkpoint that are not shipped.
    without: tuple[str, ...] = ()


def load(checkpoint: Path, without: tuple[str, ...] = ()) -> tuple[Network, tuple[str, ...]]:
    """The averaged network of a checkpoint, ready to evaluate, and its findings except those ``without``."""
    content = torch.load(checkpoint, weights_only=True)
    kept = [i for i, name in enumerate(content["findings"]) if name not in without]
    weights = content["average"]
    for part in ("findings.weight", "findings.bias", "places.weight", "places.bias"):
        weights[part] = weights[part][kept]
    network = Network(len(kept), architecture=content["plan"]["network"])
    network.load_state_dict(weights)
    return network.eval(), tuple(content["findings"][i] for i in kept)


def ensemble(
    checkpoint: Path, others: Sequence[Path], without: tuple[str, ...]
) -> tuple[Network | Ensemble, tuple[str, ...]]:
    """The network of ``checkpoint``, as one with those of ``others`` (checkpoints, readers' manifests); its findings.

    Raises:
        ValueError: if a checkpoint has other findings.
    """
    first, findings = load(checkpoint, without)
    members = [first]
    for path in others:
        network, names = (folded(path, findings), findings) if path.suffix == ".json" else load(path, without)
        if names != findings:
            msg = f"The findings of '{path}' must be {findings}, not {names}."
            raise ValueError(msg)
        members.append(network)
    return Ensemble(members) if others else first, findings


@torch.inference_mode()
def pooled_features(network: Network | Ensemble, data: Radiographs) -> Tensor:
    loader: DataLoader[Batch] = DataLoader(data, batch_size=4)
    return torch.cat([network(batch.pixels).features for batch in tqdm(loader, "features", mininterval=10)])


def adults(examples: list[Example]) -> list[Example]:
    """What the reader is meant for, a reproducible draw of at most FITTED from the training split."""
    meant = [example for example in examples if example.split == "train" and not example.child]
    order = np.random.default_rng(0).permutation(len(meant))[:FITTED]
    return [meant[i] for i in order]


def write_graph(graph: Graph, size: int, path: Path) -> None:
    program = torch.onnx.export(
        graph.eval(),
        (torch.zeros(1, 1, size, size),),
        input_names=["radiograph"],
        output_names=list(OUTPUTS),
        dynamo=True,
        verbose=False,
    )
    assert program is not None
    program.save(str(path), external_data=False)


def store_in_half(path: Path) -> None:
    """Store the weights of the graph at ``path`` in 16 bits: half the file. They are widened when it is loaded."""
    program = onnx.load(str(path))
    for weight in [each for each in program.graph.initializer if np.prod(each.dims) >= LARGE]:
        if weight.data_type == onnx.TensorProto.FLOAT:
            short = onnx.numpy_helper.to_array(weight).astype(np.float16)
            program.graph.initializer.remove(weight)
            program.graph.initializer.append(onnx.numpy_helper.from_array(short, f"{weight.name}{HALF}"))
            widened = onnx.helper.make_node("Cast", [f"{weight.name}{HALF}"], [weight.name], to=onnx.TensorProto.FLOAT)
            program.graph.node.insert(0, widened)
    onnx.save(program, str(path))


def largest_difference(graph: Graph, path: Path, data: Radiographs) -> float:
    """The largest difference of a finding's probability between torch and ONNX Runtime, over COMPARED of ``data``."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    largest = 0.0
    for i in tqdm(range(min(COMPARED, len(data))), "compare", mininterval=10):
        pixels = data[i].pixels[None]
        with torch.inference_mode():
            ours = torch.sigmoid(graph(pixels)[0])
        (theirs,) = session.run(["logits"], {"radiograph": pixels.numpy()})
        largest = max(largest, float((ours - torch.sigmoid(torch.from_numpy(theirs))).abs().max()))
    return largest


def check(graph: Graph, path: Path, data: Radiographs, tolerance: float) -> None:
    """Raise a ValueError if torch and ONNX Runtime disagree by ``tolerance`` or more."""
    difference = largest_difference(graph, path, data)
    click.echo(f"Largest difference of a probability, torch against ONNX Runtime: {difference:.2e}")
    if difference >= tolerance:
        msg = f"torch and ONNX Runtime must agree within {tolerance}, not {difference:.2e}."
        raise ValueError(msg)


def facts(graph: Path) -> dict[str, str]:
    """What a manifest says of the file ``graph``."""
    return {"graph": graph.name, "sha256": hashlib.sha256(graph.read_bytes()).hexdigest()}


def write_manifest(path: Path, graph: Path, size: int, findings: tuple[str, ...], identity: Identity) -> None:
    """A manifest without calibration: slope 1, offset 0, threshold 0.5 and no operating point measured."""
    unmeasured = documents.UNMEASURED | {"rule": "none", "data": "not calibrated"}
    look = {"slope": 1.0, "offset": 0.0, "threshold": 0.5, "operating_point": unmeasured, "experimental": True}
    content = {
        "name": identity.name,
        "version": identity.version,
        **facts(graph),
        "precision": "fp32",
        "input_size": size,
        "networks": identity.networks,
        "minimum_age": ADULT_AGE,
        "findings": [{"name": name, **look} for name in findings],
        "gate": list(GATE),
        "gate_limits": {"certain": 0.9, "child": 0.5, "distance": 1e9},
        "trained_on": list(identity.trained_on),
        "evaluated_on": [],
    }
    documents.write(path, content)


def export(
    checkpoint: Path, examples: list[Example], out: Path, size: int, identity: Identity, others: Sequence[Path] = ()
) -> Path:
    """Write ``<name>.onnx`` and ``<name>.json`` to ``out``; the manifest's path.

    ``others`` are checkpoints or manifests of networks that read along with that of ``checkpoint``.

    Raises:
        ValueError: if torch and ONNX Runtime disagree, before or after the weights are stored in 16 bits.
    """
    out.mkdir(parents=True, exist_ok=True)
    network, findings = ensemble(checkpoint, others, identity.without)
    data = Radiographs(adults(examples), findings, size)
    graph = Graph(network, Distance.fit(pooled_features(network, data)))
    path = out / f"{identity.name}.onnx"
    write_graph(graph, size, path)
    check(graph, path, data, TOLERANCE)
    store_in_half(path)
    check(graph, path, data, ROUNDED)
    manifest = path.with_suffix(".json")
    write_manifest(manifest, path, size, findings, identity)
    return manifest


@click.command()
@click.argument("checkpoint", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--with",
    "others",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint or a reader's manifest, whose network reads along with that of CHECKPOINT; may be repeated.",
)
@click.option("--size", required=True, type=int, help="Side of the network's input in pixels, a multiple of 32.")
@click.option("--name", default="hilum-lite2", show_default=True)
@click.option("--version", required=True)
@click.option("--without", multiple=True, help="A finding to leave out; may be repeated.")
@click.option("--trained-on", multiple=True, required=True, help="A data set and its licence; may be repeated.")
def command(
    checkpoint: Path,
    data: Path,
    out: Path,
    size: int,
    name: str,
    version: str,
    trained_on: tuple[str, ...],
    without: tuple[str, ...],
    others: tuple[Path, ...],
) -> None:
    """Write the ONNX graph of CHECKPOINT and its manifest to OUT; DATA fits the distance."""
    identity = Identity(name=name, version=version, trained_on=trained_on, networks=1 + len(others), without=without)
    click.echo(f"Manifest: {export(checkpoint, index.load(data), out, size, identity, others)}")


if __name__ == "__main__":
    command()
