"""What a viewer waits for: one large radiograph by WADO-RS from the running service, as it stores it and decoded.

Of each request: milliseconds to the first byte of the answer, and to the last, over one connection of this machine.
"""

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import click
import httpx
from pydicom import uid

from benchmarks.files import SYNTAXES, dicom, picture
from benchmarks.report import Bar, Report
from benchmarks.service import service

#: From the request for its metadata to the last byte of its frame.
MOST_SECONDS = 1.5
_STUDY, _SERIES = "2.25.3", "2.25.2"
_OCTETS = 'multipart/related; type="application/octet-stream"'
_STORED = f"{_OCTETS}; transfer-syntax=*"
_SHOWN = {
    uid.ExplicitVRLittleEndian: "native",
    uid.RLELossless: "RLE",
    uid.JPEGLosslessSV1: "JPEG lossless",
    uid.JPEGLSLossless: "JPEG-LS",
    uid.JPEG2000Lossless: "JPEG 2000 lossless",
    uid.HTJ2KLossless: "HTJ2K lossless",
}


@dataclass(frozen=True)
class Taken:
    """Milliseconds to the first byte and to the last."""

    first: float
    last: float


def requests() -> Mapping[str, tuple[str, str]]:
    """What is asked for, by what it is called: below the Base URI, and what is accepted."""
    asked: dict[str, tuple[str, str]] = {}
    for number, name in enumerate(_SHOWN.values(), 1):
        place = f"studies/{_STUDY}/series/{_SERIES}/instances/2.25.10{number}"
        asked[f"metadata, {name}"] = (f"{place}/metadata", "application/dicom+json")
        asked[f"frame as stored, {name}"] = (f"{place}/frames/1", _STORED)
        asked[f"frame in native values, {name}"] = (f"{place}/frames/1", _OCTETS)
        asked[f"picture of 1024 pixels, {name}"] = (f"{place}/rendered?viewport=1024,1024", "image/jpeg")
    return asked


def fill(client: httpx.Client, rows: int = 3000, columns: int = 2500, wait: int = 0) -> None:
    """One radiograph in each transfer syntax; ``wait`` so many seconds at most until each is read."""
    pixels = picture(rows, columns)
    syntaxes = {syntax.transfer_syntax: syntax for syntax in SYNTAXES}
    for number, syntax in enumerate(_SHOWN, 1):
        data = dicom(pixels, syntaxes[uid.UID(syntax)], (f"2.25.10{number}", _SERIES, _STUDY))
        headers = {"Content-Type": "application/dicom"}
        client.post(f"/api/instances?wait={wait}", content=data, headers=headers).raise_for_status()


def ask(client: httpx.Client, rounds: int) -> dict[str, list[Taken]]:
    """Everything in turns; the first round, in which decoders start, is left out."""
    taken: dict[str, list[Taken]] = {name: [] for name in requests()}
    for number in range(rounds + 1):
        for name, (path, accept) in requests().items():
            found = _timed(client, f"/dicom-web/{path}", accept)
            if number:
                taken[name].append(found)
    return taken


def _timed(client: httpx.Client, path: str, accept: str) -> Taken:
    began = time.perf_counter()
    with client.stream("GET", path, headers={"Accept": accept}) as answer:
        answer.raise_for_status()
        body = answer.iter_raw()
        next(body)
        first = time.perf_counter() - began
        for _ in body:
            pass
    return Taken(first * 1000, (time.perf_counter() - began) * 1000)


def report(taken: Mapping[str, Sequence[Taken]]) -> Report:
    figures: dict[str, float] = {}
    for name, times in taken.items():
        figures[f"{name}: first byte, ms"] = median(one.first for one in times)
        figures[f"{name}: last byte, ms"] = median(one.last for one in times)
    bars = {f"seconds_to_pixels_{name}": _bar(figures, name) for name in _SHOWN.values()}
    return Report(figures=figures, bars=bars)


def _bar(figures: Mapping[str, float], name: str) -> Bar:
    parts = (f"metadata, {name}", f"frame in native values, {name}")
    return Bar(value=sum(figures[f"{part}: last byte, ms"] for part in parts) / 1000, at_most=MOST_SECONDS)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--long", "is_long", is_flag=True, help="Ask everything 100 times instead of 10.")
def main(as_json: bool, is_long: bool) -> None:
    """Milliseconds to a radiograph of 3000 x 2500 pixels by WADO-RS."""
    with (
        tempfile.TemporaryDirectory(prefix="hilum-bench-") as folder,
        service(Path(folder)) as running,
        httpx.Client(base_url=f"http://127.0.0.1:{running.port}", timeout=120) as client,
    ):
        fill(client, wait=100)
        taken = ask(client, 100 if is_long else 10)
    made = report(taken)
    click.echo(made.as_json() if as_json else made.as_text())


if __name__ == "__main__":
    main()
