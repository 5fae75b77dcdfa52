"""What a conformance statement says of DICOMweb, told by the routes that are served."""

from typing import Any

from serving.app import create_app
from serving.dicomweb.urls import BASE
from tests.serving.live import new_store
from tests.statement.markdown import table


def tables() -> dict[str, str]:
    with new_store() as (settings, store):
        return {"resources": _resources(create_app(settings, store, "stub").openapi()["paths"])}


def _resources(paths: dict[str, Any]) -> str:
    """Of the routes in the OpenAPI document."""
    rows = [
        (method.upper(), f"`{path.removeprefix(BASE)}`", route["summary"])
        for path, routes in paths.items()
        if path.startswith(BASE)
        for method, route in routes.items()
    ]
    return table(("method", "resource", "what"), rows)
