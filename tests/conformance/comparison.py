"""The checks of tests/conformance, put to Hilum and to Orthanc, as tables; nothing where there is no Orthanc."""

import json
import subprocess
import sys
from collections import Counter
from typing import Any

from tests.conformance.suite import all_checks
from tests.serving.orthanc import DICOM_WEB_PLUGIN, alone, is_possible
from tests.statement.markdown import table

#: Names of the tables that only a machine with Orthanc can measure.
TABLES = {"checks", "orthanc-fails"}


def possible() -> bool:
    return is_possible() and DICOM_WEB_PLUGIN.exists()


def orthanc() -> dict[str, Any]:
    """The summary of a fresh Orthanc, and its version."""
    program = alone(f"{sys.executable} -m tests.conformance.with_orthanc")
    run = subprocess.run(program, capture_output=True, text=True, timeout=110, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def tables() -> dict[str, str]:
    """Measured here, if that can be. Hilum passes all, or its own tests fail."""
    if not possible():
        return {}
    found = orthanc()
    return {"checks": counts(found), "orthanc-fails": failures(found)}


def counts(found: dict[str, Any]) -> str:
    """Of each area: checks, and how many hold."""
    checks = Counter(one.area for one in all_checks())
    failed = Counter(one.area for one in all_checks() if one.name in found["failed"])
    rows = [(area, str(count), str(count), str(count - failed[area])) for area, count in sorted(checks.items())]
    total = ("**all**", *(f"**{count}**" for count in (found["checks"], found["checks"], found["passed"])))
    required = ("required", *(str(found[key]) for key in ("required", "required", "required_passed")))
    return table(("checks of", "checks", "Hilum", f"Orthanc {found['version']}"), [*rows, total, required])


def failures(found: dict[str, Any]) -> str:
    clauses = {one.name: (one.clause, "" if one.optional else "yes") for one in all_checks()}
    return table(("check", "clause", "required"), [(f"`{name}`", *clauses[name]) for name in sorted(found["failed"])])
