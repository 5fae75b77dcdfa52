"""Wiring: settings, store and reader become an ASGI application. No logic, nothing at import."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from model.errors import HilumError
from serving.api.routes import make_api
from serving.audit.watch import Watch
from serving.capacity import Capacity
from serving.decoders import Decoders
from serving.dicomweb.routes import DECODED_BY, make_dicomweb
from serving.dicomweb.urls import BASE
from serving.guard import add_guard
from serving.health import add_health
from serving.page import add_page
from serving.problems import KINDS, STATUSES, Problem, problem_of, problem_response
from serving.progress import Progress
from serving.proxies import trusted_proxies
from serving.services import Services
from serving.settings import Settings
from serving.small_bodies import SmallBodies
from serving.store.store import Store
from serving.users.demo import check_demo
from serving.users.gate import Gate
from serving.users.routes import make_users


def create_app(settings: Settings, store: Store, reader: str) -> FastAPI:
    """The service's interface over this store; ``reader`` is the name of the reader that its workers have.

    Raises:
        Misconfigured: when the settings do not fit together.
    """
    check_demo(settings)
    decoders = Decoders(most_memory=settings.worker_memory_bytes, modules=DECODED_BY)
    services = Services(settings, store, reader, Progress(store.database.url), Capacity(settings, store), decoders)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        listening = asyncio.create_task(services.progress.listen())
        yield
        listening.cancel()
        decoders.close()

    app = FastAPI(
        title="Hilum",
        version=version("hilum"),
        summary="Reads chest radiographs: findings with probabilities and heatmaps, for a radiologist to review.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    app.state.decoders = decoders
    app.include_router(make_api(services))
    app.include_router(make_dicomweb(services))
    app.include_router(make_users(services))
    add_health(app, services)
    add_page(app)
    _add_problems(app)
    app.add_middleware(SmallBodies, is_upload=lambda path: path == "/api/instances" or path.startswith(f"{BASE}/"))
    app.add_middleware(Watch, store=store)
    app.add_middleware(Gate, services=services)
    add_guard(app, settings)
    if proxies := trusted_proxies(settings):
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=proxies)
    return app


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
