"""What a PACS is sent of a completion: results in DICOM for each radiograph that was read or refused."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from model.errors import NotReadable, Unavailable
from model.limits import Limits
from model.placement import Placement
from model.radiograph import Radiograph
from model.reading import Heatmap
from serving.presentations.dicom_result import Answer, encoded
from serving.presentations.encapsulated_pdf import encapsulated_pdf
from serving.presentations.presentation_state import presentation_state
from serving.presentations.review import Review
from serving.presentations.secondary_capture import secondary_capture
from serving.presentations.segmentation import segmentation
from serving.presentations.source_header import header_of
from serving.presentations.structured_report import structured_report
from serving.presentations.told import is_told
from serving.store import deliveries
from serving.store.objects import content_name
from serving.store.store import Store

MAKERS: Mapping[str, Callable[[Answer], Dataset | None]] = {
    "sr": structured_report,
    "sc": secondary_capture,
    "gsps": presentation_state,
    "seg": segmentation,
    "pdf": encapsulated_pdf,
}


def results(
    store: Store,
    outcomes: Iterable[Mapping[str, Any]],
    kinds: Iterable[str],
    limits: Limits,
    review: Review | None = None,
) -> Iterator[Dataset]:
    """The results of these kinds for each outcome, one after the other; nothing for a failure of ours.

    With ``review``, the version that comes of it; there is one outcome then.

    Raises:
        Unavailable: when the file that was read is not there now.
    """
    wanted = [kind for kind in kinds if kind in MAKERS]
    for row in outcomes:
        answer = _answer(store, row, limits, review)
        if answer is not None:
            made = (MAKERS[kind](answer) for kind in wanted)
            yield from (result for result in made if result is not None)


def _answer(store: Store, row: Mapping[str, Any], limits: Limits, review: Review | None) -> Answer | None:
    if not is_told(row["document"]):
        return None
    data = store.objects.get(content_name(row["content_hash"]), keep_in_memory=False)
    if data is None:
        raise Unavailable("The object store must hold the bytes that were received, but does not find them now.")
    return answer_of(row, data, deliveries.heatmaps(store, row["outcome_id"]), limits, review)


def result_of(
    kind: str, row: Mapping[str, Any], data: bytes, heatmaps: bytes | None, limits: Limits, review: Review | None
) -> bytes:
    """One result as a file; empty where there is none of this kind. Of a row of ``store.deliveries.outcomes``."""
    answer = answer_of(row, data, heatmaps, limits, review)
    result = MAKERS[kind](answer) if answer else None
    return encoded(result) if result is not None else b""


def answer_of(
    row: Mapping[str, Any], data: bytes, heatmaps: bytes | None, limits: Limits, review: Review | None
) -> Answer | None:
    """What is said of the file ``data``; None where it does not say of which study it is."""
    source = header_of(data, limits.max_bytes)
    if source is None:
        return None
    radiograph = _decoded(data, limits)
    return Answer(
        source=source,
        document=row["document"],
        heatmaps=_heatmaps(row, heatmaps),
        recorded_at=row["recorded_at"],
        pixels=radiograph.pixels if radiograph else None,
        pixel_aspect_ratio=radiograph.pixel_aspect_ratio if radiograph else 1.0,
        review=review,
    )


def _decoded(data: bytes, limits: Limits) -> Radiograph | None:
    try:
        return Radiograph.from_dicom(data, limits=limits)
    except NotReadable:  # its refusal says so
        return None


def _heatmaps(row: Mapping[str, Any], raw: bytes | None) -> dict[str, Heatmap]:
    if raw is None or row["placement"] is None:
        return {}
    cells = np.frombuffer(raw, np.float32).reshape(row["heatmap_shape"])
    names = [finding["name"] for finding in row["document"]["findings"]]
    placement = Placement(**row["placement"])
    return {
        name: Heatmap(finding=name, cells=each.copy(), placement=placement)
        for name, each in zip(names, cells, strict=True)
    }
