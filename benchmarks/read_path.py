"""From DICOM bytes to a reading: what each stage costs on one core.

Against the floor, which is the network alone on a tensor that is ready, and against what people write today.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from json import dumps

import click

from benchmarks.files import SYNTAXES, dicom, picture
from benchmarks.floor import network_alone
from benchmarks.machine import keep_to_one_core
from benchmarks.report import Bar, Report
from benchmarks.timing import milliseconds
from model import Radiograph, Reader, Reading
from model.heatmaps import on_radiograph
from model.preprocessing import prepare
from serving.outcome import Outcome
from serving.presentations.display import overlay_on, render
from serving.presentations.reading_json import outcome_json

#: DICOM bytes to a reading with all heatmaps, uncompressed, by the network alone.
MOST = 1.35
#: As the service renders a radiograph for its page.
LONGEST_SIDE = 2048


@dataclass(frozen=True, kw_only=True)
class Rounds:
    """How often each group is measured."""

    path: int
    decode: int
    today: int


SHORT, LONG = Rounds(path=15, decode=5, today=3), Rounds(path=101, decode=25, today=15)


def path_times(data: bytes, reader: Reader, rounds: int) -> dict[str, float]:
    """From uncompressed bytes to a reading: the whole, the floor and the stages, in turns."""
    radiograph = Radiograph.from_dicom(data)
    work: dict[str, Callable[[], object]] = {
        "reading": lambda: reader.read(Radiograph.from_dicom(data)),
        "network": network_alone(),
        "decode": lambda: Radiograph.from_dicom(data),
        "prepare": lambda: prepare(radiograph, reader.manifest.input_size),
        "read": lambda: reader.read(radiograph),
    }
    return milliseconds(work, rounds)


def path_figures(taken: Mapping[str, float]) -> dict[str, float]:
    network = taken["network"]
    whole = {
        "DICOM bytes to reading": taken["reading"],
        "network alone": network,
        "all but the network": taken["reading"] - network,
    }
    stages = {
        "decode": taken["decode"],
        "prepare": taken["prepare"],
        "network": network,
        "gate, calibration, heatmaps": taken["read"] - taken["prepare"] - network,
    }
    return _table("whole, uncompressed", whole) | _table("stages, uncompressed", stages)


def encode_figures(data: bytes, reader: Reader, rounds: int) -> dict[str, float]:
    """What the service makes of a reading for its page and its interface."""
    radiograph = Radiograph.from_dicom(data)
    reading = reader.read(radiograph)
    finding = reading.findings[0]
    heatmap = reading.heatmaps[finding.name]
    rendition = render(radiograph.pixels, LONGEST_SIDE)
    work: dict[str, Callable[[], object]] = {
        "one heatmap on the radiograph's grid": lambda: on_radiograph(heatmap),
        f"rendition, {LONGEST_SIDE} px": lambda: render(radiograph.pixels, LONGEST_SIDE),
        f"overlay.jpg, {LONGEST_SIDE} px": lambda: overlay_on(rendition, heatmap, ".jpg"),
        "reading as JSON": lambda: as_json(reading),
    }
    return _table("encode", milliseconds(work, rounds))


def as_json(reading: Reading) -> str:
    outcome = Outcome(result=reading, reader=reading.reader, timings_ms=reading.timings_ms)
    return dumps(outcome_json(outcome, reading.sop_instance_uid))


def decode_figures(rounds: int) -> dict[str, float]:
    pixels = picture()
    files = {syntax.transfer_syntax.keyword: dicom(pixels, syntax) for syntax in SYNTAXES}
    work = {name: partial(Radiograph.from_dicom, data) for name, data in files.items()}
    return _table("decode to float32", milliseconds(work, rounds))


def today_figures(data: bytes, reader: Reader, rounds: int) -> dict[str, float]:
    """What people write today, beside ours, in turns. Findings: as many as our reader has."""
    import torch

    from benchmarks import today

    torch.set_num_threads(1)
    findings = len(reader.manifest.findings)
    read, pixels = today.reader(findings), today.decode(data)
    work: dict[str, Callable[[], object]] = {
        f"Hilum, {findings} heatmaps, {reader.manifest.input_size} px": lambda: reader.read(
            Radiograph.from_dicom(data)
        ),
        "of it dcmread, pixel_array, apply_voi_lut": lambda: today.decode(data),
        "of it resize": lambda: today.prepare(pixels),
        "DenseNet121 without heatmaps, 224 px": lambda: read(data, 0),
        "DenseNet121 with one MONAI Grad-CAM": lambda: read(data, 1),
        f"DenseNet121 with {findings} MONAI Grad-CAMs": lambda: read(data, findings),
    }
    return _table("what people write today", milliseconds(work, rounds))


def _table(heading: str, taken: Mapping[str, float]) -> dict[str, float]:
    return {f"{heading}: {name}, ms": value for name, value in taken.items()}


@click.command()
@click.option("--json", "as_object", is_flag=True, help="Print one JSON object.")
@click.option("--long", "long_form", is_flag=True, help="Measure more often, for figures to publish.")
def command(*, as_object: bool, long_form: bool) -> None:
    """Measure the path from DICOM bytes to a reading on one core."""
    keep_to_one_core()
    rounds = LONG if long_form else SHORT
    reader = Reader.load()
    data = dicom(picture(), SYNTAXES[0])
    taken = path_times(data, reader, rounds.path)
    figures = path_figures(taken) | encode_figures(data, reader, rounds.decode) | decode_figures(rounds.decode)
    notes = []
    if find_spec("torch") and find_spec("monai"):
        figures |= today_figures(data, reader, rounds.today)
    else:
        notes.append("What people write today is left out: torch and MONAI are not installed.")
    bar = Bar(value=taken["reading"] / taken["network"], at_most=MOST)
    report = Report(figures=figures, bars={"uncompressed_reading_over_network": bar}, notes=tuple(notes))
    click.echo(report.as_json() if as_object else report.as_text())


if __name__ == "__main__":
    command()
