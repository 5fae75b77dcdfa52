"""The gate's last layer, fitted anew on kept features: `hilum gate MANIFEST DATA CACHE OUT --version V`.

Everything below the layer stays as it is, so findings, heatmaps and outlines do not change; that is checked. The layer
learns from training radiographs turned, mirrored and inverted on purpose, starting from what it is: what the images
cannot tell is left alone.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import numpy as np
import onnx
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from model.gate import FLAGS, TURNS, mend
from model.orientation import AS_IT_IS, Turn
from model.reader import Reader
from training import documents
from training.augmentation import SHARP
from training.calibrate import meant
from training.datasets import index
from training.datasets.example import Example
from training.export import facts
from training.features import Features, GraphPooler, Pooler, View, layers, pooled
from training.heads import Heads
from training.scores import radiograph
from training.unfold import HALF
from training.validate import SOURCE

#: Chances that a turned radiograph is mirrored, and inverted, too.
MIRRORED, INVERTED = 0.25, 0.15
#: What the gate is asked on held-out images.
NEEDED = {
    "as they are": AS_IT_IS,
    "turned by 90 degrees": Turn(quarter_turns=1),
    "turned by 180 degrees": Turn(quarter_turns=2),
    "turned by 270 degrees": Turn(quarter_turns=3),
    "inverted": Turn(inverted=True),
}
#: On how many radiographs it is checked that findings stay as they are.
COMPARED = 16


def spoilt_views(examples: Sequence[Example], seed: int = 1) -> list[View]:
    """Each of ``examples`` as it is, turned in three ways, mirrored, and inverted."""
    random = np.random.default_rng(seed)
    views = []
    for example in examples:
        for turns in (1, 2, 3):
            mirrored, inverted = (bool(chance) for chance in random.random(2) < (MIRRORED, INVERTED))
            views.append(View(example, Turn(quarter_turns=turns, mirrored=mirrored, inverted=inverted)))
        views.append(View(example, Turn(mirrored=True)))
        views.append(View(example, Turn(inverted=True, mirrored=bool(random.random() < MIRRORED))))
        views.append(View(example))
    return views


def truth(views: Sequence[View], flags_of_reader: int = len(FLAGS)) -> tuple[Tensor, Tensor]:
    """Quarter turns (N,), and flags (N, F), mirrored, inverted, child: 1, 0, or NaN where nobody knows.

    Whether one is lateral is not learned here: NaN.
    """
    children = {True: 1.0, False: 0.0, None: float("nan")}
    others = [float("nan")] * (flags_of_reader - len(FLAGS))
    flags = [[turn.mirrored, turn.inverted, children[example.child], *others] for example, turn in views]
    return torch.tensor([view.turn.quarter_turns for view in views]), torch.tensor(flags, dtype=torch.float32)


def fit(features: Features, views: Sequence[View], heads: Heads, hold: float) -> tuple[Features, Features]:
    """Weights (outputs, D) and biases (outputs,), near those of ``heads``: a squared step costs ``hold``.

    Features are taken in units of their spread, so that a step means as much in each of them.
    """
    turns, flags = truth(views, len(heads.outputs) - len(TURNS))
    known = flags.isfinite()
    x = torch.from_numpy(features)
    spread = x.std(0).clamp(min=1e-3)
    x, start = x / spread, torch.from_numpy(heads.gate_logits.weights) * spread
    step = torch.zeros_like(start, requires_grad=True)
    bias = torch.from_numpy(heads.gate_logits.biases).clone().requires_grad_()
    optimizer = torch.optim.LBFGS([step, bias], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        said = x @ (start + step).T + bias
        each = binary_cross_entropy_with_logits(said[:, len(TURNS) :], flags.nan_to_num(0.0), reduction="none")
        total: Tensor = cross_entropy(said[:, : len(TURNS)], turns) + (each * known).sum() / known.sum()
        total = total + hold * step.square().sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    weights = (start + step.detach()) / spread
    return weights.numpy(), bias.detach().numpy()


def write(manifest: Path, out: Path, version: str, weights: Features, biases: Features) -> Path:
    """The reader of ``manifest`` with another gate, as ``version`` in ``out``; its manifest's path."""
    out.mkdir(parents=True, exist_ok=True)
    content = documents.read(manifest)
    program = onnx.load(str(manifest.with_name(content["graph"])))
    members = layers(program.graph, "gate")
    for node, weight in zip(members, np.split(weights * len(members), len(members), axis=1), strict=True):
        _replace(program.graph, node.input[1], weight)
        _replace(program.graph, node.input[2], biases)
    _declare(program.graph, len(biases))
    graph = out / content["graph"]
    onnx.save(program, str(graph))
    path = out / manifest.name
    documents.write(path, content | {"version": version, **facts(graph)})
    return path


