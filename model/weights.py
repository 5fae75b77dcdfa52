"""The weights of a reader and their manifest: the only place that knows what the network is.

A manifest is a JSON file beside the ONNX graph; ``training.export`` writes both. Numbers that a reading depends on
(input size, findings and their order, calibration, thresholds, limits of the gate) stand there and nowhere else.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from math import isfinite
from pathlib import Path
from typing import Any

from model.errors import Misconfigured
from model.findings import FINDINGS
from model.reading import OperatingPoint, RuleOut

#: The reader that ships.
DEFAULT = Path(__file__).parent / "weights" / "hilum-lite2.json"
#: Side in pixels of the input of a cell of the network's last features.
LAST_FEATURES = 32


@dataclass(frozen=True, kw_only=True)
class Look:
    """How one finding is read off the network's logits: probability = sigmoid(slope x logit + offset)."""

    name: str
    slope: float
    offset: float
    #: Of the calibrated probability, 0..1.
    threshold: float
    operating_point: OperatingPoint
    experimental: bool
    #: How well its heatmap points; None where that was not measured.
    pointing: "Pointing | None" = None
    rule_out: RuleOut | None = None


@dataclass(frozen=True, kw_only=True)
class Pointing:
    """The pointing game on held-out images: how often the highest place of a heatmap lies in a box that people drew."""

    images: int
    hits: float
    #: 95 % interval (low, high).
    hits_interval: tuple[float, float]
    #: How often the place where such boxes mostly are would have hit: a guess without looking.
    usual_place: float

    @property
    def certain(self) -> bool:
        """Better than the guess, and more often right than wrong, with the interval."""
        return self.hits_interval[0] > max(self.usual_place, 0.5)


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """That the graph outlines lung fields and heart, and how well."""

    #: Side in pixels of the input of a cell of the outlines.
    cell: int
    #: 95 % of the differences of the cardiothoracic ratio from that of outlines drawn by people (low, high).
    ratio_error: tuple[float, float]
    #: For people: the held-out radiographs that these were measured on; what the outlines were learned from.
    data: str
    trained_on: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Painting:
    """That a decoder of its own paints the heatmaps."""

    #: Side in pixels of the input of a cell of the heatmaps.
    cell: int
    #: For people: what they were learned from.
    trained_on: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class GateLimits:
    """What the gate lets pass. Probabilities 0..1."""

    #: A radiograph that was turned or inverted must then look this certainly upright and not inverted.
    certain: float
    #: Refused as a child from here on, when the file does not say the age.
    child: float
    #: Refused as no chest radiograph above this distance.
    distance: float
    #: Refused as lateral from here on, when the file does not say the view; 1 where the reader did not learn it.
    lateral: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Everything about one set of weights."""

    name: str
    version: str
    #: File name of the ONNX graph beside the manifest, and its SHA-256 in hexadecimal.
    graph: str
    sha256: str
    #: "fp32" or "int8".
    precision: str
    #: Side of the square input, pixels.
    input_size: int
    #: Years; younger patients are refused.
    minimum_age: float
    #: In the order of the graph's output.
    findings: tuple[Look, ...]
    #: Names of the gate's outputs, in order.
    gate: tuple[str, ...]
    gate_limits: GateLimits
    #: For people: data sets, numbers, licences.
    trained_on: tuple[str, ...]
    evaluated_on: tuple[str, ...]
    #: None where the graph draws no outlines.
    anatomy: Drawing | None = None
    #: None where the heatmaps have the grid of the network's last features.
    heatmaps: Painting | None = None

    @property
    def heatmap_cell(self) -> int:
        """Side in pixels of the input of a cell of the heatmaps."""
        return self.heatmaps.cell if self.heatmaps else LAST_FEATURES

    @property
    def reader(self) -> str:
        """Name and version, as every reading bears it."""
        return f"{self.name} {self.version}"


def load(path: Path = DEFAULT) -> tuple[Manifest, bytes]:
    """The manifest at ``path`` and its graph, verified.

    Raises:
        Misconfigured: if a file is missing, the manifest does not say what it must, or the SHA-256 differs.
    """
    try:
        manifest = parse(json.loads(path.read_text(encoding="utf-8")))
        graph = (path.parent / manifest.graph).read_bytes()
    except OSError as error:
        msg = (
            f"The weights must be readable at '{path.parent}', but '{error.filename}' is not: {error.strerror}. "
            "Install Hilum again, or export a network to there."
        )
        raise Misconfigured(msg) from error
    except (ValueError, KeyError, TypeError) as error:
        msg = f"The manifest '{path}' must be one of ours, but: {_words(error)}. Export the network again."
        raise Misconfigured(msg) from error
    came = hashlib.sha256(graph).hexdigest()
    if came != manifest.sha256:
        msg = f"The SHA-256 of '{manifest.graph}' must be {manifest.sha256}, not {came}. Fetch the weights again."
        raise Misconfigured(msg)
    return manifest, graph


def parse(content: Mapping[str, Any]) -> Manifest:
    """A manifest from its JSON.

    Raises:
        KeyError, TypeError, ValueError: if something is missing, of the wrong kind, or unknown.
    """
    findings = tuple(_look(entry) for entry in content["findings"])
    names = [look.name for look in findings]
    if unknown := [name for name in names if name not in FINDINGS]:
        msg = f"findings must be names of model.findings, not {', '.join(unknown)}"
        raise ValueError(msg)
    if not names or len(set(names)) < len(names):
        msg = f"findings must be one or more, each once, not {', '.join(names) or 'none'}"
        raise ValueError(msg)
    return Manifest(
        **_plain(Manifest, content),
        findings=findings,
        gate=tuple(content["gate"]),
        gate_limits=GateLimits(**_plain(GateLimits, content["gate_limits"])),
        trained_on=tuple(content["trained_on"]),
        evaluated_on=tuple(content["evaluated_on"]),
        anatomy=_drawing(content["anatomy"]) if "anatomy" in content else None,
        heatmaps=_painting(content["heatmaps"]) if "heatmaps" in content else None,
    )


def _drawing(entry: Mapping[str, Any]) -> Drawing:
    return Drawing(
        **_plain(Drawing, entry),
        ratio_error=_interval(entry["ratio_error"]),
        trained_on=tuple(entry["trained_on"]),
    )


def _painting(entry: Mapping[str, Any]) -> Painting:
    return Painting(**_plain(Painting, entry), trained_on=tuple(entry["trained_on"]))


def _look(entry: Mapping[str, Any]) -> Look:
    return Look(
        operating_point=_operating_point(entry["operating_point"]),
        **_plain(Look, entry),
        pointing=_pointing(entry["pointing"]) if "pointing" in entry else None,
        rule_out=_rule_out(entry["rule_out"]) if "rule_out" in entry else None,
    )


def _operating_point(entry: Mapping[str, Any]) -> OperatingPoint:
    intervals: dict[str, Any] = {
        each: _interval(entry[each]) for each in ("sensitivity_interval", "specificity_interval")
    }
    return OperatingPoint(**_plain(OperatingPoint, entry), **intervals)


def _rule_out(entry: Mapping[str, Any]) -> RuleOut:
    return RuleOut(**_plain(RuleOut, entry), operating_point=_operating_point(entry["operating_point"]))


def _pointing(entry: Mapping[str, Any]) -> Pointing:
    return Pointing(**_plain(Pointing, entry), hits_interval=_interval(entry["hits_interval"]))


def _interval(values: Any) -> tuple[float, float]:
    low, high = values
    return float(low), float(high)


def _plain(kind: type[Any], content: Mapping[str, Any]) -> dict[str, Any]:
    """The values of those fields of a dataclass that are one text, number or truth; each of its kind and finite.

    What has a default may be missing.
    """
    needed = [field for field in fields(kind) if field.default is MISSING or field.name in content]
    plain = {field.name: field.type for field in needed if field.type in {str, float, int, bool}}
    for name, expected in plain.items():
        value = content[name]
        number = expected is float and type(value) in {int, float} and isfinite(value)
        if not (number if expected is float else type(value) is expected):
            msg = f"{name} must be of type {expected.__name__}, not {value!r}"
            raise TypeError(msg)
    return {name: content[name] for name in plain}


def _words(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)
