"""Outlines, ratio and places in a reading's document."""

import json
from typing import Any

import pytest

from model.limits import Limits
from serving import schemas
from serving.presentations.reading_json import outcome_json
from serving.reading_task import read_bytes
from tests.fakes import StubReader
from tests.serving.presentations.answers import sample


def document(name: str) -> dict[str, Any]:
    said: dict[str, Any] = outcome_json(read_bytes(StubReader(), sample(name), limits=Limits()), "2.25.1")
    return said


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    return document("normal_pa")


def test_places(said: dict[str, Any]) -> None:
    places = {found["name"]: (found["side"], found["zone"]) for found in said["findings"] if found["present"]}
    # The stub's heatmap of Effusion lies at 0.80 of the rows and 0.22 of the columns. That of Tuberculosis stays
    # below its threshold between two cells, and a heart has no side.
    assert places == {
        "Cardiomegaly": (None, None),
        "Effusion": ("right", "lower"),
        "Tuberculosis": (None, None),
    }
    assert not any(found["location_certain"] for found in said["findings"])


@pytest.mark.parametrize(("threshold", "ruled_out"), [(0.63, False), (0.64, False), (0.65, True)])
def test_ruled_out_is_below_the_threshold(threshold: float, ruled_out: bool) -> None:
    read = read_bytes(StubReader(rule_out=threshold), sample("normal_pa"), limits=Limits())
    first, *others = outcome_json(read, "2.25.1")["findings"]
    said = schemas.RuleOut.model_validate(first["rule_out"])
    assert (said.threshold, said.ruled_out) == (threshold, ruled_out)
    assert said.operating_point.sentence == "98 % sensitivity, 71 % specificity on held-out patients of a stub"
    assert [finding["rule_out"] for finding in others] == [None] * len(others)


def test_ratio_and_its_lines(said: dict[str, Any]) -> None:
    ratio = said["cardiothoracic_ratio"]
    assert (ratio["value"], ratio["error"]) == (0.438, [-0.05, 0.04])  # 14 / 32, see tests/chests.py
    rows, columns = said["radiograph"]["rows"], said["radiograph"]["columns"]
    for ends in ratio["lines"].values():
        assert all(0 <= x <= columns and 0 <= y <= rows for x, y in ends)
    assert said["no_cardiothoracic_ratio"] is None


def test_no_ratio_from_ap() -> None:
    said = document("normal_ap")
    assert said["cardiothoracic_ratio"] is None
    assert "AP" in said["no_cardiothoracic_ratio"]


def test_outlines_are_small(said: dict[str, Any]) -> None:
    assert {name: len(corners) for name, corners in said["outlines"].items()} == dict.fromkeys(said["outlines"], 4)
    assert len(json.dumps(said["outlines"])) < 4096


def test_regions_are_those_of_the_presentations(said: dict[str, Any]) -> None:
    rows, columns = said["radiograph"]["rows"], said["radiograph"]["columns"]
    boxes = {found["name"]: [schemas.Box(**box) for box in found["regions"]] for found in said["findings"]}
    assert [name for name, found in boxes.items() if found] == ["Cardiomegaly", "Effusion"]
    for box in boxes["Effusion"]:
        assert box.x + box.width <= columns
        assert box.y + box.height <= rows
    (effusion,) = boxes["Effusion"]
    middle = (effusion.x + effusion.width / 2) / columns, (effusion.y + effusion.height / 2) / rows
    assert middle == pytest.approx((0.22, 0.80), abs=0.1)  # where the stub's heatmap lies
