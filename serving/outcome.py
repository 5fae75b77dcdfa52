"""What came of reading an instance.

pending ──> read | refused | failed
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.attributes import View
from model.reading import Reading, Refusal


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
class Outcome:
    """What came of reading one instance, fresh from the reader."""

    result: Reading | Refusal | Failure
    #: Name and version of the reader that was asked.
    reader: str
    #: As the decoded file states it; None when it states none or could not be decoded.
    sop_instance_uid: str | None = None
    view: View = "unknown"
    #: The radiograph's pixels, float32 (rows, columns) 0..1; None when they could not be decoded.
    pixels: NDArray[np.float32] | None = None
    #: Stage to milliseconds, with the stages around the reader: queue, decode.
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


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An instance as the store has it, and what was said of it last."""

    instance_id: int
    sop_instance_uid: str
    series_instance_uid: str
    study_instance_uid: str
    content_hash: str
    state: State
    received_at: datetime
    #: None while nothing was said; with it, ``document`` is what the interface shows.
    outcome_id: int | None = None
    document: Mapping[str, Any] = field(default_factory=dict)
    #: Of a reading: from the network's grid to the radiograph's, and the heatmaps' (findings, rows, columns).
    placement: Mapping[str, Any] | None = None
    heatmap_shape: tuple[int, ...] = ()
