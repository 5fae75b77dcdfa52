"""Is the side right? A finding that a reader calls present, and boxes that all lie on one side of the picture."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from tqdm import tqdm

from model.errors import NotReadable
from model.reader import Reader
from model.sides import MIDLINE
from training.datasets.example import Example
from training.scores import radiograph

#: Boxes around something that is not a finding of its own, and the findings whose heatmaps should point there.
WITHIN = {"Lung Opacity (RSNA)": ("Abnormal", "Consolidation", "Infiltration", "Pneumonia")}


class Sides(NamedTuple):
    """How many findings a reading puts on the side of their boxes, on both, on the other side, and on none."""

    right: int
    both: int
    wrong: int
    unsaid: int

    def __str__(self) -> str:
        return (
            f"Of {sum(self)} findings that are present, with boxes on one side only: on that side {self.right}, "
            f"on both {self.both}, on the other {self.wrong}, not determined {self.unsaid}"
        )


def side(example: Example, finding: str) -> str | None:
    """The patient's side on which all boxes lie that say where ``finding`` is; None if they say no single one."""
    labels = [finding, *(label for label, findings in WITHIN.items() if finding in findings)]
    boxes = [box for label in labels for box in example.boxes.get(label, ())]
    middle = example.shape[1] / 2
    if boxes and all(box.x + box.width <= middle for box in boxes):
        return "right"
    return "left" if boxes and all(box.x >= middle for box in boxes) else None


def verdict(said: str | None, where: str) -> str:
    """A field of Sides."""
    if said is None:
        return "unsaid"
    return {where: "right", "both": "both"}.get(said, "wrong")


def sides(reader: Reader, examples: Sequence[Example]) -> Sides:
    """Of all ``examples`` that are read; findings without a side, as a large heart, do not count."""
    counts: Counter[str] = Counter()
    for example in tqdm([each for each in examples if each.boxes], "sides", mininterval=10):
        try:
            reading = reader.read(radiograph(example))
        except NotReadable:
            continue
        for found in reading.findings:
            where = side(example, found.name)
            if found.present and where and found.name not in MIDLINE:
                counts[verdict(found.side, where)] += 1
    return Sides(**{name: counts[name] for name in Sides._fields})
