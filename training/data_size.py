"""What more data would give: `hilum datasize MANIFEST DATA CACHE`.

Linear heads learn the findings anew from a reader's pooled features, on an eighth, a quarter, half and all of the sharp
training images by patient; AUROC on the sharp validation images. The features themselves were learned from all
training images, so the curve is that of the last layer: it starts too high, and shows only a part of what a whole
network would gain.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
from sklearn.linear_model import RidgeCV
from sklearn.preprocessing import StandardScaler

from training.datasets import index
from training.datasets.example import Example, targets
from training.features import Features, GraphPooler, View, pooled
from training.metrics import Estimate, macro_auroc
from training.validate import SELECTED, sharp

#: Of the training patients; each that leaves some out is drawn so often.
PARTS, DRAWS = (1 / 8, 1 / 4, 1 / 2, 1.0), 5
#: Of the validation patients, for the interval of each draw.
RESAMPLES = 100
#: Penalties to choose from, by leave-one-out on what is learned from.
PENALTIES = np.logspace(1, 5, 9)


class Point(NamedTuple):
    """Heads on so many images: the mean AUROC over the draws, its range, and the interval over validation patients."""

    part: float
    patients: int
    images: int
    auroc: Estimate
    range: tuple[float, float]


def learn(features: Features, examples: Sequence[Example], asked: Features) -> Features:
    """Scores (asked, SELECTED) of linear heads that learned from ``features``; labels must all be known."""
    scaler = StandardScaler().fit(features)
    truth = np.stack([targets(example, SELECTED) for example in examples])
    heads = RidgeCV(PENALTIES).fit(scaler.transform(features), truth)
    return np.asarray(heads.predict(scaler.transform(asked)), dtype=np.float32)


def drawn(examples: Sequence[Example], part: float, seed: int) -> list[int]:
    """Rows of ``part`` of the patients."""
    patients = sorted({example.patient for example in examples})
    count = round(part * len(patients))
    kept = set(np.random.default_rng(seed).permutation(patients)[:count].tolist())
    return [row for row, example in enumerate(examples) if example.patient in kept]


def curve(
    learnt: Sequence[Example], x: Features, asked: Sequence[Example], z: Features, *, draws: int, resamples: int
) -> Iterator[Point]:
    """A point for each of PARTS."""
    truth = np.stack([targets(example, SELECTED) for example in asked]) > 0.5
    patients = np.array([example.patient for example in asked])
    for part in PARTS:
        chosen = [drawn(learnt, part, seed) for seed in range(draws if part < 1 else 1)]
        scores = [learn(x[rows], [learnt[row] for row in rows], z) for rows in chosen]
        found = [macro_auroc(truth, each, patients, resamples=resamples) for each in scores]
        value, low, high = (float(np.mean(column)) for column in zip(*found, strict=True))
        values = [each.value for each in found]
        images = round(float(np.mean([len(rows) for rows in chosen])))
        count = round(part * len({example.patient for example in learnt}))
        yield Point(part, count, images, Estimate(value, low, high), (min(values), max(values)))


def known(example: Example) -> bool:
    return sharp(example) and all(finding in example.labels for finding in SELECTED)


@click.command()
@click.argument("manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("cache", type=click.Path(file_okay=False, path_type=Path))
@click.option("--images", type=int, help="At most so many training images, drawn once.")
def command(manifest: Path, data: Path, cache: Path, images: int | None) -> None:
    """Print the AUROC of linear heads on features of MANIFEST by how much of DATA they learned from."""
    examples = index.load(data)
    learnt = [example for example in examples if example.split == "train" and known(example)]
    learnt = [learnt[row] for row in np.random.default_rng(0).permutation(len(learnt))[:images]]
    asked = [example for example in examples if example.split == "val" and known(example)]
    x, z = (pooled(GraphPooler(manifest), [View(each) for each in part], cache) for part in (learnt, asked))
    click.echo("| part | patients | images | AUROC (95 %) | over the draws |\n|--:|--:|--:|---|---|")
    for part, patients, count, (value, low, high), (least, most) in curve(
        learnt, x, asked, z, draws=DRAWS, resamples=RESAMPLES
    ):
        spread = f"{least:.3f} to {most:.3f}"
        click.echo(f"| {part:g} | {patients} | {count} | {value:.3f} ({low:.3f} to {high:.3f}) | {spread} |")


if __name__ == "__main__":
    command()
