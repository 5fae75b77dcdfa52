"""The network alone: how many radiographs a second go through it when every core does nothing else."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

import click
import numpy as np
import onnxruntime

from model import weights


def network_alone(threads: int = 1) -> Callable[[], object]:
    """The graph as ONNX Runtime runs it on a tensor that is ready."""
    manifest, graph = weights.load()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    shape = (1, 1, manifest.input_size, manifest.input_size)
    tensor = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    return lambda: session.run(None, {"radiograph": tensor})


class Runs(NamedTuple):
    a_second: float
    #: Milliseconds of processor time of one.
    processor: float


def alone(cores: int, seconds: float) -> dict[str, Runs]:
    """Runs on so many cores, by how they share the work."""
    return {
        "one session a core": _runs(cores, 1, seconds),
        "one session over all cores": _runs(1, cores, seconds),
    }


def _runs(processes: int, threads: int, seconds: float) -> Runs:
    command = [sys.executable, "-m", "benchmarks.floor", str(threads), str(seconds)]
    running = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(processes)]
    for one in running:
        assert one.stdout
        one.stdout.readline()  # "ready"
    for one in running:
        assert one.stdin
        one.stdin.write(b"go\n")
        one.stdin.flush()
    said = [json.loads(one.communicate()[0]) for one in running]
    return Runs(sum(runs for runs, _ in said), sum(processor for _, processor in said) / processes)


@click.command()
@click.argument("threads", type=int)
@click.argument("seconds", type=float)
def command(threads: int, seconds: float) -> None:
    """Print how often a second the network runs here, and the processor time of a run, once a line comes in."""
    run = network_alone(threads)
    for _ in range(3):
        run()
    click.echo("ready")
    sys.stdin.readline()
    began, used, runs = time.perf_counter(), time.process_time(), 0
    while (taken := time.perf_counter() - began) < seconds:
        run()
        runs += 1
    click.echo(json.dumps([runs / taken, 1000 * (time.process_time() - used) / runs]))


if __name__ == "__main__":
    command()
