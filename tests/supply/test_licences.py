"""What ships is under licences that we have looked at: nothing that would put the service under another one."""

import json
import re
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import pytest

from tests.supply.shipped import shipped

LOCK = Path(__file__).parents[2] / "viewer" / "package-lock.json"
#: Words that a licence may be made of, in any of the ways in which packages write them.
ALLOWED = {
    *("0BSD", "Apache", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "CC-BY-4.0", "HPND"),
    *("ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Python-2.0", "Unlicense", "WTFPL", "Zlib"),
}
#: Packages whose licence is none of these, and why they may ship all the same.
EXCEPTIONS = {
    "certifi": "MPL-2.0: a list of certificates, unchanged",
    "psycopg": "LGPL-3.0: used as a library, unchanged; anybody may put another version in its place",
    "psycopg-binary": "as psycopg",
    "psycopg-pool": "as psycopg",
}
#: What stands between them.
_NOISE = {"AND", "OR", "and", "or", "License", "Software", "license", "2.0", "3-Clause", "New", "Dual"}


def stated(package: Distribution) -> set[str]:
    """The words that it states: by expression, else by field, else by classifier."""
    about = package.metadata
    classifiers = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier", []) if one.startswith("License")]
    field = (about.get("License") or "").split("\n")[0]
    text = about.get("License-Expression") or ("" if field == "Dual License" else field) or " ".join(classifiers)
    return words(text)


def words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z0-9.+-]+", re.sub(r"\(see .*", "", text))) - _NOISE


@pytest.mark.parametrize("name", sorted(set(shipped()) - set(EXCEPTIONS)))
def test_a_python_package_is_under_an_allowed_licence(name: str) -> None:
    found = stated(shipped()[name])
    assert found, "it states no licence: look at it, and name it in EXCEPTIONS"
    assert found <= ALLOWED


def test_no_exception_is_under_the_gpl() -> None:
    for name in EXCEPTIONS:
        about = shipped()[name].metadata
        assert not re.search(r"(?<!L)GPL", f"{about.get('License-Expression')} {about.get('License')}")


def node_packages() -> dict[str, Any]:
    if not LOCK.exists():
        return {}
    packages = json.loads(LOCK.read_text())["packages"]
    return {place: package for place, package in packages.items() if place and not package.get("dev")}


@pytest.mark.parametrize("place", node_packages())
def test_a_package_of_the_viewer_is_under_an_allowed_licence(place: str) -> None:
    package = node_packages()[place]
    assert words(package.get("license", "")) <= ALLOWED
    assert package.get("license") or place in NODE_EXCEPTIONS


#: Packages that state no licence in the lock file.
NODE_EXCEPTIONS = {"node_modules/rechoir": "MIT, in its LICENSE"}


@pytest.mark.parametrize("text", ["GPL-3.0-only", "AGPL-3.0", "GPLv2+", "GNU General Public License v3", "LGPL"])
def test_the_gpl_is_seen_however_it_is_written(text: str) -> None:
    assert not words(text) <= ALLOWED
