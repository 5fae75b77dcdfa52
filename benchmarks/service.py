"""The service as it really runs, against the network alone and against what people write today.

`hilum serve` with its own database in a new folder, on two cores; what posts to it is a process of its own on the same
cores.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from statistics import median, quantiles

import click
import httpx
import psycopg

from benchmarks.files import SYNTAXES, dicom, picture
from benchmarks.floor import Runs, alone
from benchmarks.processes import Running, descendants, free_port, memory_megabytes, part_of, processor_seconds
from benchmarks.report import Bar, Report
from benchmarks.sender import PLACEHOLDERS
from serving.private_postgres import PrivatePostgres

CORES = 2
#: Rows and columns of what is posted: a detector's own matrix, and one made smaller as archives and data sets have it.
SIZES = {"15 MB": (3000, 2500), "2 MB": (1024, 1024)}
LOAD = 0.6
#: Instances that wait or are under way at most while the throughput is measured.
PENDING = 16
#: Connections of the sender, where it posts at random times.
CONNECTIONS = 8
LEAST_OF_FLOOR, MOST_P95_SECONDS, MOST_WORKER_MEGABYTES, MOST_COLD_SECONDS = 0.80, 1.0, 700, 8.0


@dataclass(frozen=True, kw_only=True)
class Lengths:
    """How long and how often is measured; seconds."""

    rounds: int
    floor: float
    warm_up: float
    window: float
    arrivals: float
    starts: int


SHORT = Lengths(rounds=2, floor=3, warm_up=2, window=8, arrivals=12, starts=2)
LONG = Lengths(rounds=5, floor=5, warm_up=3, window=15, arrivals=60, starts=5)


@dataclass
class Measured:
    """Everything, by name; a list has one value a round."""

    floor: dict[str, list[Runs]] = field(default_factory=lambda: defaultdict(list))
    #: Size, or "what people write today", to readings a second.
    a_second: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    #: Size, then part of the service or "sender": milliseconds of processor time a reading.
    cost: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    #: Size to seconds from when a post was due to the news that it is read.
    waited: dict[str, list[float]] = field(default_factory=dict)
    #: Megabytes, of the worker that has most.
    memory: dict[str, float] = field(default_factory=dict)
    #: Seconds, by the kind of data folder.
    cold: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def strongest_floor(self) -> float:
        return max(median(one.a_second for one in runs) for runs in self.floor.values())

    @property
    def network_milliseconds(self) -> float:
        """Processor time of one run, at its least."""
        return min(median(one.processor for one in runs) for runs in self.floor.values())


@contextmanager
def service(data: Path) -> Iterator[Running]:
    """`hilum serve` over a folder; ready when this gives it."""
    running = start(data)
    try:
        wait_until_ready(running.port)
        yield running
    finally:
        running.stop()


def start(data: Path) -> Running:
    port = free_port()
    options = ("--demo", "--port", str(port), "--data", str(data), "--workers", str(CORES), "--dimse-port", "0")
    return Running.start("serving", "serve", *options, port=port)


def wait_until_ready(port: int, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=seconds).status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < until, f"the service must be ready within {seconds} s"
        time.sleep(0.1)


def cold_start(data: Path, file: bytes) -> float:
    """Seconds from the start of `hilum serve` to the first reading in an answer."""
    began = time.monotonic()
    running = start(data)
    try:
        running.connect(60).close()
        answer = httpx.post(
            f"http://127.0.0.1:{running.port}/api/instances?wait=60",
            content=file,
            headers={"Content-Type": "application/dicom"},
            timeout=120,
        )
        taken = time.monotonic() - began
        assert answer.status_code == 200, answer.text
        return taken
    finally:
        running.stop()


def post(port: int, file: Path, seconds: float, *options: str) -> tuple[list[dict[str, float]], float]:
    """What the sender says of its posts, and the processor seconds that it took."""
    before = os.times()
    command = [sys.executable, "-m", "benchmarks.sender", str(port), str(file), "--seconds", str(seconds), *options]
    said = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    after = os.times()
    unread = sum(not one["read"] for one in said["posts"])
    assert not said["refused"], f"{said['refused']} posts were not taken"
    assert not unread, f"{unread} posts were not read"
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return said["posts"], used


def sustained(running: Running, data: Path, file: Path, lengths: Lengths) -> tuple[float, dict[str, float]]:
    """Readings a second, counted in the database over the window, and processor milliseconds a reading by part."""
    pids = descendants(running.process.pid)
    parts = {pid: part_of(pid) for pid in pids}
    before, began = processor_seconds(pids), time.time()
    posted, sent = post(running.port, file, lengths.warm_up + lengths.window, "--pending", str(PENDING))
    after = processor_seconds(descendants(running.process.pid))
    cost: dict[str, float] = defaultdict(float, sender=sent)
    for pid, used in after.items():
        cost[parts.get(pid) or part_of(pid)] += used - before.get(pid, 0.0)
    first = began + lengths.warm_up
    readings = recorded(data, first, first + lengths.window)
    return readings / lengths.window, {part: 1000 * used / len(posted) for part, used in cost.items()}


def recorded(data: Path, first: float, last: float) -> int:
    """Readings that the database got between two times."""
    query = (
        "SELECT count(*) FROM hilum.outcome WHERE state = 'read' "
        "AND recorded_at >= to_timestamp(%s) AND recorded_at < to_timestamp(%s)"
    )
    with psycopg.connect(PrivatePostgres(data / "postgres").url) as connection:
        row = connection.execute(query, [first, last]).fetchone()
    assert row
    return int(row[0])


def waited(running: Running, file: Path, rate: float, seconds: float) -> list[float]:
    """Seconds from when each post was due to the news of its reading, at so many posts a second at random times."""
    options = ("--rate", str(rate), "--connections", str(CONNECTIONS), "--pending", str(10**6))
    return [one["read"] - one["due"] for one in post(running.port, file, seconds, *options)[0]]


def written_today(file: Path, seconds: float) -> float:
    """Readings a second of the plain service, one process a core."""
    port = free_port()
    arguments = ("uvicorn", "benchmarks.plain:make_app", "--factory", "--workers", str(CORES), "--port", str(port))
    # A process that is busy with Grad-CAM for 5 s would be taken for dead and killed, a connection that waits closed.
    patience = ("--timeout-worker-healthcheck", "60", "--timeout-keep-alive", "60")
    running = Running.start(*arguments, *patience, port=port)
    options = ("--path", "/read", "--answered-is-read", "--connections", str(2 * CORES))
    try:
        running.connect(60).close()
        post(port, file, 1, *options)  # both processes are up and warm
        posted, _ = post(port, file, seconds, *options)
        return len(posted) / (max(one["read"] for one in posted) - min(one["due"] for one in posted))
    finally:
        running.stop()


def worker_memory(running: Running) -> dict[str, float]:
    """Megabytes of the worker that has most of each."""
    workers = [pid for pid in descendants(running.process.pid) if part_of(pid) == "worker"]
    found = [memory_megabytes(pid) for pid in workers]
    return {kind: max(one[kind] for one in found) for kind in found[0]}


def measure(folder: Path, lengths: Lengths, *, today: bool) -> Measured:
    measured, files = Measured(), write_files(folder)
    for _ in range(lengths.starts):
        with tempfile.TemporaryDirectory(prefix="hilum-") as fresh:
            for kind in ("a new data folder", "the same folder again"):
                measured.cold[kind].append(cold_start(Path(fresh) / "data", files["2 MB"].read_bytes()))
    data = folder / "data"
    with service(data) as running:
        for _ in range(lengths.rounds):
            for how, runs in alone(CORES, lengths.floor).items():
                measured.floor[how].append(runs)
            for size, file in files.items():
                readings, cost = sustained(running, data, file, lengths)
                measured.a_second[size].append(readings)
                for part, milliseconds in cost.items():
                    measured.cost[size][part].append(milliseconds)
            if today:
                measured.a_second["what people write today, 15 MB"].append(
                    written_today(files["15 MB"], lengths.window)
                )
        for size, file in files.items():
            rate = LOAD * median(measured.a_second[size])
            measured.waited[size] = waited(running, file, rate, lengths.arrivals)
        measured.memory = worker_memory(running)
    return measured


def write_files(folder: Path) -> dict[str, Path]:
    """What is posted, by its size."""
    files = {}
    for size, (rows, columns) in SIZES.items():
        files[size] = folder / f"{rows}x{columns}.dcm"
        files[size].write_bytes(dicom(picture(rows, columns), SYNTAXES[0], PLACEHOLDERS))
    return files


def figures(measured: Measured) -> dict[str, float]:
    found = {
        f"network alone: {how}, a second": median(one.a_second for one in runs) for how, runs in measured.floor.items()
    }
    found["network alone: processor time, ms"] = measured.network_milliseconds
    for size, runs in measured.a_second.items():
        found[f"sustained: {size}, readings a second"] = median(runs)
    for size in SIZES:
        found[f"sustained: {size}, of the network alone"] = median(measured.a_second[size]) / measured.strongest_floor
    for size, parts in measured.cost.items():
        used = {part: median(milliseconds) for part, milliseconds in sorted(parts.items())}
        found |= {f"processor time a reading, {size}: {part}, ms": value for part, value in used.items()}
        # Says the same as the sustained readings, also where neighbours take time.
        share = measured.network_milliseconds / sum(used.values())
        found[f"processor time a reading, {size}: the network's share, of 1"] = share
    for size, times in measured.waited.items():
        cuts = quantiles(times, n=100)
        for percent in (50, 95, 99):
            found[f"sent to read at {LOAD:.0%} load, {size}: p{percent}, s"] = cuts[percent - 1]
    found |= {f"memory of a worker: {kind}, MB": megabytes for kind, megabytes in measured.memory.items()}
    found |= {f"cold start to first reading: {kind}, s": median(times) for kind, times in measured.cold.items()}
    return found


def bars(found: Mapping[str, float]) -> dict[str, Bar]:
    made = {}
    for size in SIZES:
        share = found[f"sustained: {size}, of the network alone"]
        made[f"sustained_{size}_over_network_alone"] = Bar(value=share, at_least=LEAST_OF_FLOOR)
        p95 = found[f"sent to read at {LOAD:.0%} load, {size}: p95, s"]
        made[f"sent_to_read_{size}_p95_seconds"] = Bar(value=p95, at_most=MOST_P95_SECONDS)
    made["worker_peak_megabytes"] = Bar(value=found["memory of a worker: peak RSS, MB"], at_most=MOST_WORKER_MEGABYTES)
    coldest = max(value for name, value in found.items() if name.startswith("cold start"))
    made["cold_start_seconds"] = Bar(value=coldest, at_most=MOST_COLD_SECONDS)
    return {name.replace(" ", "_"): bar for name, bar in made.items()}


@click.command()
@click.option("--json", "as_object", is_flag=True, help="Print one JSON object.")
@click.option("--long", "long_form", is_flag=True, help="Measure longer and more often, for figures to publish.")
def command(*, as_object: bool, long_form: bool) -> None:
    """Measure the service: readings a second, time to the reading, memory, cold start."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    today = bool(find_spec("torch") and find_spec("monai"))
    with tempfile.TemporaryDirectory(prefix="hilum-") as folder:
        found = figures(measure(Path(folder), LONG if long_form else SHORT, today=today))
    notes = () if today else ("What people write today is left out: torch and MONAI are not installed.",)
    report = Report(figures=found, bars=bars(found), notes=notes)
    click.echo(report.as_json() if as_object else report.as_text())


if __name__ == "__main__":
    command()
