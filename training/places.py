"""Does the heatmap point to the finding? `hilum places MANIFEST DATA`.

Two measures, on images in which people drew boxes: the pointing game (Zhang et al., 2018, arXiv 1608.00507), where a
hit is a heatmap whose highest point lies in one of the boxes; and the overlap (intersection over union) of the boxes
with where the heatmap is above a threshold, the one that suits all these images together best.

Beside them what is no art: Grad-CAM of the same network, and two guesses without looking at what is there, the point
that the boxes of the training split cover most often and the centre of a lung. With ``--record`` the manifest says of
each finding how well its heatmap points, and so whether a reading calls its place certain. Last, how often a reading
names the right side (`training/sided.py`).
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click
import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model.anatomy import outlines
from model.reader import Reader
from training import documents, metrics
from training.datasets import index
from training.datasets.example import Example
from training.grad_cam import GradCam
from training.metrics import Estimate
from training.scores import radiograph
from training.sided import WITHIN, sides

#: Fewer boxed images say nothing.
FEWEST = 5
#: Rows and columns of the grid on which places are compared.
GRID = 64
#: So many thresholds are tried.
THRESHOLDS = 40

Maps = NDArray[np.float32]
Cells = NDArray[np.bool_]


class Quality(NamedTuple):
    """How often the highest place lies in a box, and how much of boxes and heatmap is in both."""

    hits: Estimate
    overlap: Estimate


class Pointing(NamedTuple):
    """How well the heatmap of ``finding`` points into the boxes around ``boxed``, and what else would."""

    finding: str
    boxed: str
    images: int
    heatmap: Quality
    grad_cam: Quality
    #: Shares of hits.
    usual_place: float
    lung_centre: float


class Looked(NamedTuple):
    """What is compared of one radiograph: float32 (findings, h, w) twice; rows and columns in parts of its sides."""

    heatmaps: Maps
    grad_cam: Maps
    #: Of the right and of the left lung field; empty where none were outlined.
    centres: list[tuple[float, float]]


def look(reader: Reader, grad_cam: Callable[[Example], Maps], example: Example) -> Looked:
    seen = reader.look(radiograph(example))
    drawn = None if seen.anatomy is None else outlines(seen.anatomy, seen.placement)
    masks = drawn.masks[:2] if drawn else ()
    centres = [np.argwhere(mask).mean(axis=0) / len(mask) for mask in masks]
    return Looked(seen.maps, grad_cam(example), [(float(row), float(column)) for row, column in centres])


def covered(example: Example, label: str) -> Cells:
    """bool (GRID, GRID): where, relative to the image, a box around ``label`` is."""
    rows, columns = example.shape
    centres = (np.arange(GRID) + 0.5) / GRID
    return np.array(
        [[any(box.holds(y * rows, x * columns) for box in example.boxes[label]) for x in centres] for y in centres]
    )


def usual_place(boxes: Sequence[Cells]) -> tuple[float, float]:
    """The middle of the cell that most boxes cover, row and column in parts of the image's sides."""
    counts = np.sum(boxes, axis=0)
    row, column = np.unravel_index(int(counts.argmax()), counts.shape)
    return (int(row) + 0.5) / GRID, (int(column) + 0.5) / GRID


def is_hit(place: tuple[float, float], example: Example, label: str) -> bool:
    """Whether ``place``, row and column in parts of the image's sides, lies in a box."""
    row, column = (part * side for part, side in zip(place, example.shape, strict=True))
    return any(box.holds(row, column) for box in example.boxes[label])


def highest(cells: Maps) -> tuple[float, float]:
    """The middle of the highest cell of a heatmap (h, w)."""
    row, column = np.unravel_index(int(cells.argmax()), cells.shape)
    return (int(row) + 0.5) / cells.shape[0], (int(column) + 0.5) / cells.shape[1]


def overlaps(maps: Sequence[Maps], boxes: Sequence[Cells]) -> NDArray[np.float64]:
    """Of each image's boxes with what is above the threshold that gives the largest mean."""
    fine = np.array([cv2.resize(cells, (GRID, GRID), interpolation=cv2.INTER_LINEAR) for cells in maps])
    inside = np.array(boxes)
    tried = [_overlap(fine > threshold, inside) for threshold in np.quantile(fine, np.linspace(0, 1, THRESHOLDS))]
    return max(tried, key=lambda each: float(each.mean()))


def _overlap(above: Cells, inside: Cells) -> NDArray[np.float64]:
    either = (above | inside).sum(axis=(1, 2))
    return np.asarray((above & inside).sum(axis=(1, 2)) / np.maximum(either, 1), np.float64)


