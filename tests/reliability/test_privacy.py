"""A whole run of the service with a patient planted in every tag, name and query: none of it is in what others read.

Others read logs (also PostgreSQL's, which is the same stream), metrics, problem documents, dead letters, the audit
trail and the doctor's report.
"""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
from pydicom import dcmread
from pydicom.datadict import DicomDictionary
from pydicom.dataset import Dataset

from tests.quiet import without_what_pynetdicom_says
from tests.reliability.radiographs import Sent
from tests.reliability.sending import c_store
from tests.reliability.service import Service, short_folder, until
from tests.reliability.test_backup import hilum
from tests.serving.files import archive
from tests.threaded import threaded

#: What is planted, and looked for without regard to case.
SECRETS = ("SECRETNAME", "SECRETID", "19771231", "SECRETACC", "SECRETTEXT", "SECRETFILE", "SECRETQUERY")
_BY_VR = {
    "PN": "SECRETNAME^A",
    **dict.fromkeys(("LO", "SH", "LT", "ST", "UT", "UC"), "SECRETTEXT"),
    "DA": "19771231",
    "DT": "19771231120000",
    "UR": "http://secrettext/",
}
_OF_THE_PATIENT = {"PatientID": "SECRETID", "AccessionNumber": "SECRETACC", "StudyID": "SECRETID"}
#: Groups of identification, patient, acquisition, relationship, study, procedure; without what is no value of its own.
_GROUPS = (0x0008, 0x0010, 0x0018, 0x0020, 0x0032, 0x0038, 0x0040)
_DICOM = {"Content-Type": "application/dicom"}


def planted(uid: str, **more: Any) -> bytes:
    """A radiograph with a word in every attribute of text, name and date of the standard."""
    dataset = dcmread("data_samples/eight_bit_pa.dcm")
    for tag, (vr, multiplicity, _, retired, keyword) in DicomDictionary.items():
        if tag >> 16 in _GROUPS and vr in _BY_VR and keyword and not retired and multiplicity.startswith("1"):
            setattr(dataset, keyword, _BY_VR[vr])
    values = {**_OF_THE_PATIENT, "SOPInstanceUID": uid, "StudyInstanceUID": f"{uid}.1", "SeriesInstanceUID": f"{uid}.2"}
    for keyword, value in {**values, **more}.items():
        setattr(dataset, keyword, value)
    dataset.OtherPatientIDsSequence = [_other()]
    dataset.add_new(0x00091010, "LO", "SECRETTEXT")
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    file = io.BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


def _other() -> Dataset:
    other = Dataset()
    other.PatientID, other.PatientName = "SECRETID", "SECRETNAME"
    return other


