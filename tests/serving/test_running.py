"""What a process does to itself before it works: its memory is bounded, its log is JSON without quotations."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from serving.processes import Processes
from tests.reliability.service import until

MEMORY = """
from serving.processes import bound_memory
bound_memory(512 * 2**20)
try:
    bytearray(2**30)
except MemoryError:
    print("refused")
"""
LOGS = """
import logging
from serving.logs import configure_logs
configure_logs()
logging.getLogger("hilum.x").info("read %s", "1.2.3")
try:
    raise ValueError("Nguyen Van Bi Mat")
except ValueError:
    logging.getLogger("procrastinate.worker").exception("it failed")
logging.getLogger("pydicom").error("Nguyen Van Bi Mat")
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)


def test_more_memory_than_allowed_is_a_memory_error() -> None:
    assert run(MEMORY).stdout == "refused\n"


def test_logs_are_objects_a_line_and_say_where_an_error_was_raised_not_what_it_said() -> None:
    lines = [json.loads(line) for line in run(LOGS).stderr.splitlines()]
    assert [(line["level"], line["logger"], line["event"]) for line in lines] == [
        ("info", "hilum.x", "read 1.2.3"),
        ("error", "procrastinate.worker", "it failed"),
    ]
    assert lines[1]["error"].startswith("ValueError at ")
    assert "Bi Mat" not in json.dumps(lines)


def test_what_lies_in_the_folder_where_it_is_started_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "serving.py").write_text("print('a stranger')")
    monkeypatch.chdir(tmp_path)
    processes = Processes(os.environ)
    processes.add("help", "--help")
    said: list[str] = []
    try:
        processes.look_after()
        until(lambda: said.append(capfd.readouterr().out) or "".join(said), 30, "it says something")
    finally:
        processes.end()
    assert "".join(said).startswith("Usage: ")
