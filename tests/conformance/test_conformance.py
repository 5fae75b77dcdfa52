"""PS3.18, asked of Hilum and, for comparison, of Orthanc: what docs/conformance.md says of both is so."""

import json
import os
import shutil
import subprocess
import sys
from typing import Any

import pytest

from tests.conformance.suite import all_checks
from tests.serving.orthanc import DICOM_WEB_PLUGIN


def _possible() -> bool:
    if os.geteuid() != 0 or not all(shutil.which(program) for program in ("Orthanc", "unshare", "ip")):
        return False
    alone = subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode == 0
    return alone and DICOM_WEB_PLUGIN.exists()


@pytest.fixture(scope="module")
def orthanc() -> dict[str, Any]:
    """The summary of a fresh Orthanc."""
    program = f"ip link set lo up && exec {sys.executable} -m tests.conformance.with_orthanc"
    run = subprocess.run(
        ["unshare", "--net", "sh", "-c", program], capture_output=True, text=True, timeout=110, check=False
    )
    assert run.returncode == 0, run.stderr[-3000:]
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_there_are_checks_of_every_transaction() -> None:
    areas = {one.area for one in all_checks()}
    assert {"stow", "qido", "wado", "metadata", "frames", "bulkdata", "rendered", "capabilities"} <= areas
    names = [one.name for one in all_checks()]
    assert len(names) == len(set(names))
    assert sum(not one.optional for one in all_checks()) >= 60


@pytest.mark.skipif(not _possible(), reason="needs root, a network namespace, Orthanc and its DICOMweb plugin")
def test_another_server_passes_most_and_not_all(orthanc: dict[str, Any]) -> None:
    """A suite that only its own server passes would say nothing; one that everybody passes neither."""
    assert orthanc["checks"] == len(all_checks())
    assert 0.6 < orthanc["required_passed"] / orthanc["required"] < 1, orthanc["failed"]
