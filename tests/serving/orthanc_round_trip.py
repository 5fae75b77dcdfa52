"""A study's round trip through Orthanc, as a program: it runs in a network namespace of its own, since Orthanc listens
on every address. Orthanc gets radiographs, forwards them to our receiver, and our results arrive in the same study.

Prints one JSON object a line.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from serving.capacity import Capacity
from serving.decoders import Decoders
from serving.doors.dimse import Receiver
from serving.instances import Origin, identify
from serving.progress import Progress
from serving.running import listen
from serving.services import Services
from serving.store.reception import receive
from serving.store.store import Store
from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import new_store, working
from tests.serving.orthanc import DIMSE, Orthanc, until

OURS = 11112
#: Forwards everything, our results too: what comes back must not be read.
FORWARD = """
function OnStoredInstance(instanceId, tags, metadata, origin)
   RestApiPost('/modalities/hilum/store', DumpJson({ Resources = { instanceId }, Asynchronous = true }, true))
end
"""


def main() -> None:
    url = f"dicom://ORTHANC@127.0.0.1:{DIMSE}?presentations=sr,sc,gsps"
    with (
        tempfile.TemporaryDirectory(prefix="hilum-orthanc-") as place,
        new_store(dimse_port=OURS, quiet_seconds=1, destinations=f"pacs={url}") as (settings, store),
    ):
        decoders = Decoders(most_memory=settings.worker_memory_bytes)
        services = Services(settings, store, "stub", Progress(store.database.url), Capacity(settings, store), decoders)
        receiver = Receiver(services, listen("127.0.0.1", OURS))
        receiver.start()
        try:
            with working(settings, store, StubReader()):
                with _orthanc(place) as orthanc:
                    round_trip(orthanc, store)
                away(store)
                with _orthanc(place) as orthanc:
                    until(lambda: orthanc.held == 7)
                    time.sleep(2)  # what Orthanc forwards of it comes back to us
                    say("was away", **orthanc.content(), **_ours(store))
        finally:
            receiver.stop(1)


def _orthanc(folder: str) -> Orthanc:
    return Orthanc(Path(folder), lua=FORWARD, DicomModalities={"hilum": ["HILUM", "127.0.0.1", OURS]})


def round_trip(orthanc: Orthanc, store: Store) -> None:
    """One radiograph and its results; then Orthanc forwards all it has, and the delivery is sent a second time."""
    orthanc.client.post("/instances", content=dicom("1.2.3.1"))
    until(lambda: orthanc.held == 4)
    first = orthanc.content()
    say("round trip", **first)
    for one in orthanc.client.get("/instances").json():
        orthanc.client.post("/modalities/hilum/store", json={"Resources": [one]})
    with store.database.transaction() as connection:
        connection.execute("UPDATE delivery SET state = 'queued'")
        connection.execute(
            "SELECT queue_job('deliver:pacs', 'deliver', 10, jsonb_build_object('delivery_id', delivery_id)) "
            "FROM delivery"
        )
    until(lambda: attempts(store) == [2])
    time.sleep(2)
    say("again", same=orthanc.content() == first, **_ours(store))


def away(store: Store) -> None:
    """While Orthanc is away, a radiograph is read, and its results wait."""
    data = dicom("1.2.3.2")
    receive(store, identify(data, 10**6), Origin(door="http"), data)
    until(lambda: attempts(store)[1:] and attempts(store)[1] > 0)


def attempts(store: Store) -> list[int]:
    """Of the delivery of each completion."""
    completions = store.database.all("completions_of_study", study_id=1)
    return [completion["deliveries"][0]["attempts"] for completion in completions]


def say(step: str, **what: Any) -> None:
    print(json.dumps({"step": step, **what}))


def _ours(store: Store) -> dict[str, int]:
    with store.database.transaction() as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM instance) AS instances, (SELECT count(*) FROM completion) AS completions"
        ).fetchone()
    assert row
    return dict(row)


if __name__ == "__main__":
    sys.exit(main())
