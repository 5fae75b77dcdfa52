"""The bill of materials is valid CycloneDX, and holds each package that ships, with its hash."""

import json
import subprocess
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.supply.test_licences import node_packages
from tests.supply.test_lock import PINS

SCRIPT = Path(__file__).parents[2] / "scripts" / "sbom.py"


def test_it_is_valid_and_whole() -> None:
    command = [sys.executable, "-W", "ignore", str(SCRIPT)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(said) is None
    components = json.loads(said)["components"]
    named = {one["purl"].partition("?")[0] for one in components}
    assert {f"pkg:pypi/{pin.name.lower()}@{next(iter(pin.specifier)).version}" for pin in PINS} <= named
    assert len([one for one in named if one.startswith("pkg:npm/")]) == len(
        {(place.rpartition("node_modules/")[2], package["version"]) for place, package in node_packages().items()}
    )
    assert [one["name"] for one in components if not one.get("hashes")] == []
