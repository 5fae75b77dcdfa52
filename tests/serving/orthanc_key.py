"""Orthanc sends and searches by DICOMweb with a key as the password of Basic: a program, in a network namespace.

Prints one JSON object: how many studies a search found, which sender is noted, and what a wrong key was answered.
"""

import json
import tempfile
from pathlib import Path

from serving.dicomweb.urls import BASE
from tests.serving.files import dicom
from tests.serving.orthanc import Orthanc
from tests.serving.users.people import guarded


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hilum-orthanc-") as place, guarded() as service:
        url = f"{service.nobody.base_url}{BASE}/"
        key = service.machine("pacs", "send", "read").headers["Authorization"].removeprefix("Bearer ")
        servers = {"hilum": [url, "orthanc", key], "stranger": [url, "orthanc", "hlm_00000000_" + "x" * 43]}
        with Orthanc(Path(place), DicomWeb={"Enable": True, "Root": "/dicom-web/", "Servers": servers}) as orthanc:
            kept = orthanc.client.post("/instances", content=dicom("1.2.3.1")).json()["ID"]
            stow = {"Resources": [kept], "Synchronous": True}
            orthanc.client.post("/dicom-web/servers/hilum/stow", json=stow).raise_for_status()
            found = orthanc.client.post("/dicom-web/servers/hilum/qido", json={"Uri": "/studies"}).json()
            refused = orthanc.client.post("/dicom-web/servers/stranger/stow", json=stow)
        with service.store.database.connection() as connection:
            senders = [row["sender"] for row in connection.execute("SELECT sender FROM instance").fetchall()]
        print(json.dumps({"found": len(found), "senders": senders, "refused": refused.status_code}))


if __name__ == "__main__":
    main()
