"""The places of a reading's present findings as a binary Segmentation on the radiograph's stored grid (PS3.3, A.51).

One segment a finding: where its heatmap reaches 0.5, or the boxes that a reviewer drew. Binary, since viewers show
nothing else of a radiograph.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from highdicom import AlgorithmIdentificationSequence
from highdicom.seg import (
    SegmentAlgorithmTypeValues,
    Segmentation,
    SegmentationTypeValues,
    SegmentDescription,
)
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRLittleEndian

from model.heatmaps import MORE_LIKELY_THAN_NOT, on_radiograph
from serving.instances import OWN_MANUFACTURER
from serving.presentations.dicom_result import MODEL, Answer, finished, neutral
from serving.presentations.report_codes import concept

_MORPHOLOGY = codes.SCT.MorphologicallyAbnormalStructure


def segmentation(answer: Answer) -> Dataset | None:
    """The segmentation as a data set with file meta information; None where there is nothing to show."""
    parts = [(finding, mask) for finding in answer.present() if (mask := _mask(answer, finding)) is not None]
    if not parts:
        return None
    image = neutral(answer.source)
    image.Rows, image.Columns = parts[0][1].shape
    made = Segmentation(
        source_images=[image],
        pixel_array=np.stack([mask for _, mask in parts], axis=-1)[np.newaxis],
        segmentation_type=SegmentationTypeValues.BINARY,
        segment_descriptions=[_segment(answer, finding, number) for number, (finding, _) in enumerate(parts, 1)],
        manufacturer_model_name=MODEL,
        software_versions=answer.reader[:64],
        device_serial_number=answer.device_uid[-16:],
        content_label="HILUM",
        content_description=answer.notice[:64],
        transfer_syntax_uid=ExplicitVRLittleEndian,
        omit_empty_frames=False,
        **answer.identity("seg"),
    )
    _name_dimensions(made, answer.uid("seg-dimensions", answer.version))
    made.PatientOrientation = answer.source.get("PatientOrientation") or ""
    return finished(made, answer, "seg")


def _name_dimensions(made: Dataset, uid: str) -> None:
    """The library draws this UID by chance."""
    for item in (*made.DimensionOrganizationSequence, *made.DimensionIndexSequence):
        item.DimensionOrganizationUID = uid


def _mask(answer: Answer, finding: Mapping[str, Any]) -> NDArray[np.uint8] | None:
    """uint8 (rows, columns), 0 or 1; None where it marks nothing."""
    heatmap = answer.heatmaps.get(finding["name"])
    if finding["boxes"] is not None:
        mask = np.zeros(answer.shape, np.uint8)
        for box in answer.regions(finding):
            mask[int(box.top) : int(np.ceil(box.bottom)), int(box.left) : int(np.ceil(box.right))] = 1
    elif heatmap is not None:
        mask = (on_radiograph(heatmap) >= MORE_LIKELY_THAN_NOT).astype(np.uint8)
    else:
        return None
    return mask if mask.any() else None


def _segment(answer: Answer, finding: Mapping[str, Any], number: int) -> SegmentDescription:
    name, version = answer.algorithm
    is_seen_by_reader = finding["boxes"] is None
    algorithm = AlgorithmIdentificationSequence(
        name=name, family=codes.DCM.ArtificialIntelligence, version=version, source=OWN_MANUFACTURER
    )
    return SegmentDescription(
        segment_number=number,
        segment_label=finding["name"].replace("_", " ")[:64],
        segmented_property_category=_MORPHOLOGY,
        segmented_property_type=concept(finding["code"]),
        algorithm_type=SegmentAlgorithmTypeValues.AUTOMATIC if is_seen_by_reader else SegmentAlgorithmTypeValues.MANUAL,
        algorithm_identification=algorithm if is_seen_by_reader else None,
        tracking_uid=answer.uid(f"tracking:{finding['name']}"),
        tracking_id=finding["name"],
    )
