"""What a conformance statement says of DICOMweb, told by the routes that are served."""

from typing import Any

from pydicom.uid import UID

from serving.app import create_app
from serving.dicomweb import pixel_answers
from serving.dicomweb.search_response import REQUIRED
from serving.dicomweb.urls import BASE
from serving.searchable import LEVELS, vr_of
from serving.store.searches import Level
from tests.serving.live import new_store
from tests.statement.markdown import table


def tables() -> dict[str, str]:
    with new_store() as (settings, store):
        paths = create_app(settings, store, "stub").openapi()["paths"]
    return {"resources": _resources(paths), "search": _search(), "frames": _frames()}


def _resources(paths: dict[str, Any]) -> str:
    """Of the routes in the OpenAPI document."""
    rows = [
        (method.upper(), f"`{path.removeprefix(BASE) or '/'}`", route["summary"])
        for path, routes in paths.items()
        if path.startswith(BASE)
        for method, route in routes.items()
    ]
    return table(("method", "resource", "what"), rows)


def _search() -> str:
    """Attributes by their level: matched at it and below, returned always or if they are asked for."""
    rows = [
        (level.name.lower(), keyword, vr_of(keyword), "always" if keyword in REQUIRED[level] else "if asked for")
        for level in Level
        for keyword in LEVELS[level]
    ]
    return table(("level", "attribute", "VR", "returned"), rows)


def _frames() -> str:
    rows = [(UID(syntax).name, f"`{syntax}`", f"`{kind}`") for syntax, kind in pixel_answers._MEDIA_TYPES.items()]
    return table(("transfer syntax", "UID", "media type"), rows)
