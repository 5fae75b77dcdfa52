"""What a reader says of one radiograph. Frozen values: no pydicom, no pydantic, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from model.errors import NotReadable, RefusalCode
from model.findings import Code
from model.placement import Placement

Side = Literal["right", "left", "both"]
Zone = Literal["upper", "middle", "lower"]

#: What is outlined, in the order of the graph's output. Right and left are the patient's.
STRUCTURES = ("right_lung", "left_lung", "heart")

#: Column and row on the radiograph's own grid; (0, 0) is the outer corner of its first pixel.
Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class OperatingPoint:
    """What a threshold means: how the reader did with it on held-out patients."""

    #: Chosen how, e.g. "Youden" or "sensitivity 0.90".
    rule: str
    #: Measured on the held-out patients named in ``data``, each with its 95 % interval (low, high).
    sensitivity: float
    sensitivity_interval: tuple[float, float]
    specificity: float
    specificity_interval: tuple[float, float]
    data: str


@dataclass(frozen=True, kw_only=True)
class RuleOut:
    """A second, lower threshold, below which few who have the finding were left on held-out patients."""

    #: 0..1, on the same scale as the finding's probability.
    threshold: float
    #: Its specificity is the share of those without the finding whom it rules out.
    operating_point: OperatingPoint


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked for: its calibrated probability and whether that reaches the threshold."""

    name: str
    code: Code
    #: 0..1, calibrated on held-out patients.
    probability: float
    #: 0..1, on the same scale as ``probability``.
    threshold: float
    operating_point: OperatingPoint
    #: The held-out data could not show that the reader sees this finding reliably.
    experimental: bool = False
    #: Of the patient, by the heatmap inside the lung fields; None where that cannot be determined.
    side: Side | None = None
    #: Third of the lung field's height; None where that cannot be determined.
    zone: Zone | None = None
    #: The held-out data showed that the heatmap points to this finding better than its usual place does.
    location_certain: bool = False
    #: None where no such threshold was chosen.
    rule_out: RuleOut | None = None

    @property
    def present(self) -> bool:
        return self.probability >= self.threshold

    @property
    def ruled_out(self) -> bool:
        return self.rule_out is not None and self.probability < self.rule_out.threshold


@dataclass(frozen=True, kw_only=True, eq=False)
class Heatmap:
    """Where a finding was seen.

    ``cells`` is float32 (h, w) on the network's own coarse grid, 0..1: how likely the finding is at that place, on the
    scale of its probability; they do not add up to it. Of a finding that is not present no place is above 0.5.
    ``model.heatmaps.on_radiograph`` brings it to the radiograph's grid.
    """

    finding: str
    cells: NDArray[np.float32]
    placement: Placement


@dataclass(frozen=True, kw_only=True, eq=False)
class Outlines:
    """Lung fields and heart.

    ``masks`` is bool (STRUCTURES, S, S) on a square that lies on the radiograph as ``placement`` says, upright, the
    patient's right on its left. ``model.anatomy.polygons`` brings them to the radiograph's grid.
    """

    masks: NDArray[np.bool_]
    placement: Placement


@dataclass(frozen=True, kw_only=True)
class CardiothoracicRatio:
    """The heart's greatest width by the greatest inner width of the chest, on a PA radiograph."""

    #: None where it cannot be stated; ``reason`` then says why.
    value: float | None
    #: 95 % of the differences from the ratio of outlines drawn by people lie between these, on held-out radiographs.
    error: tuple[float, float] | None = None
    #: What was measured: the two ends of a line across the heart and across the chest.
    heart: tuple[Point, Point] | None = None
    chest: tuple[Point, Point] | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What the reader checked before it let a reading out. Probabilities, 0..1, after any correction."""

    upright: float
    inverted: float
    mirrored: float
    child: float
    #: Distance of the radiograph from what the network was trained on (Mahalanobis, pooled features); the gate
    #: refuses above ``distance_limit``.
    distance: float
    distance_limit: float
    #: None: the reader did not learn it.
    lateral: float | None = None
    #: What was corrected, in words, e.g. "turned by 90 degrees". Empty if nothing was.
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """All findings of one reader version on one radiograph."""

    #: Name and version of the reader, e.g. "hilum-lite2 0.1.0".
    reader: str
    sop_instance_uid: str | None
    findings: tuple[Finding, ...]
    #: By the finding's name.
    heatmaps: Mapping[str, Heatmap]
    gate: Gate
    #: What was done to the pixels from the file to the network, in order, in words.
    steps: tuple[str, ...]
    #: Stage to milliseconds: decode, prepare, network, heatmaps.
    timings_ms: Mapping[str, float]
    #: None where the reader draws none or where they are not plausible.
    outlines: Outlines | None = None
    #: None where the reader draws no outlines.
    cardiothoracic_ratio: CardiothoracicRatio | None = None


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A radiograph that is not read, and why. A result like a reading: stored, shown, delivered, never retried."""

    code: RefusalCode
    reason: str

    @classmethod
    def of(cls, error: NotReadable) -> "Refusal":
        return cls(code=error.code, reason=error.reason)
