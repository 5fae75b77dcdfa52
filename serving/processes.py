"""Processes of ours that must always run: started, watched, started again when they end, ended in order."""

import contextlib
import ctypes
import faulthandler
import logging
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

log = logging.getLogger("hilum.processes")

#: Seconds before a process that ended is started again: at first, and at most when it goes on ending.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0
#: A process that lived so long starts with the first pause again.
_HEALTHY = 20.0
#: Seconds that jobs and requests under way have when we stop.
_GRACE = 30.0
_PR_SET_PDEATHSIG = 1


@dataclass
class _Process:
    """One of them, and how it fares."""

    name: str
    #: Of the command ``hilum``.
    arguments: Sequence[str]
    #: Open files that it alone inherits: others would hold on to a socket after it is closed.
    pass_fds: Sequence[int] = ()
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = _FIRST_PAUSE
    start_at: float = 0.0


class Processes:
    """A few processes that run the command ``hilum``, all with the same environment."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._processes: list[_Process] = []

    def add(self, name: str, *arguments: str, pass_fds: Sequence[int] = ()) -> None:
        self._processes.append(_Process(name, arguments, pass_fds))

    def look_after(self) -> None:
        """Start those that do not run and whose time it is. Call it often."""
        for process in self._processes:
            if process.running is not None:
                self._note_end(process, process.running.poll())
            if process.running is None and time.monotonic() >= process.start_at:
                self._start(process)

    def end(self) -> None:
        """Ask all to end, give them time, then end them."""
        running = [process.running for process in self._processes if process.running]
        for one in running:
            one.terminate()
        until = time.monotonic() + _GRACE
        for one in running:
            try:
                one.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()

    def _note_end(self, process: _Process, code: int | None) -> None:
        if code is None:
            return
        now = time.monotonic()
        lived = now - process.started_at
        process.pause = _FIRST_PAUSE if lived > _HEALTHY else min(2 * process.pause, _LONGEST_PAUSE)
        process.start_at = now + process.pause
        process.running = None
        log.error("%s ended with %s; starting it again in %.1f s", process.name, code, process.pause)

    def _start(self, process: _Process) -> None:
        process.running = subprocess.Popen(  # noqa: S603 - a program of ours
            [sys.executable, "-P", "-m", "serving", *process.arguments],
            env=dict(self._environment),
            pass_fds=process.pass_fds,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C is for us, who end them in order
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - it only asks the kernel for a signal
        )
        process.started_at = time.monotonic()
        log.info("started %s as process %d", process.name, process.running.pid)


def _end_with_parent() -> None:
    """Linux: SIGTERM when the supervisor is gone, so that a killed one leaves nobody behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def give_back_memory() -> None:
    """Give the system what malloc keeps of what was freed; where the C library is another than glibc, nothing."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def ended_if_late(seconds: float) -> Iterator[None]:
    """End this process when what is done is not done in time, whatever it hangs in: the interpreter is not asked.

    One at a time in a process.
    """
    faulthandler.dump_traceback_later(seconds, exit=True)  # names of functions, no values
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def bound_memory(most: int) -> None:
    """Refuse this process more than ``most`` bytes of data: one job's MemoryError, not a machine that swaps."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bounded = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (bounded, hard))
