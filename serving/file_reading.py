"""``hilum read``: files in, readings printed."""

import json
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from model.errors import NotReadable
from model.limits import Limits
from model.reading import CardiothoracicRatio, Finding, Reading, Refusal
from serving.outcome import Failure, Outcome
from serving.presentations.display import overlay_on, render
from serving.presentations.reading_json import NOTICE, outcome_json, sentence
from serving.presentations.study_json import by_weight
from serving.reading_task import Reads, read_bytes
from serving.walk import walk

_DISPLAY_PIXELS = 1024
_BAR = 20


def read_files(reader: Reads, paths: Iterable[Path], *, as_json: bool, heatmaps: Path | None) -> bool:
    """Read and print every file. True when each was answered by a reading or a refusal."""
    answered = True
    for path, below in walk(paths):
        outcome = _read_file(reader, path)
        written = _write_overlays(outcome, heatmaps / below) if heatmaps else {}
        answered = answered and not isinstance(outcome.result, Failure)
        click.echo(_json_line(path, outcome, written) if as_json else _table(path, outcome))
    if not as_json:
        click.echo(f"{NOTICE}")
    return answered


def _read_file(reader: Reads, path: Path) -> Outcome:
    limits = Limits()
    try:
        limits.check_bytes(path.stat().st_size)  # before it is read into memory
        started = time.perf_counter()
        outcome = read_bytes(reader, path.read_bytes(), limits=limits)
    except NotReadable as error:
        return Outcome(result=Refusal.of(error), reader=reader.name)
    except OSError as error:
        return Outcome(result=Failure(reason=f"The file cannot be read: {error.strerror}."), reader=reader.name)
    total = (time.perf_counter() - started) * 1000
    return replace(outcome, timings_ms={**outcome.timings_ms, "total": total})


def _write_overlays(outcome: Outcome, place: Path) -> dict[str, str]:
    """One overlay a finding, ``<file>.<finding>.png``; finding to path."""
    if not isinstance(outcome.result, Reading) or outcome.pixels is None:
        return {}
    rendition = render(outcome.pixels, _DISPLAY_PIXELS)
    place.parent.mkdir(parents=True, exist_ok=True)
    written: dict[str, str] = {}
    for finding in outcome.result.findings:
        if heatmap := outcome.result.heatmaps.get(finding.name):
            target = place.with_name(f"{place.name}.{finding.name.replace(' ', '_')}.png")
            target.write_bytes(overlay_on(rendition, heatmap, ".png"))
            written[finding.name] = str(target)
    return written


def _json_line(path: Path, outcome: Outcome, written: dict[str, str]) -> str:
    line = {"file": str(path), **outcome_json(outcome, outcome.sop_instance_uid)}
    return json.dumps({**line, "heatmaps": written} if written else line, ensure_ascii=False, allow_nan=False)


def _table(path: Path, outcome: Outcome) -> str:
    head = click.style(str(path), bold=True) + f"  {outcome.view}  {outcome.reader}"
    match outcome.result:
        case Refusal(code=code, reason=reason):
            return f"{head}\n  {click.style(f'REFUSED ({code})', fg='yellow', bold=True)}  {reason}\n"
        case Failure(reason=reason):
            return f"{head}\n  {click.style('FAILED', fg='red', bold=True)}  {reason}\n"
        case Reading() as reading:
            rows = [_row(finding) for finding in sorted(reading.findings, key=by_weight, reverse=True)]
            corrected = [f"  corrected: {text}" for text in reading.gate.corrections]
            said = [f"  {words}" for words in _ratio(reading.cardiothoracic_ratio)]
            return "\n".join([f"{head}  {outcome.timings_ms['total']:.0f} ms", *corrected, *rows, *said, ""])


def _ratio(ratio: CardiothoracicRatio | None) -> list[str]:
    """The cardiothoracic ratio in words, or why there is none; nothing where the reader draws no outlines."""
    if ratio is None:
        return []
    if ratio.value is None or ratio.error is None:
        return [f"no cardiothoracic ratio: {ratio.reason}"]
    low, high = ratio.error
    return [
        f"cardiothoracic ratio {ratio.value:.2f} (from one measured by hand it differs by {low:+.2f} to {high:+.2f})"
    ]


def _place(finding: Finding) -> str:
    """Side and zone in words; empty where they were not determined."""
    if finding.side is None:
        return ""
    side = "both sides" if finding.side == "both" else finding.side
    doubt = "" if finding.location_certain else " (location uncertain)"
    return f"  {side}{f', {finding.zone} zone' if finding.zone else ''}{doubt}"


def _ruled_out(finding: Finding) -> str:
    """That the finding is ruled out, and what that means; empty where it is not."""
    if finding.rule_out is None or not finding.ruled_out:
        return ""
    return f"  ruled out: {sentence(finding.rule_out.operating_point)}"


def _row(finding: Finding) -> str:
    """Name, probability, a bar with a tick at the threshold, and what the threshold means where it is reached,
    or where the finding is ruled out."""
    bar = ["━" if n < round(finding.probability * _BAR) else "─" for n in range(_BAR)]
    bar[min(round(finding.threshold * _BAR), _BAR - 1)] = "┃"
    mark = "●" if finding.present else " "
    doubt = " (experimental)" if finding.experimental else ""
    words = f"{_place(finding)}  {sentence(finding.operating_point)}" if finding.present else _ruled_out(finding)
    name = f"{mark} {finding.name.replace('_', ' ')}{doubt}"
    row = f"  {name:<44} {finding.probability:5.3f}  {''.join(bar)}  {finding.threshold:5.3f}{words}"
    return click.style(row, bold=True) if finding.present else row
