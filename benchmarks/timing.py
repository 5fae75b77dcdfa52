"""How long things take, compared fairly."""

from collections.abc import Callable, Mapping
from statistics import median
from time import process_time


def milliseconds(work: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median of each, run in turns, after one turn that does not count.

    Processor time of this process: for one thread on one core that is what a clock on the wall shows on a quiet
    machine, and a busy neighbour does not spoil it.
    """
    taken: dict[str, list[float]] = {name: [] for name in work}
    for turn in range(rounds + 1):
        for name, run in work.items():
            began = process_time()
            run()
            if turn:
                taken[name].append(1000 * (process_time() - began))
    return {name: median(times) for name, times in taken.items()}
