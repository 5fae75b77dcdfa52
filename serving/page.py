"""The viewer and the interface's documentation: static files, all from this machine."""

from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI, Response
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from serving.problems import Problem

_STATIC = Path(__file__).parent / "static"
#: The built viewer; `viewer/` is its source, the wheel's build makes it.
_VIEWER = Path(__file__).parent / "viewer"
#: Built files bear a hash of what they hold in their names, so that a browser need never ask again.
_FOREVER = "public, max-age=31536000, immutable"


def add_page(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        index = _VIEWER / "index.html"
        if not index.is_file():
            raise Problem("not-found", "The viewer is not built here. `make serve` builds it, as `pip install` does.")
        return FileResponse(index)

    @app.get("/docs", include_in_schema=False)
    async def docs() -> FileResponse:
        return FileResponse(_STATIC / "docs.html")

    app.mount("/static/swagger", StaticFiles(directory=str(files("fastapi_offline") / "static")))
    app.mount("/static", StaticFiles(directory=_STATIC))
    app.mount("/viewer/assets", _Forever(directory=_VIEWER / "assets", check_dir=False))
    app.mount("/viewer", StaticFiles(directory=_VIEWER, check_dir=False))


class _Forever(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = _FOREVER
        return response