def mean(values: Sequence[float] | NDArray[np.float64], examples: Sequence[Example]) -> Estimate:
    """With its interval over patients."""
    each = np.asarray(values, dtype=np.float64)
    patients = np.array([example.patient for example in examples], dtype=np.str_)
    means = [each[rows].mean() for rows in metrics.resampled(patients, metrics.RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(each.mean()), float(low), float(high))


def quality(maps: Sequence[Maps], examples: Sequence[Example], label: str, boxes: Sequence[Cells]) -> Quality:
    """Of heatmaps (h, w), one an example; ``boxes``: what those around ``label`` cover."""
    hits = [float(is_hit(highest(cells), each, label)) for cells, each in zip(maps, examples, strict=True)]
    return Quality(mean(hits, examples), mean(overlaps(maps, boxes), examples))


def lung_centre(looked: Sequence[Looked], examples: Sequence[Example], label: str) -> float:
    """Hits of a guess at the centre of the right lung, or of the left one, whichever is better; none where none is."""
    pairs = list(zip(looked, examples, strict=True))
    sides = [
        [bool(seen.centres) and is_hit(seen.centres[side], each, label) for seen, each in pairs] for side in (0, 1)
    ]
    return max(float(np.mean(side)) for side in sides)


def point(
    reader: Reader, grad_cam: Callable[[Example], Maps], examples: Sequence[Example], split: str
) -> list[Pointing]:
    """A row for every heatmap and every kind of box that it should point into, on the boxed ``examples`` of a split."""
    names = [finding.name for finding in reader.manifest.findings]
    boxed = [example for example in examples if example.split == split and example.boxes]
    looked = {id(each): look(reader, grad_cam, each) for each in tqdm(boxed, "look", mininterval=10)}
    found = []
    for label in sorted({label for example in boxed for label in example.boxes}):
        ours = [example for example in boxed if label in example.boxes]
        known = [example for example in examples if example.split == "train" and label in example.boxes]
        if len(ours) < FEWEST or not known:
            continue
        usual = usual_place([covered(each, label) for each in known])
        guess = float(np.mean([is_hit(usual, each, label) for each in ours]))
        seen, inside = [looked[id(each)] for each in ours], [covered(each, label) for each in ours]
        centre = lung_centre(seen, ours, label)
        for finding in WITHIN.get(label, (label,)):
            if finding in names:
                row = names.index(finding)
                heatmap = quality([each.heatmaps[row] for each in seen], ours, label, inside)
                of_grad_cam = quality([each.grad_cam[row] for each in seen], ours, label, inside)
                found.append(Pointing(finding, label, len(ours), heatmap, of_grad_cam, guess, centre))
    return found


def record(content: dict[str, Any], found: Sequence[Pointing]) -> None:
    """Write into the manifest ``content``, for each finding, what most images measured."""
    for finding in content["findings"]:
        finding.pop("pointing", None)
        rows = [row for row in found if row.finding == finding["name"]]
        if rows:
            most = max(rows, key=lambda row: row.images)
            hits = most.heatmap.hits
            finding["pointing"] = {
                "images": most.images,
                "hits": hits.value,
                "hits_interval": [hits.low, hits.high],
                "usual_place": most.usual_place,
            }


def table(found: Sequence[Pointing]) -> str:
    """In Markdown."""
    head = (
        "| heatmap | boxes around | images | hits (95 %) | Grad-CAM | usual place | centre of a lung | overlap (95 %) "
        "| Grad-CAM |"
    )
    rows = [
        f"| {row.finding} | {row.boxed} | {row.images} | {_text(row.heatmap.hits)} | {row.grad_cam.hits.value:.2f} "
        f"| {row.usual_place:.2f} | {row.lung_centre:.2f} | {_text(row.heatmap.overlap)} "
        f"| {row.grad_cam.overlap.value:.2f} |"
        for row in found
    ]
    return "\n".join([head, "|---|---|--:|---|--:|--:|--:|---|--:|", *rows])


def _text(estimate: Estimate) -> str:
    return "{:.2f} ({:.2f} to {:.2f})".format(*estimate)


@click.command()
@click.argument("manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--split", type=click.Choice(["val", "test"]), default="val", show_default=True)
@click.option("--record", "recorded", is_flag=True, help="Write it into the manifest.")
def command(manifest: Path, data: Path, split: str, *, recorded: bool) -> None:
    """Print how well the heatmaps of MANIFEST point into the boxes of DATA."""
    reader, examples = Reader.load(manifest, threads=2), index.load(data)
    found = point(reader, GradCam(manifest), examples, split)
    click.echo(table(found))
    click.echo(sides(reader, [example for example in examples if example.split == split]))
    if recorded:
        content = documents.read(manifest)
        record(content, found)
        documents.write(manifest, content)


if __name__ == "__main__":
    command()
