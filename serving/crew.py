"""The queue workers of one process, one for each queue; queues come and go while they run."""

import asyncio
from collections.abc import Callable, Iterable

from serving.jobs import QueueWorker


class Crew:
    """``hire`` makes the worker of a queue. Everything is called from the event loop's thread."""

    def __init__(self, hire: Callable[[str], QueueWorker]) -> None:
        self._hire = hire
        self._running: dict[str, tuple[QueueWorker, asyncio.Task[None]]] = {}
        #: Of queues that are gone: they end what they do and take nothing more.
        self._leaving: list[tuple[QueueWorker, asyncio.Task[None]]] = []

    def serve(self, queues: Iterable[str]) -> None:
        """Serve these queues, and no others."""
        wanted = set(queues)
        for queue in wanted - self._running.keys():
            worker = self._hire(queue)
            self._running[queue] = worker, asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
        for queue in self._running.keys() - wanted:
            worker, task = self._running.pop(queue)
            worker.stop()  # type: ignore[no-untyped-call]
            self._leaving.append((worker, task))
        self._leaving = [(worker, task) for worker, task in self._leaving if not task.done()]

    def numbers(self) -> set[int]:
        """Of those that are at work and have got their number."""
        workers = (worker for worker, _ in self._running.values())
        return {worker.worker_id for worker in workers if worker.worker_id is not None}

    def is_whole(self) -> bool:
        """Nobody ended without being asked."""
        return not any(task.done() for _, task in self._running.values())

    async def end(self) -> list[int]:
        """Ask all to end after what they do, and wait; the numbers of those that may still hold jobs."""
        everybody = [*self._running.values(), *self._leaving]
        registered = [worker.worker_id for worker, _ in everybody]
        for worker, _ in everybody:
            worker.stop()  # type: ignore[no-untyped-call]
        await asyncio.gather(*(task for _, task in everybody), return_exceptions=True)
        # A worker that unregistered itself has no number any more, and holds nothing.
        pairs = zip(registered, everybody, strict=True)
        return [number for number, (worker, _) in pairs if number is not None and worker.worker_id is not None]
