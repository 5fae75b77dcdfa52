"""Do the pooled features tell where a radiograph is from? `hilum probe DATA CACHE NETWORK...`.

Labels go with their sources, so a network that knows the source can guess the label. A linear probe learns the source
from the features, among radiographs that have the same label, and is asked on validation patients. Right as often as a
guess, one in so many sources, would mean that the features say nothing of the source beyond the label.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from training import metrics
from training.augmentation import SHARP
from training.datasets import index
from training.datasets.example import Example, Split
from training.features import Features, Pooler, View, pooled, pooler
from training.metrics import Estimate

#: What the radiographs of one probe have in common: a finding, present or absent.
SAME = {"no finding": ("Abnormal", False), "Tuberculosis": ("Tuberculosis", True), "COVID-19": ("COVID-19", True)}
#: Radiographs of each source, at most, and at least; the same number of each split, so that no source is the likelier.
MOST: dict[Split, int] = {"train": 100, "val": 60}
LEAST: dict[Split, int] = {"train": 40, "val": 10}
#: Inverse strength of the probe's penalty.
PENALTY = 0.01


class Probed(NamedTuple):
    """How often the source is told, the mean over the sources."""

    same: str
    sources: tuple[str, ...]
    images: int
    right: Estimate


class Thumbnail:
    """No network: the picture itself, as few pixels. What any network could see at a glance."""

    size = 16
    identity = "thumbnail 16"

    def pool(self, radiograph: NDArray[np.float32]) -> Features:
        return radiograph.ravel()


def chosen(examples: Sequence[Example], same: str, split: Split) -> list[Example]:
    """Sharp radiographs of adults, or of unknown age, that are the ``same``, as few of each source; by source."""
    finding, present = SAME[same]
    alike = [
        example
        for example in examples
        if example.labels.get(finding) is present and not example.child and not example.disputed
        if example.resolution >= SHARP and example.split == split
    ]
    shuffled = [alike[i] for i in np.random.default_rng(0).permutation(len(alike))]
    by_source = {
        source: [example for example in shuffled if example.source == source][: MOST[split]]
        for source in sorted({example.source for example in alike})
    }
    return [example for found in by_source.values() if len(found) >= LEAST[split] for example in found]


def both(examples: Sequence[Example], same: str) -> tuple[list[Example], list[Example]]:
    """Those to learn from and those to ask, of the sources that have enough of both."""
    learnt, asked = chosen(examples, same, "train"), chosen(examples, same, "val")
    sources = {example.source for example in learnt} & {example.source for example in asked}
    return [each for each in learnt if each.source in sources], [each for each in asked if each.source in sources]


def mean_recall(truth: NDArray[np.str_], said: NDArray[np.str_]) -> float:
    """The share that is right, the mean over the classes that are there."""
    return float(np.mean([(said[truth == each] == each).mean() for each in np.unique(truth)]))


def probe(source: Pooler, examples: Sequence[Example], same: str, cache: Path) -> Probed:
    """Whether a linear probe tells the sources of the ``same`` radiographs apart."""
    learnt, asked = both(examples, same)
    x, z = (pooled(source, [View(example) for example in part], cache) for part in (learnt, asked))
    classifier = make_pipeline(StandardScaler(), LogisticRegression(C=PENALTY, max_iter=500))
    classifier.fit(x, [example.source for example in learnt])
    said, truth = np.asarray(classifier.predict(z)), np.array([example.source for example in asked])
    patients = np.array([example.patient for example in asked])
    drawn = [mean_recall(truth[rows], said[rows]) for rows in metrics.resampled(patients, metrics.RESAMPLES)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    right = Estimate(mean_recall(truth, said), float(low), float(high))
    return Probed(same, tuple(np.unique(truth).tolist()), len(asked), right)


def table(name: str, rows: Sequence[Probed]) -> Iterator[str]:
    for same, sources, images, (value, low, high) in rows:
        yield (
            f"| {name} | {same} | {len(sources)} | {images} | {value:.2f} ({low:.2f} to {high:.2f}) "
            f"| {1 / len(sources):.2f} |"
        )


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("cache", type=click.Path(file_okay=False, path_type=Path))
@click.argument("networks", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--size", default=256, show_default=True, help="A checkpoint is read at so many pixels.")
def command(data: Path, cache: Path, networks: tuple[Path, ...], size: int) -> None:
    """Print how well features of NETWORKS, manifests or checkpoints, tell the sources of DATA apart."""
    examples = index.load(data, open_only=False)
    probed: list[tuple[str, Pooler]] = [("the picture itself, 16 x 16 pixels", Thumbnail())]
    probed += [(str(path), pooler(path, size)) for path in networks]
    click.echo(
        "| features of | all have | sources | images | source told (95 %) | a guess |\n|---|---|--:|--:|---|--:|"
    )
    for name, source in probed:
        for line in table(name, [probe(source, examples, same, cache) for same in SAME]):
            click.echo(line)
    for same in SAME:
        click.echo(f"{same}: {', '.join(sorted({each.source for each in both(examples, same)[1]}))}")


if __name__ == "__main__":
    command()
