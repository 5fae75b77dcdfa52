"""When the viewer is built, when its packages are fetched, and what is said when either fails."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipFile

import pytest

from hatch_build import build, have_packages

ROOT = Path(__file__).parents[2]
CI = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]
BUILD = ["run", "build"]
PREACT = {"node_modules/preact": {"version": "11.2.0"}}
#: What npm installs on machines of another kind only.
ELSEWHERE = {"node_modules/other-machine": {"version": "1.0.0", "optional": True}}


@dataclass
class Npm:
    """What npm does to folders, without a network."""

    viewer: Path
    built: Path
    code: int = 0
    asked: list[list[str]] = field(default_factory=list)

    def __call__(self, sources: Path, arguments: Sequence[str]) -> int:
        assert sources == self.viewer
        self.asked.append(list(arguments))
        if self.code == 0:
            self.built.mkdir(exist_ok=True)
        return self.code


@pytest.fixture
def npm(tmp_path: Path) -> Npm:
    viewer = tmp_path / "viewer"
    (viewer / "source").mkdir(parents=True)
    (viewer / "source" / "main.tsx").write_text("one")
    packages = PREACT | ELSEWHERE | {"": {"name": "hilum-viewer"}}
    (viewer / "package-lock.json").write_text(json.dumps({"packages": packages}))
    return Npm(viewer, tmp_path / "built")


def install(viewer: Path, packages: dict[str, dict[str, object]]) -> None:
    for path, package in packages.items():
        (viewer / path).mkdir(parents=True)
        (viewer / path / "package.json").write_text(json.dumps(package))


def test_what_was_built_from_the_same_sources_is_not_built_again(npm: Npm) -> None:
    build(npm.viewer, npm.built, npm)
    assert npm.asked == [CI, BUILD]
    build(npm.viewer, npm.built, npm)
    assert npm.asked == [CI, BUILD]


@pytest.mark.parametrize(
    ("path", "again"),
    [
        ("source/main.tsx", True),
        ("source/pages/new.tsx", True),
        ("package-lock.json", True),
        ("tests/pages/new.test.ts", False),
        ("node_modules/other/index.js", False),
    ],
)
def test_what_it_is_built_from(npm: Npm, path: str, again: bool) -> None:
    build(npm.viewer, npm.built, npm)
    (npm.viewer / path).parent.mkdir(parents=True, exist_ok=True)
    (npm.viewer / path).write_text('{"packages": {}}')
    build(npm.viewer, npm.built, npm)
    assert (npm.asked.count(BUILD) == 2) == again


@pytest.mark.parametrize(
    ("there", "fetched"),
    [
        (PREACT, False),
        (PREACT | ELSEWHERE, False),
        ({"node_modules/preact": {"version": "10.0.0"}}, True),
        (PREACT | {"node_modules/no-longer": {"version": "1.0.0"}}, False),
        ({}, True),
    ],
)
def test_packages_are_fetched_when_others_are_wanted(
    npm: Npm, there: dict[str, dict[str, object]], fetched: bool
) -> None:
    install(npm.viewer, there)
    have_packages(npm.viewer, npm)
    assert (npm.asked == [CI]) == fetched


def test_without_a_network_it_says_what_to_do_and_tries_again_next_time(npm: Npm) -> None:
    npm.code = 1
    with pytest.raises(RuntimeError, match=r"`npm ci` .* ended with 1\. .*npm_config_registry.* copy .*serving/viewer"):
        build(npm.viewer, npm.built, npm)
    npm.code = 0
    build(npm.viewer, npm.built, npm)
    assert npm.asked == [CI, CI, BUILD]


def test_what_does_not_compile_is_not_taken_for_built(npm: Npm) -> None:
    install(npm.viewer, PREACT)
    npm.code = 2
    with pytest.raises(RuntimeError, match=r"`npm run build` .* ended with 2"):
        build(npm.viewer, npm.built, npm)
    assert not npm.built.exists()


def test_a_wheel_holds_the_built_viewer(tmp_path: Path) -> None:
    if not (ROOT / "viewer" / "node_modules").is_dir():
        pytest.skip("needs viewer/node_modules: python hatch_build.py")
    made = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    (wheel,) = tmp_path.glob("hilum-*.whl")
    names = ZipFile(wheel).namelist()
    assert "serving/viewer/index.html" in names
    assert [name for name in names if name.startswith("serving/viewer/assets/") and name.endswith(".js")]
    assert not [name for name in names if "node_modules" in name or name.startswith("viewer/")]
