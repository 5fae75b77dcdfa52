"""What came of reading an instance.

pending ──> read | refused | failed
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from model.attributes import View
from model.reading import Reading, Refusal
from serving.instances import Instance


class State(StrEnum):
    PENDING = "pending"
    READ = "read"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Failure:
    """We failed, not the radiograph: an error of ours that the log names."""

    reason: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Rendition:
    """The radiograph to look at: an 8-bit grey JPEG of bounded size, and the size of the original in pixels."""

    jpeg: bytes
    rows: int
    columns: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """What came of reading one instance."""

    result: Reading | Refusal | Failure
    #: Name and version of the reader that was asked.
    reader: str
    #: As the decoded file states it; None when it states none or could not be decoded.
    sop_instance_uid: str | None = None
    view: View = "unknown"
    #: None when the pixels could not be decoded.
    rendition: Rendition | None = None
    #: Stage to milliseconds, with the stages around the reader: queue, rendition.
    timings_ms: Mapping[str, float] = field(default_factory=dict)

    @property
    def state(self) -> State:
        match self.result:
            case Reading():
                return State.READ
            case Refusal():
                return State.REFUSED
            case Failure():
                return State.FAILED

    @property
    def size(self) -> int:
        """Bytes in memory, the large parts."""
        cells = sum(h.cells.nbytes for h in self.result.heatmaps.values()) if isinstance(self.result, Reading) else 0
        return cells + (len(self.rendition.jpeg) if self.rendition else 0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Entry:
    """An instance in the store, and what came of it once it is read."""

    instance: Instance
    outcome: Outcome | None = None

    @property
    def state(self) -> State:
        return self.outcome.state if self.outcome else State.PENDING
