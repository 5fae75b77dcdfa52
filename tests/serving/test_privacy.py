"""Rule 7: no patient data in logs or error texts."""

import logging
from typing import Any

import pytest

from tests.fakes import StubReader
from tests.serving.files import archive, dicom
from tests.serving.live import live

SECRETS = ["SECRETNAME", "SECRETID", "19771231", "SECRETACC", "secretfile"]
PATIENT: dict[str, Any] = {
    "PatientName": "SECRETNAME^A",
    "PatientID": "SECRETID",
    "PatientBirthDate": "19771231",
    "AccessionNumber": "SECRETACC",
}
WHOLE = dicom("1.2.3.1", **PATIENT)
BODIES = [
    WHOLE,
    dicom("1.2.3.1", shade=3, **PATIENT),  # a conflict
    dicom("1.2.3.2", Modality="CT", **PATIENT),
    dicom("1.2.3.3", PhotometricInterpretation="RGB", **PATIENT),
    WHOLE[: len(WHOLE) // 3],
    b"SECRETNAME",
    archive(archive(b"x"), b"SECRETID", names=["secretfile.zip", "secretfile.dcm"]),
]
ASKED = [
    "/api/instances/1.2.3.1/heatmaps/SECRETNAME",
    "/api/instances/1.2.3.1/heatmaps/Effusion?width=SECRETNAME",
    "/api/studies/SECRETID",
    "/SECRETNAME",
]


def test_nothing_of_a_patient_reaches_a_log_or_an_error(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    answers = []
    with live(StubReader(broken=ValueError("SECRETNAME^A was in the file"))) as client:
        for body in BODIES:
            files = {"f": ("secretfile.dcm", body, "application/SECRETNAME")}
            answers.append(client.post("/api/instances?wait=20", files=files).text)
        answers.append(client.post("/api/instances", content=b"x", headers={"Content-Type": "x/SECRETID"}).text)
        answers += [client.get(path).text for path in ASKED]
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("hilum", "pydicom"))]
    assert any("failed read" in line for line in ours)  # the log is there
    said = "\n".join([*answers, *ours, *capfd.readouterr()]).lower()
    assert [secret for secret in SECRETS if secret.lower() in said] == []
