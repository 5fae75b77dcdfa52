"""Where a reader is most wrong: `hilum failures MANIFEST DATA OUT`.

For each finding the radiographs without it that look most like having it, and those with it that look least so: a sheet
of pictures, and a table of what they have in common more often than all of their kind. The pictures are the
data sets' own and stay where OUT is.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import cv2
import numpy as np
from numpy.typing import NDArray

from model.preprocessing import resize
from training import documents
from training.augmentation import SHARP
from training.calibrate import calibrated, meant
from training.datasets import index
from training.datasets.example import Example
from training.heads import CACHE, scorer
from training.metrics import Score
from training.scores import Scores, radiograph
from training.subgroups import groups

#: So many of the most wrong are compared with all, and so many of them are shown.
WORST, SHOWN = 40, 12
#: Side of a picture on a sheet in pixels, pictures in a row, and the height of the line below each.
SIDE, ACROSS, LINE = 240, 6, 18
#: What is more common by this factor, and true of so many, is named.
MORE, ENOUGH = 1.5, 8


class Failures(NamedTuple):
    """The most wrong first."""

    finding: str
    #: Whether they have the finding.
    present: bool
    examples: list[Example]
    #: (n,), 0..1.
    probabilities: Score
    #: In words, what is more common among the first WORST than among all that are alike: share, share of all.
    common: list[tuple[str, float, float]]


def traits(example: Example, finding: str) -> Iterator[str]:
    """What may explain an error, as far as the data set says."""
    yield from groups(example)
    yield "sharp" if example.resolution >= SHARP else "thumbnail"
    yield example.source
    for other, present in example.labels.items():
        if present and other not in {finding, "Abnormal"}:
            yield other


def common(worst: list[Example], alike: list[Example], finding: str) -> list[tuple[str, float, float]]:
    """The traits that are more common among the ``worst`` than among all that are ``alike``, the most common first."""
    here, everywhere = (Counter(trait for each in part for trait in traits(each, finding)) for part in (worst, alike))
    shares = [(trait, count / len(worst), everywhere[trait] / len(alike)) for trait, count in here.items()]
    named = [each for each in shares if each[1] >= MORE * each[2] and here[each[0]] >= ENOUGH]
    return sorted(named, key=lambda each: -each[1])


def failures(scores: Scores, look: dict[str, float], finding: str, *, present: bool) -> Failures:
    """The ``present`` or absent ones that look least so."""
    column = scores.findings.index(finding)
    rows = np.flatnonzero(scores.truth[:, column] == float(present))
    probabilities = calibrated(scores.logits[rows, column], look)
    order = np.argsort(probabilities if present else -probabilities, kind="stable")
    alike = [scores.examples[row] for row in rows[order]]
    return Failures(finding, present, alike, probabilities[order], common(alike[:WORST], alike, finding))


def picture(example: Example, words: str) -> NDArray[np.uint8]:
    """uint8 (SIDE + LINE, SIDE): the radiograph as it is read, and a line of ``words``."""
    square = np.round(resize(radiograph(example).pixels, SIDE) * 255).astype(np.uint8)
    tile = np.vstack([square, np.zeros((LINE, SIDE), np.uint8)])
    cv2.putText(tile, words, (4, SIDE + LINE - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.42, 255, 1, cv2.LINE_AA)
    return tile


def sheet(found: Failures) -> NDArray[np.uint8]:
    """The SHOWN most wrong, ACROSS in a row."""
    shown = list(zip(found.examples, found.probabilities, strict=True))[:SHOWN]
    tiles = [picture(example, f"{probability:.3f} {example.view}") for example, probability in shown]
    tiles += [np.zeros((SIDE + LINE, SIDE), np.uint8)] * (-len(tiles) % ACROSS)
    return np.vstack([np.hstack(tiles[row : row + ACROSS]) for row in range(0, len(tiles), ACROSS)])


def row(found: Failures) -> str:
    """A line of the table."""
    kind = "missed" if found.present else "false alarms"
    said = ", ".join(f"{trait} {here:.0%} (of all {everywhere:.0%})" for trait, here, everywhere in found.common)
    worst, alike = min(WORST, len(found.examples)), len(found.examples)
    return f"| {found.finding} | {kind} | {worst} of {alike} | {said or 'nothing'} |"


@click.command()
@click.argument("manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--split", type=click.Choice(["val", "test"]), default="val", show_default=True)
@click.option("--source", default="NIH ChestX-ray14", show_default=True, help="The data set to look at.")
@click.option("--cache", type=click.Path(file_okay=False, path_type=Path), help=CACHE)
def command(manifest: Path, data: Path, out: Path, split: str, source: str, cache: Path | None) -> None:
    """Write sheets of what MANIFEST gets most wrong on DATA to OUT, and print what these have in common."""
    out.mkdir(parents=True, exist_ok=True)
    examples = [each for each in index.load(data) if each.split == split and each.source == source and meant(each)]
    scores = scorer(manifest, cache)(examples)
    click.echo("| finding | which | the most wrong | more common among them |\n|---|---|--:|---|")
    for look in documents.read(manifest)["findings"]:
        for present in (False, True):
            found = failures(scores, look, look["name"], present=present)
            if found.examples:
                click.echo(row(found))
                name = f"{look['name']} {'missed' if present else 'false alarms'}.png"
                cv2.imwrite(str(out / name), sheet(found))


if __name__ == "__main__":
    command()
