"""A PACS on this machine that stores what it is sent, or answers as it is told (pynetdicom's Storage SCP)."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom import AE, evt
from pynetdicom.events import Event

from serving.presentations.kinds import DICOM_KINDS, sop_classes
from tests.serving.hold import Hold


@dataclass
class Pacs:
    """What it got and what it will answer."""

    port: int = 0
    #: Statuses of the next C-STOREs, before 0x0000.
    answers: list[int] = field(default_factory=list)
    #: SOP Instance UID to the data sets that came under it, as they came.
    got: dict[str, list[bytes]] = field(default_factory=dict)
    datasets: list[Dataset] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    #: Of the next C-STOREs: what holds up their answers; None does not.
    held: list[Hold | None] = field(default_factory=list)
    #: How many of the next C-STOREs end the association instead of being stored.
    drops: int = 0

    def sop_classes(self) -> Counter[str]:
        return Counter(dataset.SOPClassUID.keyword for dataset in self.datasets)

    def handle(self, event: Event) -> int:
        if self.drops:
            self.drops -= 1
            event.assoc.abort()
            return 0xA700
        status = self.answers.pop(0) if self.answers else 0x0000
        if status in {0x0000, 0xB000}:
            dataset = event.dataset
            self.datasets.append(dataset)
            self.got.setdefault(dataset.SOPInstanceUID, []).append(event.encoded_dataset(include_meta=False))
            self.titles.append(event.assoc.requestor.ae_title)
        hold = self.held.pop(0) if self.held else None
        if hold:
            hold.wait()
        return status


@contextmanager
def pacs(
    *, syntax: str = ExplicitVRLittleEndian, kinds: tuple[str, ...] = DICOM_KINDS, port: int = 0, title: str = "PACS"
) -> Iterator[Pacs]:
    """A PACS that takes these kinds of results in one transfer syntax, and calls itself ``title``."""
    one = Pacs()
    entity = AE(ae_title=title)
    entity.require_called_aet = True
    for sop_class in sop_classes(kinds):
        entity.add_supported_context(sop_class, syntax)
    server: Any = entity.start_server(("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_C_STORE, one.handle)])
    one.port = server.server_address[1]
    try:
        yield one
    finally:
        server.shutdown()


IMPLICIT = ImplicitVRLittleEndian
