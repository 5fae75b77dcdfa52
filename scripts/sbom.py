"""What the image ships, as a CycloneDX document: `python scripts/sbom.py > sbom.cdx.json` (`make sbom`).

Python packages are those of requirements.lock, with its hashes; the viewer's are those of viewer/package-lock.json that
are built into its page. Licences are what the packages say of themselves, where they are installed.
"""

import base64
import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).parents[1]
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ \\;]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
#: As the lock file of npm writes the longest of its hashes.
_SHA_512 = "sha512-"


def main() -> None:
    about = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    bom = Bom(components=[*python_components(), *node_components()])
    bom.metadata.component = Component(
        name=about["name"],
        version=about["version"],
        type=ComponentType.APPLICATION,
        licenses=[DisjunctiveLicense(id=about["license"])],
    )
    print(JsonV1Dot6(bom).output_as_string(indent=1))


def python_components() -> Iterator[Component]:
    for block in re.split(r"\n(?=[A-Za-z0-9])", (ROOT / "requirements.lock").read_text()):
        if pin := _PIN.match(block):
            name, version = pin.groups()
            stated = _stated_licence(name)
            yield Component(
                name=name,
                version=version,
                purl=PackageURL("pypi", None, name.lower(), version),
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one) for one in _HASH.findall(block)],
                licenses=[DisjunctiveLicense(name=stated)] if stated else [],
            )


def node_components() -> Iterator[Component]:
    packages = json.loads((ROOT / "viewer" / "package-lock.json").read_text())["packages"]
    for place, package in packages.items():
        if not place or package.get("dev"):
            continue
        scope, _, name = place.rpartition("node_modules/")[2].rpartition("/")
        hashes = [one for one in package.get("integrity", "").split() if one.startswith(_SHA_512)]
        yield Component(
            name=name,
            group=scope or None,
            version=package["version"],
            purl=PackageURL("npm", scope or None, name, package["version"]),
            hashes=[HashType(alg=HashAlgorithm.SHA_512, content=_hexadecimal(one)) for one in hashes],
            licenses=[DisjunctiveLicense(name=package["license"])] if "license" in package else [],
        )


def _stated_licence(name: str) -> str | None:
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return None
    classifiers = [one.rpartition(" :: ")[2] for one in said.get_all("Classifier", []) if one.startswith("License")]
    return said.get("License-Expression") or (said.get("License") or "").split("\n")[0] or ", ".join(classifiers)


def _hexadecimal(integrity: str) -> str:
    return base64.b64decode(integrity.removeprefix(_SHA_512)).hex()


if __name__ == "__main__":
    main()
