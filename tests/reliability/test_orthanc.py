"""A real Orthanc as the PACS, by C-STORE and by STOW-RS: Hilum and Orthanc are killed while a study is on its way."""

import json
import subprocess
import sys

import pytest

from tests.reliability.orthanc_trips import COUNT
from tests.serving.orthanc import DICOM_WEB_PLUGIN, alone, is_possible

_SECONDS = 280


@pytest.mark.timeout(_SECONDS + 10)
@pytest.mark.skipif(not is_possible(), reason="needs root, a network namespace and Orthanc")
@pytest.mark.parametrize("route", ["dimse", "stow"])
def test_a_study_and_its_results_arrive_once_whoever_is_killed(route: str) -> None:
    if route == "stow" and not DICOM_WEB_PLUGIN.exists():
        pytest.skip("needs Orthanc's DICOMweb plugin")
    program = alone(f"{sys.executable} -m tests.reliability.orthanc_trips {route}")
    run = subprocess.run(program, capture_output=True, text=True, timeout=_SECONDS, check=False)
    assert run.returncode == 0, run.stderr[-5000:]
    end = json.loads(run.stdout)
    assert (end["studies"], end["names"]) == (1, ["Mẫu^Bình Thường"])
    assert end["classes"] == {"DX": COUNT, "SR": COUNT, "OT": COUNT}
    assert end["received"] == COUNT
    assert end["same"], "what is sent again changes nothing"
