"""What a benchmark prints, and how it counts; nothing is measured here."""

import json

import pytest

from benchmarks import timing
from benchmarks.report import Bar, Report

REPORT = Report(
    figures={"whole: network alone, ms": 10.0, "whole: reading, ms": 13.0, "encode: overlay.jpg, ms": 0.5},
    bars={"reading_over_network": Bar(value=1.3, at_most=1.35)},
)


def test_the_object() -> None:
    found = json.loads(REPORT.as_json())
    assert set(found) == {"machine", "figures", "bars"}
    assert found["figures"]["whole: reading, ms"] == 13
    assert found["bars"] == {"reading_over_network": {"value": 1.3, "at_most": 1.35, "holds": True}}
    assert found["machine"]["packages"]["onnxruntime"]


@pytest.mark.parametrize(("value", "holds"), [(1.35, True), (1.351, False)])
def test_a_bar(*, value: float, holds: bool) -> None:
    assert Bar(value=value, at_most=1.35).holds is holds


@pytest.mark.parametrize(("value", "holds"), [(0.8, True), (0.799, False)])
def test_a_bar_from_below(*, value: float, holds: bool) -> None:
    bar = Bar(value=value, at_least=0.8)
    assert bar.as_object() == {"value": value, "at_least": 0.8, "holds": holds}


def test_a_bar_has_one_bound() -> None:
    with pytest.raises(AssertionError):
        Bar(value=1)


def test_the_table() -> None:
    lines = REPORT.as_text().splitlines()
    at = lines.index("whole")
    assert [line.split() for line in lines[at : at + 6]] == [
        ["whole"],
        ["network", "alone", "10.00", "ms"],
        ["reading", "13.00", "ms"],
        [],
        ["encode"],
        ["overlay.jpg", "0.50", "ms"],
    ]
    assert lines[-1] == "reading over network: 1.30, at most 1.35: holds"


def test_medians_of_turns_without_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    now, calls = 0.0, []
    costs = {"a": iter([9.0, 1.0, 5.0, 2.0]), "b": iter([9.0, 3.0, 3.0, 4.0])}  # seconds

    def work(name: str) -> None:
        nonlocal now
        calls.append(name)
        now += next(costs[name])

    monkeypatch.setattr(timing, "process_time", lambda: now)
    found = timing.milliseconds({"a": lambda: work("a"), "b": lambda: work("b")}, rounds=3)
    assert calls == ["a", "b"] * 4
    assert found == {"a": 2000.0, "b": 3000.0}  # of 1, 5, 2 and of 3, 3, 4
