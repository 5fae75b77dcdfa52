"""What `pip install .` puts on a disk, without extras: megabytes by package, and in sum.

Installs this checkout into a fresh environment in a temporary folder; exits 1 when the sum is over the limit.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path

LIMIT_MB = 650
#: They come with the environment and not from us.
_TOOLS = frozenset({"pip", "setuptools"})


def size_of(distribution: Distribution) -> int:
    """Bytes of the files that a distribution recorded; what it compiled on installation is among them."""
    paths = (Path(str(distribution.locate_file(file))) for file in distribution.files or ())
    return sum(path.stat().st_size for path in paths if path.is_file())


def sizes(site_packages: Path) -> dict[str, float]:
    """Megabytes (10^6 bytes) by the name of each distribution in a folder, largest first, without pip's own."""
    found = {
        distribution.name: size_of(distribution) / 1e6
        for distribution in distributions(path=[str(site_packages)])
        if distribution.name.lower() not in _TOOLS
    }
    return dict(sorted(found.items(), key=lambda entry: -entry[1]))


def as_text(packages: Mapping[str, float]) -> str:
    lines = [f"{name:<32}{megabytes:>8.1f} MB" for name, megabytes in packages.items()]
    return "\n".join([*lines, f"{'in sum':<32}{sum(packages.values()):>8.1f} MB, at most {LIMIT_MB}"])


def as_json(packages: Mapping[str, float]) -> str:
    total = sum(packages.values())
    bar = {"value": round(total, 1), "at_most": LIMIT_MB, "holds": total <= LIMIT_MB}
    figures = {name: round(megabytes, 1) for name, megabytes in packages.items()}
    return json.dumps({"packages_mb": figures, "bars": {"installed_size_mb": bar}})


def install(environment: Path) -> Path:
    """This checkout into a fresh virtual environment; its site-packages."""
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    checkout = Path(__file__).parents[1]
    subprocess.run([python, "-m", "pip", "install", "--quiet", checkout], check=True)
    return next(environment.glob("lib/python3*/site-packages"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        packages = sizes(install(Path(folder)))
    print(as_json(packages) if chosen.json else as_text(packages))
    return int(sum(packages.values()) > LIMIT_MB)


if __name__ == "__main__":
    sys.exit(main())
