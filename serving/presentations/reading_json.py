"""A reading, a refusal or a failure as JSON: the one shape of the HTTP interface and of ``hilum read --json``."""

from typing import Any
from urllib.parse import quote

from model.anatomy import polygons
from model.findings import Code
from model.reading import (
    CardiothoracicRatio,
    Finding,
    Gate,
    Heatmap,
    OperatingPoint,
    Outlines,
    Point,
    Reading,
    Refusal,
    RuleOut,
)
from serving.outcome import Entry, Failure, Outcome
from serving.presentations.regions import Region, regions

#: Stands in every presentation.
NOTICE = "AI result, not verified; for review by a radiologist."


def outcome_json(outcome: Outcome, sop_instance_uid: str | None) -> dict[str, Any]:
    """The outcome as a plain JSON object; the keys are always the same, null or empty where nothing is known."""
    reading = outcome.result if isinstance(outcome.result, Reading) else None
    return {
        "sop_instance_uid": sop_instance_uid,
        "state": str(outcome.state),
        "reader": outcome.reader,
        "notice": NOTICE,
        "view": outcome.view,
        "findings": [_finding(finding, reading.heatmaps.get(finding.name)) for finding in reading.findings]
        if reading
        else [],
        **_ratio(reading.cardiothoracic_ratio if reading else None),
        "outlines": _outlines(reading.outlines) if reading else None,
        "gate": _gate(reading.gate) if reading else None,
        "refusal": _refusal(outcome.result) if isinstance(outcome.result, Refusal) else None,
        "failure": outcome.result.reason if isinstance(outcome.result, Failure) else None,
        "steps": list(reading.steps) if reading else [],
        "timings_ms": {stage: round(ms, 2) for stage, ms in outcome.timings_ms.items()},
        "radiograph": _radiograph(outcome),
    }


def entry_json(entry: Entry) -> dict[str, Any]:
    """What was said of an instance, with its place in the study and the addresses of its pictures."""
    assert entry.outcome_id is not None, "an entry that is still pending has no reading to show"
    uid, said = entry.sop_instance_uid, entry.document
    place = f"/api/instances/{uid}"
    findings = [
        # Readings of earlier versions have no regions.
        {"regions": [], **found, "heatmap": f"{place}/heatmaps/{quote(found['name'])}"}
        for found in said["findings"]
    ]
    shape = said["radiograph"]
    return {
        "reading_id": entry.outcome_id,
        **said,
        "findings": findings,
        "series_instance_uid": entry.series_instance_uid,
        "study_instance_uid": entry.study_instance_uid,
        "content_hash": f"sha256:{entry.content_hash}",
        "radiograph": {**shape, "picture": f"{place}/overlay.jpg"} if shape else None,
    }


def reading_location(sop_instance_uid: str) -> str:
    return f"/api/instances/{sop_instance_uid}/reading"


def _radiograph(outcome: Outcome) -> dict[str, int] | None:
    if outcome.pixels is None:
        return None
    rows, columns = outcome.pixels.shape
    return {"rows": rows, "columns": columns}


def _finding(finding: Finding, heatmap: Heatmap | None) -> dict[str, Any]:
    return {
        "name": finding.name,
        "probability": round(finding.probability, 6),
        "threshold": round(finding.threshold, 6),
        "present": finding.present,
        "experimental": finding.experimental,
        "side": finding.side,
        "zone": finding.zone,
        "location_certain": finding.location_certain,
        "regions": [_box(box) for box in regions(heatmap)] if finding.present and heatmap else [],
        "code": _code(finding.code),
        "operating_point": _operating_point(finding.operating_point),
        "rule_out": _rule_out(finding, finding.rule_out) if finding.rule_out else None,
    }


def _box(region: Region) -> dict[str, float]:
    width, height = region.right - region.left, region.bottom - region.top
    return {"x": region.left, "y": region.top, "width": width, "height": height}


def _rule_out(finding: Finding, rule: RuleOut) -> dict[str, Any]:
    return {
        "threshold": round(rule.threshold, 6),
        "ruled_out": finding.ruled_out,
        "operating_point": _operating_point(rule.operating_point),
    }


def _code(code: Code) -> dict[str, str]:
    return {"scheme": code.scheme, "value": code.value, "meaning": code.meaning}


def _operating_point(point: OperatingPoint) -> dict[str, Any]:
    return {
        "rule": point.rule,
        "sensitivity": point.sensitivity,
        "sensitivity_interval": list(point.sensitivity_interval),
        "specificity": point.specificity,
        "specificity_interval": list(point.specificity_interval),
        "data": point.data,
        "sentence": sentence(point),
    }


def sentence(point: OperatingPoint) -> str:
    """What the threshold means, as a person reads it."""
    if point.rule == "none" or point.sensitivity == point.specificity == 0:  # of what was never evaluated
        return f"no operating point is known: {point.data}"
    return f"{point.sensitivity * 100:.0f} % sensitivity, {point.specificity * 100:.0f} % specificity on {point.data}"


def _ratio(ratio: CardiothoracicRatio | None) -> dict[str, Any]:
    """The ratio, or why there is none; neither where the reader draws no outlines."""
    stated = None
    if ratio and ratio.value is not None and ratio.error and ratio.heart and ratio.chest:
        stated = {
            "value": round(ratio.value, 3),
            "error": [round(each, 3) for each in ratio.error],
            "lines": {"heart": _line(ratio.heart), "chest": _line(ratio.chest)},
        }
    return {"cardiothoracic_ratio": stated, "no_cardiothoracic_ratio": ratio.reason or None if ratio else None}


def _line(ends: tuple[Point, Point]) -> list[list[float]]:
    return [list(point) for point in ends]


def _outlines(drawn: Outlines | None) -> dict[str, list[list[float]]] | None:
    """Polygons by structure, in pixels of the stored image."""
    if drawn is None:
        return None
    return {name: [list(corner) for corner in corners] for name, corners in polygons(drawn).items()}


def _gate(gate: Gate) -> dict[str, Any]:
    return {
        "upright": round(gate.upright, 6),
        "inverted": round(gate.inverted, 6),
        "mirrored": round(gate.mirrored, 6),
        "child": round(gate.child, 6),
        "distance": round(gate.distance, 4),
        "distance_limit": round(gate.distance_limit, 4),
        "lateral": None if gate.lateral is None else round(gate.lateral, 6),
        "corrections": list(gate.corrections),
    }


def _refusal(refusal: Refusal) -> dict[str, str]:
    return {"code": str(refusal.code), "reason": refusal.reason}
