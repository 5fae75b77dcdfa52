"""What people write today for a service: FastAPI around pydicom, torch and MONAI's Grad-CAM. Nothing is kept."""

import threading

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool


def make_app() -> FastAPI:
    import torch

    from benchmarks import today
    from model import weights

    torch.set_num_threads(1)  # one process a core is faster than one process on all of them
    names = [look.name for look in weights.load()[0].findings]
    read = today.reader(len(names))
    turn = threading.Lock()  # Grad-CAM keeps gradients in the network: two at once in one process break each other
    app = FastAPI()

    def read_alone(data: bytes) -> list[float]:
        with turn:
            found: list[float] = read(data, 1)[0].tolist()
        return found

    @app.post("/read")
    async def post(request: Request) -> dict[str, float]:
        """Probabilities, with one Grad-CAM."""
        probabilities = await run_in_threadpool(read_alone, await request.body())
        return dict(zip(names, probabilities, strict=True))

    return app
