"""Does the heatmap point to the finding? `hilum places MANIFEST DATA`.

The pointing game (Zhang et al., 2018, arXiv 1608.00507): a hit is a heatmap whose highest point lies in one of the
boxes that people drew. Beside it the hit rate of a guess without looking: the point that the boxes of the training
split cover most often. With ``--record`` the manifest says of each finding how well its heatmap points, and so whether
a reading calls its place certain.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model.reader import Reader
from training import documents, metrics
from training.datasets import index
from training.datasets.example import Example
from training.metrics import Estimate
from training.scores import radiograph

#: Boxes around something that is not a finding of its own, and the findings whose heatmaps should point there.
WITHIN = {"Lung Opacity (RSNA)": ("Abnormal", "Consolidation", "Infiltration", "Pneumonia")}
#: Fewer boxed images say nothing.
FEWEST = 5
#: Rows and columns of the grid on which the usual place is looked for.
GRID = 64


class Pointing(NamedTuple):
    """How often the heatmap of ``finding`` points into the boxes around ``boxed``."""

    finding: str
    boxed: str
    images: int
    hits: Estimate
    usual_place: float


def covered(example: Example, label: str) -> NDArray[np.bool_]:
    """bool (GRID, GRID): where, relative to the image, a box around ``label`` is."""
    rows, columns = example.shape
    centres = (np.arange(GRID) + 0.5) / GRID
    return np.array(
        [[any(box.holds(y * rows, x * columns) for box in example.boxes[label]) for x in centres] for y in centres]
    )


def usual_place(examples: Sequence[Example], label: str) -> tuple[int, int]:
    """The cell of the grid that most boxes around ``label`` cover."""
    counts = np.sum([covered(example, label) for example in examples], axis=0)
    row, column = np.unravel_index(int(counts.argmax()), counts.shape)
    return int(row), int(column)


def points_at(reader: Reader, example: Example) -> dict[str, tuple[float, float]]:
    """Row and column, in pixels of the stored image, of the centre of the highest cell of each finding's heatmap."""
    seen = reader.look(radiograph(example))
    rows, columns = seen.placement.rows, seen.placement.columns
    places = {}
    for look, cells in zip(reader.manifest.findings, seen.maps, strict=True):
        row, column = np.unravel_index(int(cells.argmax()), cells.shape)
        places[look.name] = ((row + 0.5) / cells.shape[0] * rows, (column + 0.5) / cells.shape[1] * columns)
    return places


def rate(hits: Sequence[bool], examples: Sequence[Example]) -> Estimate:
    """The share of hits with its interval over patients."""
    values = np.array(hits, dtype=np.float64)
    patients = np.array([example.patient for example in examples], dtype=np.str_)
    means = [values[rows].mean() for rows in metrics.resampled(patients, metrics.RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(values.mean()), float(low), float(high))


def point(reader: Reader, examples: Sequence[Example], split: str) -> list[Pointing]:
    """A row for every heatmap and every kind of box that it should point into, on the boxed ``examples`` of a split."""
    names = {look.name for look in reader.manifest.findings}
    boxed = [example for example in examples if example.split == split and example.boxes]
    places = {id(each): points_at(reader, each) for each in tqdm(boxed, "look", mininterval=10)}
    found = []
    for label in sorted({label for example in boxed for label in example.boxes}):
        ours = [example for example in boxed if label in example.boxes]
        known = [example for example in examples if example.split == "train" and label in example.boxes]
        if len(ours) < FEWEST or not known:
            continue
        row, column = usual_place(known, label)
        guess = float(np.mean([covered(example, label)[row, column] for example in ours]))
        for finding in WITHIN.get(label, (label,)):
            if finding in names:
                hits = [any(box.holds(*places[id(each)][finding]) for box in each.boxes[label]) for each in ours]
                found.append(Pointing(finding, label, len(ours), rate(hits, ours), guess))
    return found


def record(content: dict[str, Any], found: Sequence[Pointing]) -> None:
    """Write into the manifest ``content``, for each finding, what most images measured."""
    for look in content["findings"]:
        look.pop("pointing", None)
        rows = [row for row in found if row.finding == look["name"]]
        if rows:
            most = max(rows, key=lambda row: row.images)
            look["pointing"] = {
                "images": most.images,
                "hits": most.hits.value,
                "hits_interval": [most.hits.low, most.hits.high],
                "usual_place": most.usual_place,
            }


@click.command()
@click.argument("manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--split", type=click.Choice(["val", "test"]), default="val", show_default=True)
@click.option("--record", "recorded", is_flag=True, help="Write it into the manifest.")
def command(manifest: Path, data: Path, split: str, *, recorded: bool) -> None:
    """Print how often the heatmaps of MANIFEST point into the boxes of DATA."""
    found = point(Reader.load(manifest, threads=2), index.load(data), split)
    click.echo("| heatmap | boxes around | images | hits (95 %) | usual place |\n|---|---|--:|---|--:|")
    for finding, boxed, images, (value, low, high), guess in found:
        click.echo(f"| {finding} | {boxed} | {images} | {value:.2f} ({low:.2f} to {high:.2f}) | {guess:.2f} |")
    if recorded:
        content = documents.read(manifest)
        record(content, found)
        documents.write(manifest, content)


if __name__ == "__main__":
    command()
