"""What people write today for a service: FastAPI around pydicom, torch and MONAI's Grad-CAM. Nothing is kept."""

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool


def make_app() -> FastAPI:
    import torch

    from benchmarks import today
    from model import weights

    torch.set_num_threads(1)  # one process a core is faster than one process on all of them
    names = [look.name for look in weights.load()[0].findings]
    read = today.reader(len(names))
    app = FastAPI()

    @app.post("/read")
    async def post(request: Request) -> dict[str, float]:
        """Probabilities, with one Grad-CAM."""
        probabilities = await run_in_threadpool(read, await request.body(), 1)
        return dict(zip(names, probabilities[0].tolist(), strict=True))

    return app
