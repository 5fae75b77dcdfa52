"""Rule 7: no patient data in logs or error texts."""

import logging

import pytest

from tests.fakes import StubReader
from tests.serving.files import archive, dicom
from tests.serving.live import live

SECRETS = ["SECRETNAME", "SECRETID", "19771231", "SECRETACC", "secretfile"]
PATIENT = {
    "PatientName": "SECRETNAME^A",
    "PatientID": "SECRETID",
    "PatientBirthDate": "19771231",
    "AccessionNumber": "SECRETACC",
}


def test_nothing_of_a_patient_reaches_a_log_or_an_error(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    reader = StubReader(broken=ValueError("SECRETNAME^A was in the file"))
    whole = dicom("1.2.3.1", **PATIENT)
    bodies = [
        whole,
        dicom("1.2.3.1", shade=3, **PATIENT),  # a conflict
        dicom("1.2.3.2", **PATIENT, Modality="CT"),
        dicom("1.2.3.3", **PATIENT, PhotometricInterpretation="SECRETNAME"[:9]),
        whole[: len(whole) // 3],
        b"SECRETNAME",
        archive(archive(b"x"), b"SECRETID", names=["secretfile.zip", "secretfile.dcm"]),
    ]
    problems = []
    with live(reader) as client:
        for body in bodies:
            files = {"f": ("secretfile.dcm", body, "application/SECRETNAME")}
            problems += [one for one in client.post("/api/instances?wait=20", files=files).json().get("instances", [])]
        problems.append(
            client.post("/api/instances", content=b"SECRETNAME", headers={"Content-Type": "x/SECRETID"}).json()
        )
        problems.append(client.get("/api/instances/1.2.3.1/heatmaps/SECRETNAME").json())
        problems.append(client.get("/api/instances/1.2.3.1/heatmaps/Effusion?width=SECRETNAME").json())
        problems.append(client.get("/api/studies/SECRETID").json())
    said = caplog.text.replace("httpx", "").lower()
    said = "\n".join(line for line in said.splitlines() if " httpcore" not in line and "http request" not in line)
    assert "failed 1.2.3.1" in said  # the log is there
    for secret in SECRETS:
        assert secret.lower() not in str(problems).lower(), secret
        assert secret.lower() not in "\n".join(capfd.readouterr()).lower(), secret
        service = [record.getMessage() for record in caplog.records if record.name.startswith("hilum")]
        assert secret.lower() not in "\n".join(service).lower(), secret
