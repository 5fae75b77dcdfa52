"""What every benchmark prints: one JSON object, or the same as a table for people."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.machine import machine


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A figure that must not leave its bound: one of ``at_most`` and ``at_least``."""

    value: float
    at_most: float | None = None
    at_least: float | None = None

    def __post_init__(self) -> None:
        assert (self.at_most is None) != (self.at_least is None), "a bar has one bound"

    @property
    def bound(self) -> tuple[str, float]:
        """Which one it is, and how far it goes."""
        return ("at_most", self.at_most) if self.at_most is not None else ("at_least", self.at_least or 0.0)

    @property
    def holds(self) -> bool:
        kind, bound = self.bound
        return self.value <= bound if kind == "at_most" else self.value >= bound

    def as_object(self) -> dict[str, object]:
        kind, bound = self.bound
        return {"value": round(self.value, 3), kind: bound, "holds": self.holds}


@dataclass(frozen=True, kw_only=True)
class Report:
    #: "table: what, unit" to value.
    figures: Mapping[str, float]
    bars: Mapping[str, Bar]
    #: What was left out, and why.
    notes: tuple[str, ...] = ()

    def as_json(self) -> str:
        bars = {name: bar.as_object() for name, bar in self.bars.items()}
        figures = {name: round(value, 3) for name, value in self.figures.items()}
        report = {"machine": machine(), "figures": figures, "bars": bars}
        return json.dumps(report | ({"notes": list(self.notes)} if self.notes else {}))

    def as_text(self) -> str:
        facts = machine()
        lines = [f"{facts['processor']}, {facts['cores_used']} of {facts['cores']} cores, load {facts['load']}"]
        table = ""
        for name, value in self.figures.items():
            heading, _, rest = name.partition(": ")
            row, _, unit = rest.rpartition(", ")
            if heading != table:
                lines += ["", heading]
                table = heading
            lines.append(f"  {row:<46}{value:>10.2f} {unit}")
        lines.append("")
        for name, bar in self.bars.items():
            verdict = "holds" if bar.holds else "DOES NOT HOLD"
            kind, bound = bar.bound
            lines.append(f"{name.replace('_', ' ')}: {bar.value:.2f}, {kind.replace('_', ' ')} {bound:g}: {verdict}")
        return "\n".join([*lines, *self.notes])
