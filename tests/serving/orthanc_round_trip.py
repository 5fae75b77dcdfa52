"""A study's round trip through Orthanc, as a program: it runs in a network namespace of its own, since Orthanc listens
on every address. Orthanc gets radiographs, forwards them to our receiver, and our results arrive in the same study.

Prints one JSON object a line.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from serving.capacity import Capacity
from serving.decoders import Decoders
from serving.doors.dimse import Receiver
from serving.instances import Origin, identify
from serving.progress import Progress
from serving.services import Services
from serving.store.reception import receive
from serving.store.store import Store
from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import new_store, working

DIMSE, HTTP, OURS = 4242, 8042, 11112
#: Forwards everything, our results too: what comes back must not be read.
FORWARD = """
function OnStoredInstance(instanceId, tags, metadata, origin)
   RestApiPost('/modalities/hilum/store', DumpJson({ Resources = { instanceId }, Asynchronous = true }, true))
end
"""


def until(done: Callable[[], Any], seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while not (found := done()):
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.1)
    return found


@contextmanager
def orthanc(folder: Path) -> Iterator[httpx.Client]:
    """Orthanc with what is in its folder; it forwards to us."""
    (folder / "forward.lua").write_text(FORWARD)
    settings = {
        "DicomAet": "ORTHANC", "DicomPort": DIMSE, "HttpPort": HTTP, "StorageDirectory": str(folder / "db"),
        "IndexDirectory": str(folder / "db"), "LuaScripts": [str(folder / "forward.lua")], "JobsHistorySize": 100,
        "DicomModalities": {"hilum": ["HILUM", "127.0.0.1", OURS]}, "DicomAlwaysAllowStore": True,
        "DicomCheckCalledAet": True,
    }  # fmt: skip
    (folder / "orthanc.json").write_text(json.dumps(settings))
    with (folder / "log").open("a") as log:
        running = subprocess.Popen(["Orthanc", str(folder / "orthanc.json")], stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{HTTP}", timeout=10, trust_env=False) as client:
            until(lambda: _answers(client))
            yield client
    finally:
        running.terminate()
        running.wait(20)


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/system").is_success
    except httpx.HTTPError:
        return False


def content(client: httpx.Client) -> dict[str, Any]:
    """What Orthanc holds: studies, SOP classes, and the hash of each instance."""
    classes: Counter[str] = Counter()
    hashes = {}
    for one in client.get("/instances").json():
        tags = client.get(f"/instances/{one}/simplified-tags").json()
        classes[tags["Modality"]] += 1
        hashes[tags["SOPInstanceUID"]] = client.get(f"/instances/{one}/attachments/dicom/md5").text
    studies = client.get("/studies?expand").json()
    return {
        "studies": len(studies),
        "names": [study["PatientMainDicomTags"]["PatientName"] for study in studies],
        "classes": dict(classes),
        "hashes": hashes,
    }


def main() -> None:
    url = f"dicom://ORTHANC@127.0.0.1:{DIMSE}?presentations=sr,sc,gsps"
    with (
        tempfile.TemporaryDirectory(prefix="hilum-orthanc-") as place,
        new_store(dimse_port=OURS, quiet_seconds=1, destinations=f"pacs={url}") as (settings, store),
    ):
        decoders = Decoders(most_memory=settings.worker_memory_bytes)
        services = Services(settings, store, "stub", Progress(store.database.url), Capacity(settings, store), decoders)
        receiver = Receiver(services)
        receiver.start()
        try:
            with working(settings, store, StubReader()):
                with orthanc(Path(place)) as client:
                    round_trip(client, store)
                away(store)
                with orthanc(Path(place)) as client:
                    until(lambda: held(client) == 7)
                    time.sleep(2)  # what Orthanc forwards of it comes back to us
                    say("was away", **content(client), **_ours(store))
        finally:
            receiver.stop(1)


def round_trip(client: httpx.Client, store: Store) -> None:
    """One radiograph and its results; then Orthanc forwards all it has, and the delivery is sent a second time."""
    client.post("/instances", content=dicom("1.2.3.1"))
    until(lambda: held(client) == 4)
    first = content(client)
    say("round trip", **first)
    for one in client.get("/instances").json():
        client.post("/modalities/hilum/store", json={"Resources": [one]})
    with store.database.transaction() as connection:
        connection.execute("UPDATE delivery SET state = 'queued'")
        connection.execute(
            "SELECT queue_job('deliver:pacs', 'deliver', 10, jsonb_build_object('delivery_id', delivery_id)) "
            "FROM delivery"
        )
    until(lambda: attempts(store) == [2])
    time.sleep(2)
    say("again", same=content(client) == first, **_ours(store))


def away(store: Store) -> None:
    """While Orthanc is away, a radiograph is read, and its results wait."""
    data = dicom("1.2.3.2")
    receive(store, identify(data, 10**6), Origin(door="http"), data)
    until(lambda: attempts(store)[1:] and attempts(store)[1] > 0)


def attempts(store: Store) -> list[int]:
    """Of the delivery of each completion."""
    completions = store.database.all("completions_of_study", study_id=1)
    return [completion["deliveries"][0]["attempts"] for completion in completions]


def held(client: httpx.Client) -> int:
    """Instances that Orthanc has."""
    return len(client.get("/instances").json())


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
