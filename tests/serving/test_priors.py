"""Priors: fetched from an archive that is real, shown with the study, and nobody's burden."""

import json
import os
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from model.errors import Misconfigured, Unavailable
from serving.instances import Origin, Priority, identify
from serving.priors.dicomweb import WebArchive
from serving.priors.dimse import DimseArchive
from serving.priors.place import configured_archive
from serving.settings import Settings
from serving.store import priors
from serving.store.reception import Receipt, receive
from serving.store.store import Store
from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import new_store, serving, working
from tests.serving.orthanc import DICOM_WEB_PLUGIN
from tests.serving.test_worker import send, until


@pytest.mark.parametrize(
    ("url", "archive"),
    [
        (None, None),
        ("dicom://PACS@h:104", DimseArchive(title="PACS", host="h", port=104, our_title="HILUM")),
        (
            "dicom://A%20B@[::1]:104?retrieve=get",
            DimseArchive(title="A B", host="::1", port=104, our_title="HILUM", how="get"),
        ),
        ("dicomweb+https://u:p@h/dicom-web/", WebArchive(url="https://u:p@h/dicom-web")),
    ],
)
def test_an_archive_is_named_by_its_url(url: str | None, archive: Any) -> None:
    assert configured_archive(Settings(priors=url)) == archive


@pytest.mark.parametrize(
    "url",
    [
        "dicom://h:104",
        "dicom://A@h",
        "dicom://A@h:1?retrieve=beg",
        "dicom://A@h:1?x=1",
        "https://h",
        "dicomweb+http:///x",
    ],
)
def test_what_is_no_archive_is_said_at_the_start(url: str) -> None:
    with pytest.raises(Misconfigured, match=r"^HILUM_PRIORS m"):
        configured_archive(Settings(priors=url))


def of(uid: str, date: str, **more: Any) -> bytes:
    return dicom(f"{uid}.1.1", StudyInstanceUID=uid, SeriesInstanceUID=f"{uid}.1", StudyDate=date, **more)


def fetch(store: Store, data: bytes, door: str = "prior") -> Receipt:
    return receive(store, identify(data, 10**6), Origin(door=door, priority=Priority.BACKFILL), data)


def test_what_is_fetched_is_read_but_not_sent_nor_on_the_worklist_until_somebody_sends_it() -> None:
    with new_store() as (settings, store), serving(settings, store, "stub 1") as client:
        fetch(store, of("1.5.1", "20250101"))
        with working(settings, store, StubReader()):
            until(lambda: client.get("/api/studies/1.5.1").json()["complete"])
            assert client.get("/api/studies/1.5.1").json()["completions"] == []
            assert client.get("/api/studies").json()["studies"] == []
            (shown,) = client.get("/api/studies?priors=true").json()["studies"]
            assert shown["findings"] == ["Cardiomegaly", "Effusion"]
            assert fetch(store, of("1.5.1", "20250101")) is Receipt.DUPLICATE  # fetched again, it is one still
            assert client.get("/api/studies").json()["studies"] == []
            assert fetch(store, of("1.5.1", "20250101"), door="stow") is Receipt.DUPLICATE
            until(lambda: client.get("/api/studies/1.5.1").json()["completions"])
            assert len(client.get("/api/studies").json()["studies"]) == 1


def test_what_an_archive_sends_because_we_asked_is_a_prior_and_nothing_else_is() -> None:
    with new_store() as (_, store):
        priors.expect(store, "1.5.1")
        fetch(store, of("1.5.1", "20250101"), door="dimse")
        fetch(store, of("1.5.2", "20250101"), door="dimse")
        priors.expect_no_more(store, "1.5.1", seconds=0)
        fetch(store, of("1.5.1", "20250101", InstanceNumber="2").replace(b"1.5.1.1.1", b"1.5.1.1.2"), door="dimse")
        with store.database.connection() as connection:
            doors = connection.execute("SELECT door, priority FROM instance ORDER BY instance_id").fetchall()
        assert [row["door"] for row in doors] == ["prior", "dimse", "dimse"]


def test_a_study_shows_the_priors_of_its_person_only() -> None:
    with new_store() as (settings, store), serving(settings, store, "stub 1") as client:
        send(store, of("1.5.1", "20250101"))
        send(store, of("1.5.2", "20250601", PatientName="MAU^BINH THUONG"))
        send(store, of("1.5.3", "20250602", PatientName="Trần^Thị Khác"))
        send(store, of("1.5.4", "20270101"))
        send(store, dicom("1.2.3.1"))
        with working(settings, store, StubReader()):
            until(lambda: client.get("/api/studies?state=read").json()["studies"][4:])
        study = client.get("/api/studies/1.2.3.30").json()
        assert [prior["study_instance_uid"] for prior in study["priors"]] == ["1.5.2", "1.5.1"]
        assert study["priors"][1] == {
            "study_instance_uid": "1.5.1", "study_date": "20250101", "findings": ["Cardiomegaly", "Effusion"],
        }  # fmt: skip
        assert study["priors_search"] is None
        assert client.get("/api/studies/1.5.1").json()["priors"] == []


class NoArchive(BaseHTTPRequestHandler):
    """A web server that has no DICOMweb."""

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


def test_an_address_without_dicomweb_is_not_an_archive_without_priors() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), NoArchive) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        archive = WebArchive(url=f"http://127.0.0.1:{server.server_port}/dicom-web")
        for ask in (archive.check, lambda: archive.studies("1", "20260101")):
            with pytest.raises(Unavailable, match="must answer 2xx, not 404"):
                ask()
        assert archive.series("1.2.3") == []  # that study may be gone
        server.shutdown()


_NEEDED = ("Orthanc", "unshare", "ip")


def _possible() -> bool:
    if os.geteuid() != 0 or not all(shutil.which(program) for program in _NEEDED):
        return False
    return subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _possible(), reason="needs root, a network namespace and Orthanc")
@pytest.mark.skipif(not DICOM_WEB_PLUGIN.exists(), reason="needs orthanc-dicomweb")
def test_orthanc_is_asked_in_three_ways_and_may_be_away_at_first() -> None:
    program = f"ip link set lo up && exec {sys.executable} -m tests.serving.orthanc_priors"
    run = subprocess.run(
        ["unshare", "--net", "sh", "-c", program], capture_output=True, text=True, timeout=110, check=False
    )
    assert run.returncode == 0, run.stderr[-3000:]
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert [line["way"] for line in lines] == ["move", "get", "dicomweb"]
    for line in lines:
        assert line["away"]["state"] == "queued"
        assert line["away"]["reason"]
        assert (line["search"]["state"], line["search"]["found"], line["search"]["reason"]) == ("done", 2, None)
        assert [prior["study_instance_uid"] for prior in line["priors"]] == ["1.5.1", "1.5.2"]
        assert line["worklist"] == ["1.2.3.30"]
        assert [(one["sop_instance_uid"], one["door"], one["priority"], one["state"]) for one in line["instances"]] == [
            ("1.2.3.1", "http", 10, "read"),
            ("1.5.1.1.1", "prior", 0, "read"),
            ("1.5.2.1.1", "prior", 0, "read"),
        ]
        assert (line["completions"], line["searches"]) == ([{"study_id": 1, "number": 1}], 1)
