"""What routes and doors need, as one value."""

from dataclasses import dataclass, field

from serving.capacity import Capacity
from serving.decoders import Decoders
from serving.progress import Progress
from serving.recent import Recent
from serving.settings import Settings
from serving.store.store import Store


@dataclass(frozen=True)
class Services:
    settings: Settings
    store: Store
    #: Name and version of the reader that new instances are read by.
    reader: str
    progress: Progress
    capacity: Capacity
    decoders: Decoders
    #: Results in DICOM that were asked for lately.
    recent: Recent = field(default_factory=Recent)
