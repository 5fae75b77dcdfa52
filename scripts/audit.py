"""Known weaknesses of what ships: `python scripts/audit.py`, a part of `make check`.

Asks the advisory services of PyPI (pip-audit, over requirements.lock) and npm. One that can't be reached, or knows
nothing of our packages, is said to be skipped and fails nothing: a machine without a network must pass. A weakness that
is known ends it with 1.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_PATIENCE = 60
_PYTHON = [sys.executable, "-m", "pip_audit", "--requirement", "requirements.lock", "--disable-pip", "--no-deps"]
_PYTHON += ["--timeout", "5", "--progress-spinner", "off", "--format", "json"]
_NODE = ["npm", "--prefix", "viewer", "audit", "--omit", "dev", "--package-lock-only", "--json"]


def main() -> int:
    found = [*python_packages(_answer(_PYTHON)), *node_packages(_answer(_NODE))]
    print("\n".join(found) or "audit: nothing is known")
    return 1 if any(not line.startswith("audit: skipped") for line in found) else 0


def _answer(command: list[str]) -> Any:
    """The JSON that a command prints; None where it prints none in time."""
    try:
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=_PATIENCE, check=False).stdout
        return json.loads(said)
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None


def python_packages(answer: Any) -> list[str]:
    """Lines to print of what pip-audit answers."""
    if not answer or "dependencies" not in answer:
        return ["audit: skipped, PyPI's advisories could not be asked"]
    packages = answer["dependencies"]
    unknown = [one["name"] for one in packages if "skip_reason" in one]
    lines = [
        f"{one['name']} {one['version']}: {weakness['id']}, mended in {', '.join(weakness['fix_versions']) or 'none'}"
        for one in packages
        for weakness in one.get("vulns", ())
    ]
    if unknown:
        lines.append(f"audit: skipped, of {len(unknown)} of {len(packages)} Python packages the service knows nothing")
    return lines


def node_packages(answer: Any) -> list[str]:
    """Lines to print of what npm answers."""
    if not answer or "vulnerabilities" not in answer:
        return ["audit: skipped, npm's advisories could not be asked"]
    return [f"{name}: {one['severity']} ({one['range']})" for name, one in answer["vulnerabilities"].items()]


if __name__ == "__main__":
    sys.exit(main())
