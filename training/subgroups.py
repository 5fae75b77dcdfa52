"""Who the radiographs are of and how they were taken: the parts of a data set that a reader is judged on by itself."""

from collections.abc import Iterator
from functools import partial

from training.augmentation import SHARP
from training.datasets.example import Example
from training.scores import Scores, is_of

#: Years: from, and below.
AGES = ((15, 40), (40, 60), (60, 130))
#: Smaller parts say nothing.
FEWEST = 10
SEXES = {"F": "women", "M": "men"}


def groups(example: Example) -> Iterator[str]:
    """The groups that ``example`` belongs to, as far as the data set says."""
    if example.sex in SEXES:
        yield SEXES[example.sex]
    for low, high in AGES:
        if example.age is not None and low <= example.age < high:
            yield f"{low} to {high - 1} years" if high < AGES[-1][1] else f"{low} years and older"
    if example.view in {"PA", "AP"}:
        yield example.view


def _in(group: str, example: Example) -> bool:
    return group in groups(example)


def by_source(scores: Scores) -> dict[str, Scores]:
    """The data sets one by one, and the sharp and the small images of each that has both."""
    parts: dict[str, Scores] = {}
    for source in sorted({example.source for example in scores.examples}):
        whole = scores.where(partial(is_of, source))
        sharp = whole.where(lambda example: example.resolution >= SHARP)
        small = whole.where(lambda example: example.resolution < SHARP)
        if sharp.examples and small.examples:
            parts |= {f"{source}, sharp": sharp, f"{source}, thumbnails": small}
        parts[source] = whole
    return _large(parts)


def by_group(scores: Scores) -> dict[str, Scores]:
    """The groups of each data set, never over several: sources differ in more than in whom they show."""
    parts = {}
    for source in sorted({example.source for example in scores.examples}):
        whole = scores.where(partial(is_of, source))
        for group in sorted({group for example in whole.examples for group in groups(example)}):
            parts[f"{source}: {group}"] = whole.where(partial(_in, group))
    return _large(parts)


def _large(parts: dict[str, Scores]) -> dict[str, Scores]:
    return {name: part for name, part in parts.items() if len(part.examples) >= FEWEST}
