"""A study on its way from Orthanc to Hilum and back while both are killed, as a program: it runs in a network namespace
of its own, since Orthanc listens on every address. ``python -m tests.reliability.orthanc_trips stow|dimse``

Orthanc forwards all that it stores, results too, and Hilum sends results to Orthanc, both ways by the same protocol.
Prints one JSON object: what Orthanc and Hilum hold at the end.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.reliability.service import Service
from tests.serving.files import dicom
from tests.serving.orthanc import DIMSE, HTTP, Orthanc, until

#: Radiographs of the study.
COUNT = 6
#: Route to: where Orthanc sends an instance, what it is asked there, and where Hilum sends its results.
_ROUTES = {
    "dimse": (
        "/modalities/hilum/store",
        {"Asynchronous": True},
        f"dicom://ORTHANC@127.0.0.1:{DIMSE}?presentations=sr,sc",
    ),
    "stow": (
        "/dicom-web/servers/hilum/stow",
        {"Synchronous": False},
        f"stow+http://127.0.0.1:{HTTP}/dicom-web?presentations=sr,sc",
    ),
}


class Trip:
    def __init__(self, folder: Path, route: str) -> None:
        self._path, self._request, destination = _ROUTES[route]
        self.hilum = Service(folder / "hilum", destinations=f"pacs={destination}", quiet_seconds=1, workers=1)
        (folder / "orthanc").mkdir()
        ours = {"hilum": {"Url": f"{self.hilum.url}/dicom-web/"}}
        self.orthanc = Orthanc(
            folder / "orthanc",
            lua=self._forwarding(),
            DicomModalities={"hilum": ["HILUM", "127.0.0.1", self.hilum.dimse_port]},
            DicomWeb={
                "Enable": True,
                "Root": "/dicom-web/",
                "Servers": ours,
            },
        )

    def _forwarding(self) -> str:
        options = " ".join(f"{name} = {str(value).lower()}," for name, value in self._request.items())
        call = f"RestApiPost('{self._path}', DumpJson({{ {options} Resources = {{ id }} }}, true), false)"
        return f"function OnStoredInstance(id, tags, metadata, origin)\n   {call}\nend\n"

    def send(self, number: int) -> None:
        """A radiograph to Orthanc, as a modality would."""
        content = dicom(f"1.2.3.{number}", InstanceNumber=number)
        self.orthanc.client.post("/instances", content=content).raise_for_status()

    def forward_all(self) -> None:
        """Orthanc sends all that it holds again, as somebody tells it to whose jobs have failed."""
        instances = self.orthanc.client.get("/instances").json()
        self.orthanc.client.post(self._path, json={**self._request, "Resources": instances}).raise_for_status()

    def received(self) -> int:
        return self.hilum.number("SELECT count(*) FROM hilum.instance")

    def undelivered(self) -> int:
        return self.hilum.number("SELECT count(*) FROM hilum.delivery WHERE state = 'queued'")

    def run(self) -> dict[str, Any]:
        self.orthanc.start()
        self.hilum.started()
        self.send(1)
        self.send(2)
        until(lambda: self.received() >= 1)
        self.hilum.end()  # with what is read, or half received, or half sent
        self.send(3)
        self.send(4)
        self.hilum.started()
        self.forward_all()
        until(lambda: self.received() == 4)
        self.orthanc.kill()  # with results on their way to it
        until(lambda: self.undelivered() >= 1)
        self.orthanc.start()
        self.send(5)
        self.send(6)
        until(self.is_whole, 90)
        before = self.orthanc.content()
        self.forward_all()
        time.sleep(3)  # what would come twice comes now
        after = self.orthanc.content()
        return {**after, "same": before == after, "received": self.received()}

    def is_whole(self) -> bool:
        return self.orthanc.held >= 3 * COUNT

    def end(self) -> None:
        self.hilum.end()
        self.orthanc.stop()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hilum-") as folder:
        trip = Trip(Path(folder), sys.argv[1])
        try:
            print(json.dumps(trip.run()))
        finally:
            trip.end()
            print(trip.hilum.words(), file=sys.stderr)


if __name__ == "__main__":
    main()
