"""The long run over the HTTP interface: ``python -m tests.fuzz.interface [--requests N] [--seed N] [--unknown]``.

schemathesis makes requests from the service's own OpenAPI document, valid ones and broken ones, against ``hilum serve``
as it runs: in demo mode, where every route is open, and with ``--unknown`` as somebody who is not signed in. No answer
may be a failure of ours, or take longer than it may; afterwards the same processes must be there.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from serving.app import create_app
from tests.reliability.service import Service, running, short_folder
from tests.serving.files import dicom
from tests.serving.live import new_store

_ROOT = Path(__file__).parents[2]
#: Of an answer; the machine may have other things to do.
_MOST_SECONDS = 20
#: An events stream ends when its client does.
_NOT_ASKED = "/api/events"
#: Examples of one operation in a round: what is found is shown after it.
_MOST_EXAMPLES = 100
_ROLES = ("api", "worker", "receiver")


Document = dict[str, Any]


def openapi() -> Document:
    """The service's OpenAPI document, which it gives only to who is signed in."""
    with new_store() as (settings, store):
        return create_app(settings, store, "stub 1").openapi()


@dataclass
class Asked:
    """What was asked, answered, and found: in schemathesis' own words."""

    statuses: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return self.statuses.total()


def ask(url: str, document: Document, examples: int, seed: int) -> Asked:
    """So many examples of each operation that ``document`` describes, of the service at ``url``."""
    with tempfile.TemporaryDirectory() as folder:
        report, described = Path(folder) / "run.ndjson", Path(folder) / "openapi.json"
        described.write_text(json.dumps(document))
        command = [sys.executable, "-W", "ignore", "-m", "schemathesis.cli", "run", str(described), "--url", url]
        command += ["--seed", str(seed), "--max-examples", str(examples), "--workers", "2", "--phases", "fuzzing"]
        command += ["--checks", "not_a_server_error", "--continue-on-failure", "--exclude-path", _NOT_ASKED]
        command += ["--max-response-time", str(_MOST_SECONDS), "--request-timeout", str(2 * _MOST_SECONDS)]
        command += ["--no-color", "--warnings", "off", "--generation-database", "none"]
        command += ["--report", "ndjson", "--report-ndjson-path", str(report)]
        around = {"PYTHONPATH": str(_ROOT), "SCHEMATHESIS_HOOKS": "tests.fuzz.serializers"}
        # In a folder that goes: it keeps notes where it is.
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, cwd=folder, env={**os.environ, **around}
        )
        statuses = re.findall(r'"status_code": ?(\d+)', report.read_text()) if report.exists() else []
    return Asked(Counter(statuses), [done.stdout + done.stderr] if done.returncode else [])


def ask_many(service: Service, requests: int, seed: int) -> Asked:
    """At least so many requests, in rounds."""
    document = openapi()
    operations = sum(len(one) for one in document["paths"].values())
    total = Asked()
    while total.requests < requests:
        examples = max(1, min(_MOST_EXAMPLES, (requests - total.requests) // operations))
        one = ask(service.url, document, examples, seed)
        total.statuses += one.statuses
        total.found += one.found or ([] if one.requests else ["nothing was asked"])
        seed += 1
        print(f"{total.requests} of {requests} requests, {len(total.found)} rounds found something", flush=True)
        if not one.requests:
            break
    return total


def processes(service: Service) -> dict[str, dict[int, int]]:
    """Role to the numbers of its processes to MiB of memory."""
    return {role: {one.pid: one.memory_info().rss >> 20 for one in service.processes(role)} for role in _ROLES}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.interface", description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unknown", action="store_true", help="ask without being signed in")
    given = parser.parse_args()
    settings = {"demo": not given.unknown, "workers": 1, "min_free_bytes": 0}
    with short_folder() as folder, running(folder / "data", **settings) as service:
        if not given.unknown:
            send = {"content": dicom(), "headers": {"Content-Type": "application/dicom"}, "timeout": 90}
            httpx.post(f"{service.url}/api/instances?wait=60", **send)
        before = processes(service)
        asked = ask_many(service, given.requests, given.seed)
        after = processes(service)
        failed = service.log.read_text(errors="replace").count("request failed")
    print("\n".join(asked.found))
    same = {role: list(one) for role, one in before.items()} == {role: list(one) for role, one in after.items()}
    summary = {"requests": asked.requests, "statuses": dict(sorted(asked.statuses.items())), "memory_mb": after}
    print(
        json.dumps({**summary, "same_processes": same, "failures_logged": failed, "rounds": len(asked.found)}, indent=1)
    )
    return 1 if asked.found or failed or not same else 0


if __name__ == "__main__":
    sys.exit(main())
