"""JSON files that programs write and people read: manifests and reports."""

import json
from pathlib import Path
from typing import Any

#: An operating point that nobody measured yet.
UNMEASURED: dict[str, Any] = {
    "sensitivity": 0.0,
    "sensitivity_interval": [0.0, 1.0],
    "specificity": 0.0,
    "specificity_interval": [0.0, 1.0],
    "data": "not evaluated",
}


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
