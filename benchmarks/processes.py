"""The service as its own processes: started, watched, ended."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@dataclass
class Running:
    """A program that listens on a port of this machine."""

    process: subprocess.Popen[bytes]
    port: int

    @classmethod
    def start(cls, *arguments: str, port: int, environment: Mapping[str, str] | None = None) -> "Running":
        command = [sys.executable, "-m", *arguments]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HILUM_")}
        process = subprocess.Popen(
            command, env={**clean, **(environment or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        return cls(process, port)

    def connect(self, seconds: float) -> socket.socket:
        """A connection, as soon as there can be one."""
        until = time.monotonic() + seconds
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)
            except ConnectionRefusedError:
                assert time.monotonic() < until, f"nothing listens on port {self.port} after {seconds} s"
                assert self.process.poll() is None, f"the program ended with {self.process.returncode}"
                time.sleep(0.005)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def descendants(pid: int) -> list[int]:
    """A process and all that it started, directly or not."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*"):
            try:
                found += [int(child) for child in (task / "children").read_text().split()]
            except OSError:  # it ended meanwhile
                continue
    return found


def processor_seconds(pids: Sequence[int], *, ended_too: bool = False) -> dict[int, float]:
    """What each has used so far, in user mode and in the kernel; with what its children used that have ended."""
    used = {}
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        used[pid] = sum(map(int, fields[11 : 15 if ended_too else 13])) / _TICK
    return used


def part_of(pid: int) -> str:
    """Which part of the service a process is."""
    words = _command_line(pid)
    if "process" in words:
        return words[words.index("process") + 1]
    return "database" if words and "postgres" in words[0] else "supervisor"


def _command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def memory_megabytes(pid: int) -> dict[str, float]:
    """RSS now and at its peak, and PSS (shared pages counted by their share)."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    pss = next(line for line in rollup if line.startswith("Pss:"))
    kilobytes = {"RSS": status["VmRSS"], "peak RSS": status["VmHWM"], "PSS": pss.partition(":")[2]}
    return {name: int(text.split()[0]) * 1024 / 1e6 for name, text in kilobytes.items()}
