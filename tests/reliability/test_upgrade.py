"""``hilum serve`` over what the first version kept: its tables, as they were dumped then, and its files.

No release is older than these tables. The code of then is not run here: what it left is.
"""

import hashlib
from pathlib import Path

import httpx
import psycopg

from serving.store.migration import newest_version
from tests.reliability.sending import file_of
from tests.reliability.service import Service, a_database, short_folder, until
from tests.reliability.test_backup import hilum
from tests.serving.files import dicom

_FIRST = Path(__file__).parents[1] / "serving/store/schemas/1.sql"
#: Then, a file was known by the SHA-256 of all of it.
_FILES = [dicom("1.2.3.1"), dicom("1.2.3.2"), dicom("1.2.3.3"), dicom("1.2.3.1", shade=7)]
#: The dump holds what a worker would have said of these two, and the jobs as if none had been there.
_DONE = "SET search_path = hilum; DELETE FROM procrastinate_jobs WHERE id IN (1, 2)"
_NOT_DESCRIBED = "SELECT count(*) FROM instance WHERE NOT described"


def test_the_service_goes_on_with_what_the_first_version_kept() -> None:
    with short_folder() as folder, a_database() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_FIRST.read_bytes())
            connection.execute(_DONE)
        for data in _FILES:
            path = file_of(folder / "data", hashlib.sha256(data).hexdigest())
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        service = Service(folder / "data", database_url=url, workers=1, quiet_seconds=1)
        try:
            service.started()
            assert service.number("SELECT max(version) FROM schema_version") == newest_version()
            with httpx.Client(base_url=service.url, timeout=30) as client:
                _check_what_was_there(client)
                until(lambda: client.get("/api/instances/1.2.3.3/reading").status_code == 200, 60, "the rest is read")
                until(lambda: service.number(_NOT_DESCRIBED) == 0, 60, "headers are read again", service.words)
                _check_searches(client)
            verified = hilum("audit", "verify", "--database-url", url, data=service.data)
            assert verified.returncode == 0, verified.stderr
            noted = [row["action"] for row in service.rows("SELECT action FROM audit ORDER BY position LIMIT 2")]
            assert noted == ["conflict", "review"]
            service.stop()
        finally:
            service.end()


def _check_what_was_there(client: httpx.Client) -> None:
    (study,) = client.get("/api/studies").json()["studies"]
    assert study["patient"]["name"] == "Mẫu Bình Thường"
    reading = client.get("/api/instances/1.2.3.1/reading").json()
    assert (reading["state"], reading["reading_id"]) == ("read", 1)
    (review,) = client.get(f"/api/readings/{reading['reading_id']}/reviews").json()["reviews"]
    assert (review["reviewer"], review["signed_off"], review["number"]) == ("reader-7", True, 1)
    states = {one["sop_instance_uid"]: one["state"] for one in study["instances"]}
    assert (states["1.2.3.1"], states["1.2.3.2"]) == ("read", "refused")
    stored = client.get(
        "/dicom-web/studies/1.2.3.30/series/1.2.3.20/instances/1.2.3.1",
        headers={"Accept": "application/dicom; transfer-syntax=*"},
    )
    assert stored.content == _FILES[0]


def _check_searches(client: httpx.Client) -> None:
    found = client.get("/dicom-web/instances?PatientName=mẫu*").json()
    # Beside them are results of ours, which have no file.
    assert {"1.2.3.1", "1.2.3.2", "1.2.3.3"} <= {one["00080018"]["Value"][0] for one in found}
