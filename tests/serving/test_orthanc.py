"""Orthanc as the PACS: what it holds after it sent us a radiograph, sent all of it again, and was away."""

import json
import subprocess
import sys

import pytest

from tests.serving.orthanc import DICOM_WEB_PLUGIN, alone, is_possible


@pytest.mark.skipif(not is_possible(), reason="needs root, a network namespace and Orthanc")
def test_results_come_back_into_the_study_in_orthanc_and_nothing_is_doubled() -> None:
    program = alone(f"{sys.executable} -m tests.serving.orthanc_round_trip")
    run = subprocess.run(program, capture_output=True, text=True, timeout=110, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    trip, again, away = map(json.loads, run.stdout.splitlines())
    assert (trip["studies"], trip["classes"]) == (1, {"DX": 1, "SR": 1, "OT": 1, "PR": 1})
    assert trip["names"] == ["Mẫu^Bình Thường"]
    assert (again["same"], again["instances"], again["completions"]) == (True, 1, 1)
    assert (away["studies"], away["classes"]) == (1, {"DX": 1, "SR": 2, "OT": 2, "PR": 2})
    assert (away["instances"], away["completions"]) == (2, 2)
    assert trip["hashes"].items() <= away["hashes"].items()


@pytest.mark.skipif(not is_possible(), reason="needs root, a network namespace and Orthanc")
def test_orthanc_hears_what_is_committed() -> None:
    program = alone(f"{sys.executable} -m tests.serving.orthanc_commitment")
    run = subprocess.run(program, capture_output=True, text=True, timeout=110, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    told = json.loads(run.stdout.splitlines()[-1])
    assert told["Status"] == "Failure"  # not all of them
    assert [one["SOPInstanceUID"] for one in told["Success"]] == ["1.2.16.1"]
    assert [(one["SOPInstanceUID"], one["FailureReason"]) for one in told["Failures"]] == [("1.2.16.2", 0x0112)]


@pytest.mark.skipif(not is_possible(), reason="needs root, a network namespace and Orthanc")
@pytest.mark.skipif(not DICOM_WEB_PLUGIN.exists(), reason="needs orthanc-dicomweb")
def test_orthanc_sends_and_searches_by_dicomweb_with_a_key() -> None:
    program = alone(f"{sys.executable} -m tests.serving.orthanc_key")
    run = subprocess.run(program, capture_output=True, text=True, timeout=110, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    told = json.loads(run.stdout.splitlines()[-1])
    assert (told["found"], told["senders"]) == (1, ["pacs"])
    assert told["refused"] >= 400
