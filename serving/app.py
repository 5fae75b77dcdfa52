"""Wiring: settings, store and reader become an ASGI application. No logic, nothing at import."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from model.errors import HilumError
from model.limits import Limits
from serving.announcer import Announcer
from serving.api import make_api
from serving.guard import Guard
from serving.page import add_page
from serving.problems import KINDS, STATUSES, Problem, problem_of, problem_response
from serving.settings import Settings
from serving.store import Store
from serving.worker import Reads, Worker


def create_app(settings: Settings, store: Store, reader: Reads) -> FastAPI:
    """The service over this store and this reader; its worker runs while the application does."""
    announcers: list[Announcer] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        announcers.append(Announcer())
        worker = Worker(
            store,
            reader,
            threads=settings.workers,
            limits=Limits(max_bytes=settings.max_instance_bytes),
            display_pixels=settings.display_pixels,
            done=announcers[-1].announce,
        )
        worker.start()
        yield
        worker.stop()

    app = FastAPI(
        title="Hilum",
        version=version("hilum"),
        summary="Reads chest radiographs: findings with probabilities and heatmaps, for a radiologist to review.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    app.include_router(make_api(settings, store, reader.name, lambda: announcers[-1]))
    _add_health(app, reader.name)
    add_page(app)
    _add_problems(app)
    app.add_middleware(Guard, allowed_hosts=settings.allowed_hosts)
    return app


def _add_health(app: FastAPI, reader_name: str) -> None:
    @app.get("/healthz", summary="Is the process alive?", tags=["health"])
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", summary="Can it read?", tags=["health"])
    async def readyz() -> dict[str, str]:
        return {"status": "ready", "reader": reader_name}


def _add_problems(app: FastAPI) -> None:
    @app.exception_handler(Problem)
    async def problem(_: Request, error: Problem) -> JSONResponse:
        return problem_response(error)

    @app.exception_handler(HilumError)
    async def ours(_: Request, error: HilumError) -> JSONResponse:
        return problem_response(problem_of(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        wrong = [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors()]
        return problem_response(Problem("invalid", "; ".join(wrong)))

    @app.exception_handler(HTTPException)
    async def framework(_: Request, error: HTTPException) -> Response:
        slug = STATUSES.get(error.status_code, "malformed")
        response = problem_response(Problem(slug, f"{KINDS[slug].title}. See /docs for what is served here."))
        response.headers.update(error.headers or {})
        return response
