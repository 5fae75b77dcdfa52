"""The service as it really runs, on a free port of this machine."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn

from serving.app import create_app
from serving.running import make_store
from serving.settings import Settings
from serving.worker import Reads


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


@contextmanager
def live(reader: Reads, **changes: object) -> Iterator[httpx.Client]:
    """A client of a running service; ``changes`` are settings."""
    settings = Settings(**changes)  # type: ignore[arg-type]
    app = create_app(settings, make_store(settings), reader)
    listening = socket.create_server(("127.0.0.1", 0))
    server = _Server(uvicorn.Config(app, ws="none", log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    assert server.up.wait(20)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=30) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
