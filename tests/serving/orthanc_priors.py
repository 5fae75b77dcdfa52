"""A patient's earlier studies, asked from a real Orthanc: as a program, since Orthanc listens on every address.

It runs in a network namespace of its own and prints one JSON object a line, one for each way to ask.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from serving.doors.dimse import Receiver
from serving.running import listen, make_services
from serving.store.store import Store
from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import new_store, serving, working
from tests.serving.orthanc import DIMSE, HTTP, Orthanc, until
from tests.serving.test_worker import send

OURS = 11112
WAYS = {
    "move": f"dicom://ORTHANC@127.0.0.1:{DIMSE}",
    "get": f"dicom://ORTHANC@127.0.0.1:{DIMSE}?retrieve=get",
    "dicomweb": f"dicomweb+http://127.0.0.1:{HTTP}/dicom-web",
}
#: Study to what of it differs.
STUDIES: dict[str, dict[str, Any]] = {
    "1.5.1": {"StudyDate": "20251201"},
    "1.5.2": {"StudyDate": "20250101", "BodyPartExamined": None},
    "1.5.3": {"StudyDate": "20240101"},  # two are enough
    "1.5.4": {"StudyDate": "20251202", "PatientBirthDate": "19990101"},  # another person under this ID
    "1.5.5": {"StudyDate": "20251203", "BodyPartExamined": "HAND"},
    "1.5.6": {"StudyDate": "20260103"},  # later
    "1.5.7": {"StudyDate": "20251204", "PatientID": "P-12"},
}
NEW = dicom("1.2.3.1", PatientBirthDate="19600101")


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="hilum-orthanc-") as place,
        Orthanc(Path(place), DicomModalities={"hilum": ["HILUM", "127.0.0.1", OURS]}) as orthanc,
    ):
        for uid, differs in STUDIES.items():
            attributes = {"PatientBirthDate": "19600101", "StudyInstanceUID": uid, "SeriesInstanceUID": f"{uid}.1"}
            orthanc.client.post("/instances", content=dicom(f"{uid}.1.1", **attributes | differs))
        for way, url in WAYS.items():
            print(json.dumps({"way": way, **asked(url, orthanc)}))


def asked(url: str, orthanc: Orthanc) -> dict[str, Any]:
    """One new study, while the archive is away at first; what came of it."""
    orthanc.stop()
    with (
        tempfile.TemporaryDirectory() as folder,
        new_store(priors=url, dimse_port=OURS, destinations=f"all=file://{folder}") as (settings, store),
    ):
        receiver = Receiver(make_services(settings, store), listen("127.0.0.1", settings.dimse_port))
        receiver.start()
        try:
            with working(settings, store, StubReader()), serving(settings, store, "stub") as client:
                send(store, NEW)
                away = until(lambda: (found := search(client)) and found["attempts"] and found)
                orthanc.start()
                until(lambda: search(client)["state"] == "done")
                until(lambda: not rows(store, "SELECT FROM study WHERE open"))
                return {
                    "away": away,
                    "search": search(client),
                    "priors": client.get("/api/studies/1.2.3.30").json()["priors"],
                    "worklist": [one["study_instance_uid"] for one in client.get("/api/studies").json()["studies"]],
                    "instances": rows(store, "SELECT sop_instance_uid, door, priority, state FROM instance ORDER BY 1"),
                    "completions": rows(store, "SELECT study_id, number FROM completion"),
                    "searches": len(rows(store, "SELECT FROM prior_search")),
                }
        finally:
            receiver.stop(1)


def search(client: Any) -> Any:
    answer = client.get("/api/studies/1.2.3.30")
    return answer.json()["priors_search"] if answer.is_success else None


def rows(store: Store, query: str) -> list[dict[str, Any]]:
    with store.database.connection() as connection:
        return connection.execute(query).fetchall()  # type: ignore[call-overload]


if __name__ == "__main__":
    sys.exit(main())