def _declare(graph: onnx.GraphProto, outputs: int) -> None:
    """Have the graph say how many outputs its gate has; what it says of shapes within is left to who runs it."""
    (gate,) = (each for each in graph.output if each.name == "gate")
    gate.type.tensor_type.shape.dim[1].dim_value = outputs
    del graph.value_info[:]


def _replace(graph: onnx.GraphProto, name: str, values: Features) -> None:
    """Other ``values`` for the weights ``name``, stored in as many bits as they were."""
    (kept,) = (each for each in graph.initializer if each.name in {name, f"{name}{HALF}"})
    stored = values.astype(onnx.numpy_helper.to_array(kept).dtype)
    kept.CopyFrom(onnx.numpy_helper.from_array(stored, kept.name))


def check(before: Path, after: Path, examples: Sequence[Example]) -> None:
    """Raise a ValueError if a finding, heatmap, distance or outline of any of ``examples`` changed at all."""
    old, new = Reader.load(before), Reader.load(after)
    for seen, again in ((old.look(r), new.look(r)) for r in map(radiograph, examples)):
        pairs = ((seen.logits, again.logits), (seen.maps, again.maps), (seen.anatomy, again.anatomy))
        same = all(np.array_equal(one, other) for one, other in pairs if one is not None and other is not None)
        if not same or seen.distance != again.distance:
            msg = f"Only the gate of '{after}' may differ from '{before}'."
            raise ValueError(msg)


def drawn(examples: Sequence[Example], count: int) -> list[Example]:
    """Of the split train: half are sharp images of the data set that readers are selected on, a quarter its small ones.

    Fewer are the first of more.
    """
    learnt = [example for example in examples if example.split == "train"]
    shuffled = [learnt[i] for i in np.random.default_rng(0).permutation(len(learnt))]
    sharp = [example for example in shuffled if example.source == SOURCE and example.resolution >= SHARP]
    small = [example for example in shuffled if example.source == SOURCE and example.resolution < SHARP]
    others = [example for example in shuffled if example.source != SOURCE]
    return [each for four in zip(sharp[::2], sharp[1::2], small, others, strict=False) for each in four][:count]


def held_out(examples: Sequence[Example], split: str, count: int) -> dict[str, list[Example]]:
    """Adults of a split, ``count`` sharp images and as many small ones."""
    ours = [example for example in examples if example.split == split and example.source == SOURCE and meant(example)]
    shuffled = [ours[i] for i in np.random.default_rng(0).permutation(len(ours))]
    return {
        "sharp": [example for example in shuffled if example.resolution >= SHARP][:count],
        "small": [example for example in shuffled if example.resolution < SHARP][:count],
    }


def recognised(heads: Heads, features: Features, needed: Turn) -> float:
    """The share of the rows whose gate tells just what they need."""
    gate = heads.gate(features)
    right = [
        (mend({name: float(values[row]) for name, values in gate.items()}) or AS_IT_IS) == needed
        for row in range(len(features))
    ]
    return sum(right) / len(right)


def compare(source: Pooler, readers: Sequence[Heads], kinds: dict[str, list[Example]], cache: Path) -> Iterator[str]:
    """Lines of a table: how often each of ``readers`` tells what images need that are as they are, turned, inverted."""
    for kind, examples in kinds.items():
        for name, turn in NEEDED.items():
            features = pooled(source, [View(example, turn) for example in examples], cache)
            shares = " | ".join(f"{recognised(heads, features, turn):.1%}" for heads in readers)
            yield f"| {kind} | {name} | {len(examples)} | {shares} |"


@click.command()
@click.argument("manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("cache", type=click.Path(file_okay=False, path_type=Path))
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--version", required=True)
@click.option("--images", default=480, show_default=True, help="Training radiographs, each spoilt in five ways.")
@click.option("--hold", default=1e-4, show_default=True, help="What a squared step away from the layer as it is costs.")
@click.option("--count", default=150, show_default=True, help="Validation images of each kind to compare on.")
def command(
    manifest: Path, data: Path, cache: Path, out: Path, version: str, *, images: int, hold: float, count: int
) -> None:
    """Fit the gate of MANIFEST anew on DATA; pooled features are kept in CACHE, the reader goes to OUT."""
    examples = index.load(data)
    source, before = GraphPooler(manifest), Heads(manifest)
    views = spoilt_views(drawn(examples, images))
    path = write(manifest, out, version, *fit(pooled(source, views, cache), views, before, hold))
    kinds = held_out(examples, "val", count)
    check(manifest, path, kinds["sharp"][:COMPARED])
    click.echo("| images | spoilt | of each | before | after |\n|---|---|--:|--:|--:|")
    for line in compare(source, [before, Heads(path)], kinds, cache):
        click.echo(line)


if __name__ == "__main__":
    command()
