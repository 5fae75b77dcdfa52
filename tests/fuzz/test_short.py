"""The short run of the fuzzers: each target, a few hundred inputs, always the same ones. ``make fuzz`` is the long run.

That the long run runs, counts and keeps what it finds is tried here too, on a target that breaks its promise.
"""

import faulthandler
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.child import MOST_SECONDS
from tests.fuzz.mutation import mutated
from tests.fuzz.targets import TARGETS

EXECUTIONS = {"decoder": 2500, "header": 600, "multipart": 500, "archive": 500, "dimse": 100, "query": 400}


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.filterwarnings("ignore")  # pydicom's, which a decoder process silences too
def test_mutations_keep_every_promise(name: str) -> None:
    target = TARGETS[name]
    seeds = tuple(target.seeds.values())
    chance = random.Random(f"{name} 1")
    answers = set()
    for _ in range(EXECUTIONS[name]):
        data = mutated(chance.choice(seeds), chance, seeds)
        faulthandler.dump_traceback_later(MOST_SECONDS, exit=True)
        answers.add(target.once(data))
    faulthandler.cancel_dump_traceback_later()
    assert len(answers) > 1  # the mutations are neither all harmless nor all nonsense


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_are_good(name: str) -> None:
    good = {"decoder": "read", "header": "described", "multipart": "whole", "dimse": "released", "archive": "ok"}
    answers = [TARGETS[name].once(seed) for seed in TARGETS[name].seeds.values()]
    assert any(answer.startswith(good.get(name, "ok")) for answer in answers)


def test_the_same_seed_makes_the_same_inputs() -> None:
    seeds = tuple(TARGETS["decoder"].seeds.values())
    first, second = ([mutated(seeds[0], random.Random(seed), seeds) for seed in range(20)] for _ in range(2))
    assert first == second
    assert len(set(first)) > 10


def test_the_long_run_counts(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz", "--executions", "1000", "--corpus", str(tmp_path), "query"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout[done.stdout.index('{\n "machine"') :])["targets"]["query"]
    assert (said["executions"], said["found"]) == (250, [])
    assert sum(said["answers"].values()) == 250


_BROKEN = """
from tests.fuzz import child, targets
targets.TARGETS["broken"] = targets.Target(lambda data: {"broke"}, {})
child.main("broken", sys.argv[1], "100", "1")
"""


@pytest.mark.parametrize(
    ("broke", "kept"),
    [
        ("1 // 0 if b'X' in data else 'ok'", "error-"),
        ("bytes([88]) * (1 << 29) and 'ok'", "error-"),  # more memory than it may take
        ("ctypes.string_at(0)", ""),  # a decoder in C
    ],
)
def test_what_breaks_a_promise_is_kept(tmp_path: Path, broke: str, kept: str) -> None:
    for folder in ("corpus", "found"):
        (tmp_path / folder).mkdir()
    (tmp_path / "corpus" / "seed").write_bytes(b"X" * 300)
    script = "import ctypes, sys" + _BROKEN.replace('{"broke"}', broke)
    command = [sys.executable, "-c", script, str(tmp_path)]
    assert subprocess.run(command, check=False, capture_output=True, timeout=100).returncode != 0
    assert [file for file in (tmp_path / "found").iterdir() if file.name.startswith(kept)]
