"""Orthanc asks us what it may delete, as a program: it runs in a network namespace of its own, as Orthanc must.

Prints one JSON object: what Orthanc knows of its two instances in the end, of which it sent us one.
"""

import json
import tempfile
from pathlib import Path

from serving.doors.dimse import Receiver
from serving.running import listen, make_services
from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import new_store, working
from tests.serving.orthanc import DIMSE, Orthanc, until

OURS = 11112


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="hilum-orthanc-") as place,
        new_store(peers=f"ORTHANC@127.0.0.1:{DIMSE}") as (settings, store),
        Orthanc(Path(place), DicomModalities={"hilum": ["HILUM", "127.0.0.1", OURS]}) as orthanc,
    ):
        receiver = Receiver(make_services(settings, store), listen("127.0.0.1", OURS))
        receiver.start()
        try:
            for uid in ("1.2.16.1", "1.2.16.2"):
                orthanc.client.post("/instances", content=dicom(uid))
            sent = orthanc.client.post("/tools/lookup", content="1.2.16.1").json()[0]["ID"]
            orthanc.client.post("/modalities/hilum/store", json=[sent]).raise_for_status()
            resources = {"Resources": orthanc.client.get("/instances").json()}
            asked = orthanc.client.post("/modalities/hilum/storage-commitment", json=resources).json()
            with working(settings, store, StubReader()):
                print(json.dumps(until(lambda: _report(orthanc, asked["ID"]))))
        finally:
            receiver.stop(1)


def _report(orthanc: Orthanc, transaction: str) -> object:
    """Once it came."""
    found = orthanc.client.get(f"/storage-commitment/{transaction}").json()
    return found if found["Status"] != "Pending" else None


if __name__ == "__main__":
    main()
