"""`hilum heatmaps learn | attach`: heatmaps of a finer grid, which learned from boxes."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
import torch

from training import documents, levels, sampling
from training.arguments import existing
from training.dataset import boxed
from training.datasets import index
from training.datasets.example import Example
from training.heatmaps.attach import attach
from training.heatmaps.learn import learn
from training.heatmaps.pool import Pool, weights


@click.group("heatmaps", help=__doc__)
def command() -> None:
    pass


@command.command("learn")
@click.argument("manifest", type=existing(folder=False))
@click.argument("data", type=existing(folder=True))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--draws", default=4000, show_default=True, help="Augmented radiographs in the pool.")
@click.option("--passes", default=4, show_default=True, help="Times that each of them is learned from.")
@click.option("--seed", default=0, show_default=True)
@click.option("--all-rows", is_flag=True, help="Also rows whose use is restricted to research.")
def learn_command(manifest: Path, data: Path, out: Path, draws: int, passes: int, seed: int, *, all_rows: bool) -> None:
    """Learn heatmaps on the features of the reader MANIFEST, which stay as they are; the decoder goes to OUT."""
    findings = tuple(look["name"] for look in documents.read(manifest)["findings"])
    session = levels.of_first(manifest)
    examples = [each for each in index.load(data, open_only=not all_rows) if each.split == "train" and each.labels]
    if not any(boxed(each, findings) for each in examples):
        raise click.UsageError(f"A radiograph of the split train in '{data}' must have a box around a finding.")
    drawn = weights(examples, sampling.weights(examples), findings)
    pool = Pool(session, examples, findings, drawn, draws=draws, seed=seed)
    decoder = learn(pool, len(findings), passes=passes, seed=seed)
    trained_on = counted(examples, findings)
    fingerprint = [torch.from_numpy(each) for each in levels.fingerprint(session)]
    saved = {"decoder": decoder.state_dict(), "findings": list(findings), "fingerprint": fingerprint}
    torch.save(saved | {"trained_on": trained_on}, out)
    click.echo("\n".join(trained_on))


def counted(examples: Sequence[Example], findings: tuple[str, ...]) -> list[str]:
    """What was learned from, for people."""
    with_boxes = Counter(each.source for each in examples if boxed(each, findings))
    sources = Counter(each.source for each in examples)
    return [f"{name}: {count} radiographs, {with_boxes[name]} of them with boxes" for name, count in sources.items()]


@command.command("attach")
@click.argument("manifest", type=existing(folder=False))
@click.argument("decoder", type=existing(folder=False))
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--version", required=True, help="Of the reader that comes of it: it points otherwise than the one before."
)
def attach_command(manifest: Path, decoder: Path, out: Path, version: str) -> None:
    """Write to OUT the reader MANIFEST with the DECODER that `hilum heatmaps learn` made."""
    content = torch.load(decoder, weights_only=True)
    click.echo(f"Manifest: {attach(manifest, content, version, out)}")