@contextmanager
def unwilling() -> Iterator[int]:
    """A destination that answers 400, and says in its answer what it was sent; the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(400, "SECRETTEXT")
            self.end_headers()
            self.wfile.write(b"SECRETNAME " + body)

        def log_message(self, *_: object) -> None:
            pass

    with threaded(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        yield server.server_address[1]


def test_no_patient_is_in_what_others_read() -> None:
    with short_folder() as folder, unwilling() as port, without_what_pynetdicom_says():
        destinations = {
            "kept": f"file://{folder}/results",
            "unwilling": f"http://127.0.0.1:{port}/",
            "away": "dicom://PACS@127.0.0.1:9",
        }
        listed = ",".join(f"{name}={url}" for name, url in destinations.items())
        service = Service(folder / "data", quiet_seconds=1, workers=1, destinations=listed)
        try:
            service.started()
            read = [*_send(service), *_review(service), *_ask(service)]
            read.append(httpx.get(f"{service.url}/metrics").text)
            read.append(httpx.get(f"{service.url}/api/dead-letters").text)
            read += [hilum("audit", "export", "--format", form, data=service.data).stdout for form in ("jsonl", "xml")]
            read.append(hilum("doctor", "--json", data=service.data).stdout)
            service.stop()
        finally:
            service.end()
        log = service.log.read_text(errors="replace")
        assert (folder / "results").is_dir()
        results = "".join(path.read_text(errors="replace") for path in (folder / "results").iterdir())
    assert "SECRETNAME" in results, "what is sent to those whom it is for names the patient"
    for words in ("failed deliver", "started worker", "complete "):
        assert words in log, "the log is there"
    said = "\n".join([*read, log]).lower()
    assert [secret for secret in SECRETS if secret.lower() in said] == []


def _send(service: Service) -> list[str]:
    """By every door: what is read, refused, other content, corrupt, no DICOM; the answers."""
    whole = planted("1.2.826.0.1.1")
    bodies = [
        whole,
        planted("1.2.826.0.1.1", WindowCenter="77"),  # a conflict
        planted("1.2.826.0.1.2", Modality="CT", SOPClassUID="1.2.840.10008.5.1.4.1.1.2"),
        planted("1.2.826.0.1.3", PatientAge="004Y"),
        planted("1.2.826.0.1.4", Rows=65535, Columns=65535),
        whole[: len(whole) // 3],
        whole[:600].replace(b"LO", b"??"),
        b"SECRETNAME^SECRETID",
        archive(whole[:2000], b"SECRETID", names=["SECRETFILE.dcm", "../SECRETFILE.zip"]),
    ]
    answers = []
    with httpx.Client(base_url=service.url, timeout=60) as client:
        for body in bodies:
            files = {"SECRETFILE": ("SECRETFILE.dcm", body, "application/SECRETTEXT")}
            answers.append(client.post("/api/instances?wait=20", files=files))
            answers.append(client.post("/dicom-web/studies/1.2.3?SECRETQUERY=1", content=body, headers=_DICOM))
    for number, body in enumerate((planted("1.2.826.0.1.5"), bodies[1], bodies[4])):
        c_store(Sent(sop_instance_uid=str(number), study_instance_uid="", sample="", content=body), service.dimse_port)
    settle_all_but_the_away(service)
    return [answer.text for answer in answers if answer.is_error]


def settle_all_but_the_away(service: Service) -> None:
    """Everything is read, and each delivery was tried."""
    untried = "SELECT count(*) FROM delivery WHERE attempts = 0 AND state = 'queued'"
    waiting = "SELECT count(*) FROM instance WHERE state = 'pending'"
    until(lambda: service.number(waiting) == 0, 60, "everything is read", service.words)
    until(lambda: service.number("SELECT count(*) FROM delivery") > 0, 60, "there is something to send", service.words)
    until(lambda: service.number(untried) == 0, 60, "every delivery is tried", service.words)


def _review(service: Service) -> list[str]:
    (first, *_) = service.rows("SELECT outcome_id FROM outcome ORDER BY outcome_id")
    path = f"{service.url}/api/readings/{first['outcome_id']}/review"
    fits = {"comment": "SECRETNAME is well", "signed_off": True, "reviewer": "r"}
    wrong = [{"comment": 7, "verdicts": ["SECRETNAME"]}, {"missed": [{"finding": "SECRETTEXT"}]}, ["SECRETNAME"]]
    answers = [httpx.post(path, json=body) for body in (fits, *wrong)]
    answers.append(httpx.post(path, content=b'{"SECRETNAME": ', headers={"Content-Type": "application/json"}))
    return [answer.text for answer in answers if answer.is_error]


_ASKED = [
    "/api/studies?search=SECRETQUERY&state=SECRETQUERY",
    "/api/studies?cursor=SECRETQUERY&search=SECRETQUERY",
    "/api/studies/SECRETID",
    "/api/instances/SECRETID/reading",
    "/api/instances/1.2.826.0.1.1/heatmaps/SECRETTEXT",
    "/api/instances/1.2.826.0.1.1/heatmaps/Effusion?width=SECRETQUERY",
    "/dicom-web/studies?PatientName=SECRETQUERY&SECRETQUERY=1",
    "/dicom-web/studies?PatientBirthDate=SECRETQUERY&limit=SECRETQUERY",
    "/dicom-web/studies?StudyDate=SECRETQUERY-",
    "/dicom-web/instances?PatientID=SECRETID&includefield=SECRETQUERY",
    "/dicom-web/studies/SECRETID/metadata",
    "/api/audit?actor=SECRETQUERY&since=SECRETQUERY",
    "/api/destinations/SECRETNAME/test",
    "/SECRETNAME?SECRETQUERY",
    "/api/studies?search=%00SECRETQUERY%ff",
]


def _ask(service: Service) -> list[str]:
    """Questions that are right and that are wrong, each about the patient; the answers that are problems."""
    with httpx.Client(base_url=service.url, timeout=60) as client:
        answers = [client.get(path, headers={"Accept": "*/*"}) for path in _ASKED]
        answers.append(client.get("/api/studies", headers={"Host": "SECRETNAME"}))
        answers.append(client.put("/api/destinations/SECRETNAME-x", json={"url": "SECRETTEXT://"}))
        answers.append(
            client.put("/api/destinations/next", json={"url": "file:///proc/version", "secret": "SECRETTEXT"})
        )
        answers.append(client.post("/api/instances", content=b"x", headers={"Content-Type": "x/SECRETID"}))
        answers.append(client.get("/dicom-web/studies", headers={"Accept": "SECRETTEXT/*"}))
        problems = [answer for answer in answers if answer.is_error]
    assert len(problems) > 10
    assert all(json.loads(one.text)["title"] for one in problems)
    return [one.text for one in problems]


def test_the_planted_file_names_the_patient_everywhere() -> None:
    """Else the run would prove nothing."""
    dataset = dcmread(io.BytesIO(planted("1.2.3")))
    assert sum("SECRET" in str(one.value).upper() for one in dataset) > 200
    assert str(dataset.PatientBirthDate) == "19771231"
    assert Path("data_samples/eight_bit_pa.dcm").is_file()
