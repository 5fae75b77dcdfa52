"""The long run: ``python -m tests.fuzz [--executions N] [--seed N] [--corpus FOLDER] [TARGET...]`` (``make fuzz``).

Each target runs in processes of its own, so that what kills one is found, kept and counted. The corpus folder keeps
what was reached, and the next run goes on from there; ``FOLDER/TARGET/found`` holds every input that broke a promise:
``python -m tests.fuzz --again FILE TARGET`` gives it to the target once more.
"""

import argparse
import hashlib
import json
import platform
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

#: Executions of each target for one of the decoder's.
_SHARES = {"decoder": 1.0, "header": 0.25, "multipart": 0.25, "archive": 0.25, "dimse": 0.1, "query": 0.25}
#: Of one process: the fuzzer's own memory grows with what it reached.
_MOST_AT_ONCE = 100_000
#: So many findings of one target are enough to look at.
_MOST_FOUND = 10


def main() -> int:
    asked = _arguments()
    if asked.again:
        return _again(asked.targets[0], asked.again)
    summary = {}
    for name in asked.targets or _SHARES:
        executions = int(asked.executions * _SHARES[name])
        summary[name] = _fuzz(name, asked.corpus / name, executions, asked.seed)
        print(json.dumps({name: summary[name]}), flush=True)
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    print(json.dumps({"machine": machine, "seed": asked.seed, "targets": summary}, indent=1))
    return 1 if any(one["found"] for one in summary.values()) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"some of {', '.join(_SHARES)}; all without any")
    parser.add_argument("--executions", type=int, default=200_000, help="of the decoder; the others get their shares")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, default=Path("hilum-fuzz"), help="folder that is kept between runs")
    parser.add_argument("--again", type=Path, help="give this one input to the target, in this process")
    return parser.parse_args()


def _fuzz(name: str, folder: Path, executions: int, seed: int) -> dict[str, Any]:
    _prepare(name, folder)
    started = time.monotonic()
    total: dict[str, Any] = {"executions": 0, "slowest_s": 0.0, "memory_mb": 0, "found": [], "answers": Counter()}
    while total["executions"] < executions and len(total["found"]) < _MOST_FOUND:
        before = set((folder / "found").iterdir())
        code = _run_child(name, folder, min(executions - total["executions"], _MOST_AT_ONCE), seed)
        _add(total, folder / "state.json")
        new = sorted(str(file) for file in set((folder / "found").iterdir()) - before if code)
        total["found"] += new or ([f"a process ended with {code}"] if code else [])
        seed += 1
        seconds = time.monotonic() - started
        print(
            f"{name}: {total['executions']} of {executions} in {seconds:.0f} s, {len(total['found'])} found", flush=True
        )
    return {**total, "seconds": round(time.monotonic() - started), "answers": dict(total["answers"].most_common())}


def _prepare(name: str, folder: Path) -> None:
    """The folder, with the target's seeds in its corpus."""
    from tests.fuzz.targets import seeds_of

    for one in ("corpus", "found"):
        (folder / one).mkdir(parents=True, exist_ok=True)
    for seed in seeds_of(name):
        (folder / "corpus" / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)


def _run_child(name: str, folder: Path, executions: int, seed: int) -> int:
    (folder / "state.json").unlink(missing_ok=True)
    command = [sys.executable, "-m", "tests.fuzz.child", name, str(folder), str(executions), str(seed)]
    with (folder / "log").open("a") as log:
        return subprocess.run(command, check=False, stdout=log, stderr=log).returncode


def _add(total: dict[str, Any], file: Path) -> None:
    state = (
        json.loads(file.read_text()) if file.exists() else {"executions": 0, "slowest_s": 0, "memory": 0, "answers": {}}
    )
    total["executions"] += state["executions"]
    total["slowest_s"] = round(max(total["slowest_s"], state["slowest_s"]), 3)
    total["memory_mb"] = max(total["memory_mb"], state["memory"] >> 20)
    total["answers"].update(state["answers"])


def _again(name: str, file: Path) -> int:
    from tests.fuzz.targets import TARGETS, quietly

    quietly()
    print(TARGETS[name].once(file.read_bytes()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
