"""The lock that the image is installed from: whole, hashed, of this pyproject.toml, and without the name of a host."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply.shipped import requirements, shipped

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "requirements.lock").read_text()
#: A pin with its marker, if it has one, and its hashes.
BLOCKS = [block for block in re.split(r"\n(?=[A-Za-z0-9])", TEXT) if block.strip()]
PINS = [Requirement(block.partition("\\")[0].strip()) for block in BLOCKS]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DEPENDENCIES = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["oidc"]


def pinned(name: str) -> list[Requirement]:
    return [pin for pin in PINS if canonicalize_name(pin.name) == canonicalize_name(name)]


@pytest.mark.parametrize("dependency", DEPENDENCIES)
def test_each_dependency_is_pinned_as_pyproject_allows(dependency: str) -> None:
    wanted = Requirement(dependency)
    assert pinned(wanted.name), "it is not in requirements.lock: `make lock`"
    for pin in pinned(wanted.name):
        (only,) = pin.specifier
        assert only.operator == "=="
        assert wanted.specifier.contains(only.version, prereleases=True), "requirements.lock is older: `make lock`"


def test_whatever_they_need_is_pinned_too() -> None:
    """As far as what is installed here is what is pinned: another version may need other packages."""
    here = {
        name: one for name, one in shipped().items() if any(pin.specifier.contains(one.version) for pin in pinned(name))
    }
    needed = {canonicalize_name(wanted.name) for one in here.values() for wanted in requirements(one)}
    assert len(here) > len(DEPENDENCIES) / 2
    assert sorted(name for name in needed if not pinned(name)) == []


def test_each_pin_has_its_hashes() -> None:
    assert [block.split("\n")[0] for block in BLOCKS if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_it_is_for_every_python_and_processor_that_we_name(machine: str, version: str) -> None:
    """On each, there is one pin of each package, not two that exclude each other."""
    here = {"python_version": version, "python_full_version": f"{version}.0", "platform_machine": machine}
    here |= {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
    chosen = [canonicalize_name(pin.name) for pin in PINS if pin.marker is None or pin.marker.evaluate(here)]
    assert len(chosen) == len(set(chosen))
    assert {canonicalize_name(Requirement(one).name) for one in DEPENDENCIES} <= set(chosen)


def test_no_host_is_named() -> None:
    assert not re.search(r"://|--index-url|--extra-index-url|--find-links|--trusted-host", TEXT)


def test_the_image_is_installed_from_it() -> None:
    assert "--require-hashes --requirement requirements.lock" in (ROOT / "Dockerfile").read_text()
