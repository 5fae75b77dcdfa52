"""Typed stand-ins that tests pass in where the service expects the real thing."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from model.anatomy import cardiothoracic_ratio
from model.errors import NotReadable, RefusalCode
from model.findings import FINDINGS
from model.placement import Placement
from model.radiograph import Radiograph
from model.reading import Finding, Gate, Heatmap, OperatingPoint, Outlines, Reading, RuleOut
from model.sides import place
from tests import chests

_POINT = OperatingPoint(
    rule="sensitivity 0.90",
    sensitivity=0.9,
    sensitivity_interval=(0.86, 0.93),
    specificity=0.71,
    specificity_interval=(0.68, 0.74),
    data="held-out patients of a stub",
)
#: Probability, threshold, experimental, centre of its heatmap as parts of rows and columns.
Stub = tuple[float, float, bool, tuple[float, float]]
STUB_FINDINGS: Mapping[str, Stub] = {
    "Cardiomegaly": (0.64, 0.42, False, (0.62, 0.55)),
    "Effusion": (0.81, 0.35, False, (0.80, 0.22)),
    "Pneumothorax": (0.03, 0.12, False, (0.20, 0.75)),
    "Nodule": (0.11, 0.18, False, (0.35, 0.30)),
    "Tuberculosis": (0.22, 0.20, True, (0.22, 0.32)),
    "Pleural_Thickening": (0.07, 0.15, False, (0.55, 0.12)),
}
#: The same findings, none of them present.
NOTHING: Mapping[str, Stub] = {name: (0.01, *rest) for name, (_, *rest) in STUB_FINDINGS.items()}


def _already_set() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@dataclass
class StubReader:
    """Reads every radiograph the same way, or refuses it when it is ``too_dark`` (mean below that)."""

    name: str = "hilum-stub 1.2.3"
    findings: Mapping[str, Stub] = field(default_factory=lambda: STUB_FINDINGS)
    too_dark: float = 0.0
    #: Raised instead of reading: an error of ours.
    broken: Exception | None = None
    #: Of its first finding, whose probability is 0.64; None leaves nothing to rule out.
    rule_out: float | None = None
    #: SOP Instance UIDs that were read, in order.
    read_uids: list[str | None] = field(default_factory=list)
    #: Set when a reading begins; the reading goes on once ``go_on`` is set.
    begun: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=_already_set)

    def read(self, radiograph: Radiograph) -> Reading:
        self.begun.set()
        self.go_on.wait()
        if self.broken:
            raise self.broken
        self.read_uids.append(radiograph.sop_instance_uid)
        if float(radiograph.pixels.mean()) < self.too_dark:
            raise NotReadable(RefusalCode.NOT_CHEST, "The radiograph must show a chest; this one shows a stub's doubt.")
        placement = Placement(rows=radiograph.pixels.shape[0], columns=radiograph.pixels.shape[1], size=384)
        outlines = Outlines(masks=chests.masks(), placement=placement)
        return Reading(
            reader=self.name,
            sop_instance_uid=radiograph.sop_instance_uid,
            findings=self._findings(placement),
            heatmaps={name: _heatmap(name, stub, placement) for name, stub in self.findings.items()},
            gate=Gate(upright=0.99, inverted=0.01, mirrored=0.02, child=0.0, distance=3.2, distance_limit=9.0),
            steps=(*radiograph.steps, "resized to 384 x 384"),
            timings_ms={"prepare": 1.0, "network": 2.0, "heatmaps": 0.5},
            outlines=outlines,
            cardiothoracic_ratio=cardiothoracic_ratio(outlines, radiograph.view, (-0.05, 0.04)),
        )

    def _findings(self, placement: Placement) -> tuple[Finding, ...]:
        first, *others = (_finding(name, stub, placement) for name, stub in self.findings.items())
        if self.rule_out is None:
            return (first, *others)
        rule = RuleOut(threshold=self.rule_out, operating_point=replace(_POINT, sensitivity=0.98))
        return (replace(first, rule_out=rule), *others)


def _finding(name: str, stub: Stub, placement: Placement) -> Finding:
    probability, threshold, experimental, _ = stub
    side, zone = place(name, _heatmap(name, stub, placement).cells, threshold, chests.masks())
    return Finding(
        name=name,
        code=FINDINGS[name],
        probability=probability,
        threshold=threshold,
        operating_point=_POINT,
        experimental=experimental,
        side=side,
        zone=zone,
    )


def _heatmap(name: str, stub: Stub, placement: Placement) -> Heatmap:
    """A smooth bump as high as the finding's probability, 12 x 12 cells."""
    probability, _, _, (row, column) = stub
    rows, columns = np.mgrid[0:12, 0:12] / 11
    bump = probability * np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / 0.02)
    return Heatmap(finding=name, cells=bump.astype(np.float32), placement=placement)
