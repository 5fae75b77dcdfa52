"""What a reader takes for a lateral chest: `hilum laterals MANIFEST DATA LATERALS CACHE OUT --version V`.

One more output of the gate, on pooled features that stay as they are; so findings, heatmaps, outlines and the rest of
the gate do not change, which is checked. It learns from made-up chests (`python -m data_samples.laterals`), frontal
and lateral, and from the frontal radiographs of the training patients, as they are and mirrored: a heart can lie
right. Its bias is set so that 0.5, the limit, is chosen on frontal radiographs of the validation patients alone;
radiographs that are lateral are not learned from, so that they can measure it.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import numpy as np
import torch
from PIL import Image
from torch.nn.functional import binary_cross_entropy_with_logits

from model.gate import LATERAL, LIKELY
from model.orientation import Turn
from model.preprocessing import prepare
from model.radiograph import Radiograph
from training import documents
from training.calibrate import meant
from training.datasets import index
from training.datasets.example import Example
from training.export import adults
from training.features import Features, GraphPooler, View, pooled
from training.gate_head import check, write
from training.heads import Heads
from training.validate import SOURCE

#: Share of the frontal radiographs of adults that may be refused as lateral, where the file does not say the view.
TAKEN_FOR_LATERAL = 0.012
#: What the index calls a view from the side.
FROM_THE_SIDE = frozenset({"L", "LL", "RL", "lateral"})
#: On how many radiographs it is checked that all else stays as it is.
COMPARED = 16


def fit(frontal: Features, lateral: Features, hold: float) -> tuple[Features, float]:
    """Weights (D,) and bias of the logit of being lateral; both kinds count alike, a squared weight costs ``hold``.

    Features are taken in units of their spread among what is frontal.
    """
    x = torch.from_numpy(np.concatenate([frontal, lateral]))
    middle, spread = torch.from_numpy(frontal).mean(0), torch.from_numpy(frontal).std(0).clamp(min=1e-3)
    x = (x - middle) / spread
    truth = torch.cat([torch.zeros(len(frontal)), torch.ones(len(lateral))])
    share = torch.where(truth > 0, 0.5 / len(lateral), 0.5 / len(frontal))
    weights, bias = torch.zeros(x.shape[1], requires_grad=True), torch.zeros((), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights, bias], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        wrong = binary_cross_entropy_with_logits(x @ weights + bias, truth, weight=share, reduction="sum")
        total: torch.Tensor = wrong + hold * weights.square().sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    raw = weights.detach() / spread
    return raw.numpy(), float(bias.detach() - raw @ middle)


def made_up(source: GraphPooler, folder: Path, kind: str) -> Features:
    """float32 (N, D) of the pictures of a kind, "frontal" or "lateral", that `data_samples.laterals` wrote."""
    files = sorted(folder.glob(f"*_{kind}*.png"))
    if not files:
        raise click.ClickException(f"'{folder}' must hold pictures of `python -m data_samples.laterals`, but has none.")
    pictures = (np.asarray(Image.open(file).convert("L"), dtype=np.float32) / np.float32(255) for file in files)
    return np.stack([source.pool(prepare(Radiograph(pixels=pixels), source.size)[0]) for pixels in pictures])


def attach(manifest: Path, out: Path, version: str, weights: Features, bias: float) -> Path:
    """The reader of ``manifest`` with the output LATERAL, as ``version`` in ``out``; its manifest's path."""
    before = Heads(manifest)
    if LATERAL in before.outputs:
        raise click.ClickException(f"The reader of '{manifest}' must not tell laterals yet; give the one before.")
    rows = np.vstack([before.gate_logits.weights, weights])
    path = write(manifest, out, version, rows, np.append(before.gate_logits.biases, np.float32(bias)))
    content = documents.read(path)
    limits = content["gate_limits"] | {LATERAL: LIKELY}
    documents.write(path, content | {"gate": [*before.outputs, LATERAL], "gate_limits": limits})
    return path


def limit(frontal: Features) -> float:
    """The logit from which on so few of ``frontal``, logits (N,), are refused."""
    return float(np.quantile(frontal, 1 - TAKEN_FOR_LATERAL))


def is_lateral(example: Example) -> bool:
    return example.view in FROM_THE_SIDE


def kinds(examples: Sequence[Example]) -> dict[str, list[Example]]:
    """What the output is judged on, by name: validation patients by data set, and data sets with laterals whole."""
    laterals = [example for example in examples if is_lateral(example)]
    sources = sorted({example.source for example in laterals})
    found = {f"{source}, lateral": [each for each in laterals if each.source == source] for source in sources}
    known = [example for example in examples if meant(example) and not is_lateral(example)]
    found |= {f"{source}, frontal": [each for each in known if each.source == source] for source in sources}
    others = sorted({each.source for each in known} - set(sources))
    validation = {name: [each for each in known if each.source == name and each.split == "val"] for name in others}
    return found | {f"{name}, frontal, validation": rows for name, rows in validation.items() if rows}


def some_mirrored(examples: Sequence[Example]) -> list[View]:
    """Every other one of ``examples``, mirrored."""
    return [View(example, Turn(mirrored=True)) for example in examples[::2]]


def compare(source: GraphPooler, heads: Heads, examples: list[Example], cache: Path) -> Iterator[str]:
    """Lines of a table: of each kind, how many are refused as lateral."""
    found = kinds(examples)
    for name, rows in found.items():
        said = heads.gate(pooled(source, [View(each) for each in rows], cache))[LATERAL]
        yield f"| {name} | {len(rows)} | {int((said >= LIKELY).sum())} |"
    mirrored = some_mirrored([each for rows in found.values() for each in rows if each.source == SOURCE])
    if not mirrored:
        return
    said = heads.gate(pooled(source, mirrored, cache))[LATERAL]
    yield f"| {SOURCE}, frontal, validation, some mirrored | {len(mirrored)} | {int((said >= LIKELY).sum())} |"


@click.command()
@click.argument("manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("laterals", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("cache", type=click.Path(file_okay=False, path_type=Path))
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--version", required=True)
@click.option("--all-rows", is_flag=True, help="Judge it on rows for research, too; nothing is learned from them.")
@click.option("--hold", default=0.1, show_default=True, help="What a squared weight costs.")
def command(
    manifest: Path, data: Path, laterals: Path, cache: Path, out: Path, *, version: str, hold: float, all_rows: bool
) -> None:
    """Have the reader of MANIFEST tell lateral chests; pooled features are kept in CACHE, the reader goes to OUT."""
    examples = index.load(data)
    source = GraphPooler(manifest)
    learnt = [each for each in adults(examples) if not is_lateral(each)]
    views = [*map(View, learnt), *some_mirrored(learnt)]
    frontal = np.concatenate([pooled(source, views, cache), made_up(source, laterals, "frontal")])
    weights, bias = fit(frontal, made_up(source, laterals, "lateral"), hold)
    validation = [each for each in examples if each.split == "val" and meant(each) and not is_lateral(each)]
    bias -= limit(pooled(source, [View(each) for each in validation], cache) @ weights + np.float32(bias))
    path = attach(manifest, out, version, weights, bias)
    check(manifest, path, validation[:COMPARED])
    click.echo(f"Manifest: {path}")
    click.echo("| radiographs | | refused |\n|---|--:|--:|")
    for line in compare(source, Heads(path), index.load(data, open_only=False) if all_rows else examples, cache):
        click.echo(line)


if __name__ == "__main__":
    command()
