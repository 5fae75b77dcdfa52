"""One process that fuzzes one target: ``python -m tests.fuzz.child TARGET FOLDER EXECUTIONS SEED``.

With atheris, new code that an input reaches leads to more like it. Where atheris is not installed, the same mutations
of the same seeds go in blindly. ``FOLDER`` gets the state, every so often; what kills this process is in it too.
"""

import faulthandler
import hashlib
import json
import os
import random
import re
import resource
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.fuzz.mutation import mutated

try:
    import atheris
except ImportError:
    atheris = None

#: Of one input: seconds, and bytes by which the process may grow; and of the process. What goes beyond is a finding.
MOST_SECONDS, MOST_GROWTH, MOST_MEMORY = 10, 128 << 20, 1 << 30
_LONGEST_INPUT = 1 << 16
_EVERY = 500


class Watched:
    """Counts what a target answers; an input to which it answers by an error is kept, and ends the process."""

    def __init__(self, name: str, folder: Path, executions: int) -> None:
        from tests.fuzz.targets import TARGETS, quietly

        quietly()
        self.target = TARGETS[name]
        self._folder = folder
        self._executions = executions
        self._done = 0
        self._slowest = 0.0
        self._answers: Counter[str] = Counter()

    def __call__(self, data: bytes) -> None:
        started, before = time.perf_counter(), _memory()
        try:
            answer = self.target.once(data)
            assert _memory() - before < MOST_GROWTH, "it took more memory than it may"
        except Exception as error:  # noqa: BLE001 - any is a finding
            self._done += 1
            self._answers[f"!{type(error).__name__}"] += 1
            self.save()
            traceback.print_exc()
            (self._folder / "found" / f"error-{hashlib.sha256(data).hexdigest()[:16]}").write_bytes(data)
            os._exit(1)
        self._slowest = max(self._slowest, time.perf_counter() - started)
        self._answers[answer] += 1
        self._done += 1
        if self._done % _EVERY == 0 or self._done >= self._executions:
            self.save()
        if self._done >= self._executions:
            os._exit(0)

    def save(self) -> None:
        state = {"executions": self._done, "slowest_s": self._slowest, "memory": _memory(), "answers": self._answers}
        (self._folder / "state.json").write_text(json.dumps(state))


def _memory() -> int:
    """The most that this process had until now, in bytes; getrusage would count what its parent had, too."""
    with open("/proc/self/status", "rb") as status:
        found = re.search(rb"VmHWM:\s+(\d+) kB", status.read())
    assert found
    return int(found[1]) * 1024


def guided(name: str, folder: Path, executions: int, seed: int) -> None:
    with atheris.instrument_imports(include=["model", "serving"]):
        watched = Watched(name, folder, executions)
    others = tuple(watched.target.seeds.values())

    def change(data: bytes, most: int, number: int) -> bytes:
        chance = random.Random(number)
        return bytes(atheris.Mutate(data, most)) if chance.random() < 0.2 else mutated(data, chance, others, most)

    options = [
        f"-seed={seed}",
        f"-timeout={MOST_SECONDS}",
        f"-rss_limit_mb={MOST_MEMORY >> 20}",
        "-print_final_stats=0",
    ]
    options += [
        f"-max_len={_LONGEST_INPUT}",
        f"-artifact_prefix={folder}/found/",
        "-verbosity=0",
        str(folder / "corpus"),
    ]
    atheris.Setup([sys.argv[0], *options], watched, custom_mutator=change)
    atheris.Fuzz()


def blind(name: str, folder: Path, executions: int, seed: int) -> None:
    watched = Watched(name, folder, executions)
    files = sorted((folder / "corpus").iterdir())
    corpus = [file.read_bytes() for file in files]
    chance = random.Random(seed)
    resource.setrlimit(resource.RLIMIT_AS, (4 * MOST_MEMORY, 4 * MOST_MEMORY))
    last = folder / "found" / "last"
    while True:
        data = mutated(chance.choice(corpus), chance, corpus, _LONGEST_INPUT)
        last.write_bytes(data)
        faulthandler.dump_traceback_later(MOST_SECONDS, exit=True)
        watched(data)


def main(name: str, place: str, executions: str, seed: str) -> None:
    folder = Path(place)
    (guided if atheris else blind)(name, folder, int(executions), int(seed))


if __name__ == "__main__":
    main(*sys.argv[1:])
