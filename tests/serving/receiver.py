"""The receiver as it really runs, in threads of this process, and one who sends to it (pynetdicom)."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from pydicom import dcmread
from pynetdicom import AE

from serving.capacity import Capacity
from serving.decoders import Decoders
from serving.doors.dimse import Receiver
from serving.progress import Progress
from serving.services import Services
from serving.store.store import Store
from tests.serving.live import new_store


@contextmanager
def receiving(**changes: object) -> Iterator[tuple[int, Store]]:
    """A receiver's port and its store."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    with new_store(**changes) as (settings, store):
        decoders = Decoders(most_memory=settings.worker_memory_bytes)
        services = Services(
            settings, store, "stub 1", Progress(store.database.url), Capacity(settings, store), decoders
        )
        receiver = Receiver(services, listening)
        receiver.start()
        try:
            yield port, store
        finally:
            receiver.stop(1)


def send(port: int, data: bytes, *, title: str = "MODALITY", priority: int = 0) -> int:
    """The status that one C-STORE is answered with."""
    dataset = dcmread(BytesIO(data))
    entity = AE(ae_title=title)
    entity.add_requested_context(dataset.SOPClassUID, dataset.file_meta.TransferSyntaxUID)
    association = entity.associate("127.0.0.1", port, ae_title="HILUM")
    assert association.is_established
    try:
        status: int = association.send_c_store(dataset, priority=priority).Status
        return status
    finally:
        association.release()
