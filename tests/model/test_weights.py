"""A manifest and its graph: what is loaded, and what does not start."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from model.errors import Misconfigured
from model.reading import OperatingPoint
from model.weights import DEFAULT, GateLimits, load
from tests.graphs import finding, graph, manifest, write

GRAPH = graph()


def test_a_manifest_is_loaded_with_its_graph(tmp_path: Path) -> None:
    facts, onnx = load(write(tmp_path, GRAPH))
    assert onnx == GRAPH
    assert (facts.reader, facts.input_size, facts.minimum_age) == ("tiny 1.0.0", 64, 15)
    assert [look.name for look in facts.findings] == ["Effusion", "Nodule"]
    assert facts.findings[0].operating_point == OperatingPoint(
        rule="sensitivity 0.90",
        sensitivity=0.9,
        sensitivity_interval=(0.85, 0.94),
        specificity=0.7,
        specificity_interval=(0.66, 0.74),
        data="nobody",
    )
    assert facts.gate_limits == GateLimits(certain=0.9, child=0.5, distance=10.0)


def test_a_finding_may_have_a_threshold_that_rules_it_out(tmp_path: Path) -> None:
    rule = {"threshold": 0.125, "operating_point": finding("Mass")["operating_point"] | {"sensitivity": 0.98}}
    facts, _ = load(write(tmp_path, GRAPH, findings=[finding("Effusion", rule_out=rule), finding("Nodule")]))
    with_it, without_it = facts.findings
    assert without_it.rule_out is None
    assert with_it.rule_out is not None
    assert (with_it.rule_out.threshold, with_it.rule_out.operating_point.sensitivity) == (0.125, 0.98)
    assert with_it.rule_out.operating_point.specificity_interval == (0.66, 0.74)


def test_another_sha256_does_not_start(tmp_path: Path) -> None:
    path = write(tmp_path, GRAPH)
    (tmp_path / "tiny.onnx").write_bytes(GRAPH + b"\0")
    with pytest.raises(Misconfigured) as caught:
        load(path)
    must, came = hashlib.sha256(GRAPH).hexdigest(), hashlib.sha256(GRAPH + b"\0").hexdigest()
    assert str(caught.value) == f"The SHA-256 of 'tiny.onnx' must be {must}, not {came}. Fetch the weights again."


@pytest.mark.parametrize("missing", ["tiny.json", "tiny.onnx"])
def test_a_missing_file_does_not_start(missing: str, tmp_path: Path) -> None:
    path = write(tmp_path, GRAPH)
    (tmp_path / missing).unlink()
    with pytest.raises(Misconfigured) as caught:
        load(path)
    assert str(caught.value) == (
        f"The weights must be readable at '{tmp_path}', but '{tmp_path / missing}' is not: No such file or directory. "
        "Install Hilum again, or export a network to there."
    )


def without(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda content: content.pop(key)


def having(**changes: Any) -> Callable[[dict[str, Any]], object]:
    return lambda content: content.update(changes)


def a_mass(**changes: Any) -> Callable[[dict[str, Any]], object]:
    return having(findings=[finding("Mass", **changes)])


#: What is done to a good manifest, and what the message says of it.
WRONG = {
    "unknown finding": (having(findings=[finding("Beauty")]), "findings must be names of model.findings, not Beauty"),
    "a finding twice": (
        having(findings=[finding("Mass"), finding("Mass")]),
        "findings must be one or more, each once, not Mass, Mass",
    ),
    "no finding": (having(findings=[]), "findings must be one or more, each once, not none"),
    "missing": (without("input_size"), "'input_size' is missing"),
    "missing, of a finding": (having(findings=[{"name": "Mass"}]), "'operating_point' is missing"),
    "size as text": (having(input_size="64"), "input_size must be of type int, not '64'"),
    "size as a fraction": (having(input_size=64.0), "input_size must be of type int, not 64.0"),
    "slope as text": (a_mass(slope="1"), "slope must be of type float, not '1'"),
    "slope not finite": (a_mass(slope=float("nan")), "slope must be of type float, not nan"),
    "threshold as a truth": (a_mass(threshold=True), "threshold must be of type float, not True"),
    "experimental as text": (
        a_mass(experimental="no"),
        "experimental must be of type bool, not 'no'",
    ),
    "limit missing": (having(gate_limits={"certain": 0.9, "child": 0.5}), "'distance' is missing"),
    "limit null": (
        having(gate_limits={"certain": 0.9, "child": None, "distance": 1.0}),
        "child must be of type float, not None",
    ),
    "limits as a list": (having(gate_limits=[0.9]), "list indices must be integers or slices, not str"),
    "rule out at a text": (
        a_mass(rule_out={"threshold": "0", "operating_point": {}}),
        "threshold must be of type float, not '0'",
    ),
    "rule out, not measured": (
        a_mass(rule_out={"threshold": 0.1, "operating_point": {}}),
        "'sensitivity_interval' is missing",
    ),
    "interval of one": (
        a_mass(operating_point=finding("Mass")["operating_point"] | {"sensitivity_interval": [1]}),
        "not enough values to unpack (expected 2, got 1)",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_manifest_does_not_start(case: str, tmp_path: Path) -> None:
    change, words = WRONG[case]
    content = manifest(GRAPH)
    change(content)
    path = write(tmp_path, GRAPH)
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(Misconfigured) as caught:
        load(path)
    assert str(caught.value) == f"The manifest '{path}' must be one of ours, but: {words}. Export the network again."


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"7", b'"text"', b"null", b"\xff\xfe"])
def test_what_is_no_manifest_at_all_does_not_start(text: bytes, tmp_path: Path) -> None:
    path = tmp_path / "tiny.json"
    path.write_bytes(text)
    with pytest.raises(Misconfigured, match=r"must be one of ours, but: .+ Export the network again"):
        load(path)


@pytest.mark.skipif(not DEFAULT.exists(), reason="no weights in model/weights")
def test_the_shipped_weights_are_whole() -> None:
    facts, onnx = load()
    assert hashlib.sha256(onnx).hexdigest() == facts.sha256
