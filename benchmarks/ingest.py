"""C-STORE against Debian's Orthanc and DCMTK's storescp: files a second, over 1, 4 and 8 associations.

Orthanc and storescp listen on every address, so it runs on the loopback of a network namespace: that takes root.
The sender is a process of its own on the same cores (benchmarks/store_sender.py).
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.files import SYNTAXES, Syntax, dicom, picture
from benchmarks.processes import descendants, processor_seconds
from benchmarks.receivers import (
    Receiving,
    fsync_milliseconds,
    hilum,
    orthanc,
    orthanc_with_large_pdus,
    storescp,
)
from benchmarks.report import Bar, Report
from benchmarks.sender import PLACEHOLDERS

ASSOCIATIONS = (1, 4, 8)
UNCOMPRESSED, MIXED = "10 MB", "mixed"
#: Name to who receives, and the program that it takes.
RECEIVERS: Mapping[str, tuple[Callable[[Path], AbstractContextManager[Receiving]], str]] = {
    "Hilum": (hilum, "true"),
    "Orthanc": (orthanc, "Orthanc"),
    "Orthanc with large PDUs": (orthanc_with_large_pdus, "Orthanc"),
    "storescp": (storescp, "storescp"),
}
LEAST_OF_ORTHANC, LEAST_OF_STORESCP = 3.0, 0.8
#: Set for the process that runs in the namespace.
_INSIDE = "HILUM_BENCHMARK_INSIDE"


@dataclass(frozen=True, kw_only=True)
class Lengths:
    """How often and how long is measured; seconds."""

    rounds: int
    seconds: float


SHORT, LONG = Lengths(rounds=2, seconds=3), Lengths(rounds=5, seconds=6)
#: Files, associations and receiver to a value a round.
Figures = dict[tuple[str, int, str], list[float]]


@dataclass
class Measured:
    #: Files that were stored in a second.
    rates: Figures = field(default_factory=lambda: defaultdict(list))
    #: Milliseconds of processor time that the receiver took for a file, with its database.
    costs: Figures = field(default_factory=lambda: defaultdict(list))
    fsync: float = 0.0


def write_files(folder: Path) -> dict[str, list[Path]]:
    """What is sent: an uncompressed radiograph of 10 MB; ten of several sizes and syntaxes, as they come in a day."""
    large, medium, small = picture(2500, 2000), picture(1536, 1280), picture(768, 640)
    by_name = {syntax.transfer_syntax.keyword: syntax for syntax in SYNTAXES}
    plain = by_name["ExplicitVRLittleEndian"]
    written = [plain, by_name["ImplicitVRLittleEndian"], by_name["JPEGLosslessSV1"], by_name["JPEG2000Lossless"]]
    mixed = [(large, syntax) for syntax in written] + [(medium, syntax) for syntax in written]
    mixed += [(small, plain), (small, by_name["JPEGBaseline8Bit"])]
    return {
        UNCOMPRESSED: [_write(folder / "10.dcm", large, plain)],
        MIXED: [_write(folder / f"mixed-{number}.dcm", *one) for number, one in enumerate(mixed)],
    }


def _write(path: Path, pixels: NDArray[np.uint16], syntax: Syntax) -> Path:
    path.write_bytes(dicom(pixels, syntax, PLACEHOLDERS))
    return path


def send(receiving: Receiving, files: list[Path], associations: int, seconds: float) -> tuple[float, float]:
    """Files stored in a second, and milliseconds of the receiver's processor time for each."""
    before = _used(receiving.pids)
    options = ("--title", receiving.title, "--associations", str(associations), "--seconds", str(seconds))
    command = [sys.executable, "-m", "benchmarks.store_sender", "127.0.0.1", str(receiving.port)]
    said = json.loads(subprocess.run([*command, *map(str, files), *options], check=True, stdout=subprocess.PIPE).stdout)
    used = _used(receiving.pids) - before
    assert not said["refused"], f"{receiving.title} must store everything, but answered {said['refused'][:3]}"
    stored = [moment for moment in said["stored"] if moment <= said["until"]]
    return len(stored) / seconds, 1000 * used / len(said["stored"])


