"""What every benchmark prints: one JSON object, or the same as a table for people."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.machine import machine


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A figure that must not leave its bound."""

    value: float
    at_most: float

    @property
    def holds(self) -> bool:
        return self.value <= self.at_most


@dataclass(frozen=True, kw_only=True)
class Report:
    #: "table: what, unit" to value.
    figures: Mapping[str, float]
    bars: Mapping[str, Bar]
    #: What was left out, and why.
    notes: tuple[str, ...] = ()

    def as_json(self) -> str:
        bars = {
            name: {"value": bar.value, "at_most": bar.at_most, "holds": bar.holds} for name, bar in self.bars.items()
        }
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
            lines.append(f"{name.replace('_', ' ')}: {bar.value:.2f}, at most {bar.at_most:g}: {verdict}")
        return "\n".join([*lines, *self.notes])
