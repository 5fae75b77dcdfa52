"""Is it alive, can it read, and what does it count: for machines that look after machines."""

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from model.errors import Unavailable
from serving import metrics, schemas
from serving.services import Services
from serving.store.stalled import living_workers
from serving.users.authentication import authenticated

_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def add_health(app: FastAPI, services: Services) -> None:
    @app.get("/healthz", summary="Is the process alive?", tags=["health"], response_model=schemas.Health)
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get(
        "/readyz",
        summary="Can it receive and read?",
        tags=["health"],
        response_model=schemas.Readiness,
        responses={503: {"model": schemas.Readiness, "description": "Something is missing: what is false or 0"}},
    )
    def readyz(request: Request) -> Response:
        """Who is not signed in hears `status` alone."""
        ready = _readiness(services)
        shown = ready if _is_known(services, request) else {"status": ready["status"]}
        return JSONResponse(shown, status_code=200 if ready["status"] == "ready" else 503)

    @app.get("/metrics", summary="What is counted, for Prometheus", tags=["health"], response_class=Response)
    def get_metrics() -> Response:
        return Response(metrics.shown(services.store, services.reader), media_type=_METRICS_TYPE)


def _readiness(services: Services) -> dict[str, object]:
    workers = _workers(services)
    found: dict[str, object] = {
        "database": workers is not None,
        "object_store": _object_store(services),
        "workers": workers or 0,
        "room": workers is not None and _room(services),
    }
    status = "ready" if all(found.values()) else "not-ready"
    return {"status": status, "reader": services.reader, **found}


def _is_known(services: Services, request: Request) -> bool:
    try:
        return authenticated(services, request) is not None
    except Unavailable:
        return False


def _workers(services: Services) -> int | None:
    """Processes that read; None when the database does not answer."""
    try:
        return living_workers(services.store)
    except Unavailable:
        return None


def _object_store(services: Services) -> bool:
    try:
        services.store.objects.get("health")
    except Unavailable:
        return False
    return True


def _room(services: Services) -> bool:
    try:
        services.capacity.check()
    except Unavailable:
        return False
    return True