def _used(pids: tuple[int, ...]) -> float:
    """Seconds, with those of processes that have ended."""
    return sum(processor_seconds([one for pid in pids for one in descendants(pid)], ended_too=True).values())


def measure(folder: Path, lengths: Lengths, receivers: list[str]) -> Measured:
    measured, files = Measured(), write_files(folder)
    measured.fsync = fsync_milliseconds(folder, 10 * 10**6, 9)
    with ExitStack() as stack:
        running = {name: stack.enter_context(RECEIVERS[name][0](folder)) for name in receivers}
        for one in running.values():  # the first second does not count: programs load, processes start
            send(one, files[UNCOMPRESSED], 1, 1)
        for _ in range(lengths.rounds):
            for what, paths in files.items():
                for associations in ASSOCIATIONS:
                    for name, one in running.items():
                        rate, cost = send(one, paths, associations, lengths.seconds)
                        measured.rates[what, associations, name].append(rate)
                        measured.costs[what, associations, name].append(cost)
                        one.clear()
    return measured


def figures(measured: Measured) -> dict[str, float]:
    found = {"disk: fsync of 10 MB that were written just before, ms": measured.fsync}
    for heading, unit, values in (
        ("files", "a second", measured.rates),
        ("processor time a file", "ms", measured.costs),
    ):
        for (what, associations, name), rounds in values.items():
            found[f"{heading}: {what}, {associations} associations, {name}, {unit}"] = median(rounds)
    return found


def bars(measured: Measured) -> dict[str, Bar]:
    """By the median of the rounds' ratios: what is compared ran one after the other."""
    made = {}
    for associations, other, least in _bounds():
        ours, theirs = (measured.rates.get((UNCOMPRESSED, associations, name), []) for name in ("Hilum", other))
        if ours and theirs:
            ratio = median(own / their for own, their in zip(ours, theirs, strict=True))
            made[f"files_over_{other.lower()}_at_{associations}"] = Bar(value=ratio, at_least=least)
    return made


def _bounds() -> Iterator[tuple[int, str, float]]:
    yield 1, "Orthanc", LEAST_OF_ORTHANC
    yield 4, "Orthanc", LEAST_OF_ORTHANC
    yield 4, "storescp", LEAST_OF_STORESCP


def enter_namespace() -> None:
    """Go on in a network namespace with a loopback of its own, where one can be made."""
    if _INSIDE in os.environ or os.geteuid() != 0 or not shutil.which("unshare"):
        return
    if subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode:
        return
    command = [sys.executable, "-m", "benchmarks.ingest", *sys.argv[1:]]
    inside = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *command]
    os.execvpe("unshare", inside, {**os.environ, _INSIDE: "1"})  # noqa: S606


@click.command()
@click.option("--json", "as_object", is_flag=True, help="Print one JSON object.")
@click.option("--long", "long_form", is_flag=True, help="Measure longer and more often, for figures to publish.")
def command(*, as_object: bool, long_form: bool) -> None:
    """Measure what is received by C-STORE, against Orthanc and storescp."""
    enter_namespace()
    here = list(RECEIVERS) if _INSIDE in os.environ else ["Hilum"]
    receivers = [name for name in here if shutil.which(RECEIVERS[name][1])]
    notes = tuple(f"{name} is left out: it takes root and its Debian package." for name in {*RECEIVERS} - {*receivers})
    with tempfile.TemporaryDirectory(prefix="hilum-", dir=".") as folder:
        measured = measure(Path(folder).resolve(), LONG if long_form else SHORT, receivers)
    report = Report(figures=figures(measured), bars=bars(measured), notes=notes)
    click.echo(report.as_json() if as_object else report.as_text())


if __name__ == "__main__":
    command()
