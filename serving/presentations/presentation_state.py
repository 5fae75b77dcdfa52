"""The regions of a reading's present findings as a Grayscale Softcopy Presentation State, over the radiograph itself.

The radiograph keeps the grey values that its file asks for: its Modality and VOI LUT or window and its polarity.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from highdicom import PresentationLUTShapeValues, PresentationLUTTransformation
from highdicom.pr import (
    AnnotationUnitsValues,
    GraphicAnnotation,
    GraphicLayer,
    GraphicObject,
    GraphicTypeValues,
    GrayscaleSoftcopyPresentationState,
    TextJustificationValues,
    TextObject,
)
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.valuerep import DS

from serving.presentations.dicom_result import MODEL, Answer, finished, neutral

_PIXEL, _DISPLAY = AnnotationUnitsValues.PIXEL, AnnotationUnitsValues.DISPLAY
_LAYER = GraphicLayer("HILUM", order=1, description="AI result, not verified")
#: Where the notice stands, as parts of the display.
_NOTICE_BOX = (0.02, 0.95, 0.98, 0.99)


def presentation_state(answer: Answer) -> Dataset | None:
    """The state as a data set with file meta information; None where there is no region to show."""
    graphics, texts = _marks(answer)
    if not graphics or answer.source.get("SamplesPerPixel") != 1:
        return None
    image = _as_read(neutral(answer.source), answer)
    texts.append(
        TextObject(answer.notice, _DISPLAY, bounding_box=_NOTICE_BOX, text_justification=TextJustificationValues.LEFT)
    )
    state = GrayscaleSoftcopyPresentationState(
        referenced_images=[image],
        manufacturer_model_name=MODEL,
        software_versions=answer.reader[:64],
        device_serial_number=answer.device_uid[-16:],
        content_label="HILUM",
        content_description=answer.notice[:64],
        graphic_annotations=[
            GraphicAnnotation([image], graphic_layer=_LAYER, graphic_objects=graphics, text_objects=texts)
        ],
        graphic_layers=[_LAYER],
        presentation_lut_transformation=PresentationLUTTransformation(_polarity(answer.source)),
        **answer.identity("gsps"),
    )
    if answer.pixel_aspect_ratio != 1:
        area = state.DisplayedAreaSelectionSequence[0]
        area.PresentationPixelAspectRatio = [round(answer.pixel_aspect_ratio * 1000), 1000]
    return finished(state, answer, "gsps")


def _as_read(image: Dataset, answer: Answer) -> Dataset:
    """The image with the grid and the grey values that the reader saw: the first LUT or window that is valid."""
    for heatmap in answer.heatmaps.values():
        image.Rows, image.Columns = heatmap.placement.rows, heatmap.placement.columns
    for keyword in ("ModalityLUTSequence", "VOILUTSequence"):
        if keyword in image and not image[keyword].value:
            del image[keyword]
    window = [_number(image, keyword) for keyword in ("WindowCenter", "WindowWidth")]
    slope, intercept = _number(image, "RescaleSlope"), _number(image, "RescaleIntercept")
    for keyword in ("WindowCenter", "WindowWidth", "RescaleSlope", "RescaleIntercept"):
        if keyword in image:
            del image[keyword]
    if (slope is not None or intercept is not None) and "ModalityLUTSequence" not in image:
        image.RescaleSlope, image.RescaleIntercept = DS(slope or "1"), DS(intercept or "0")
        image.RescaleType = str(image.get("RescaleType") or "US")[:16]
    if None not in window and float(window[1] or 0) > 0 and "VOILUTSequence" not in image:
        image.WindowCenter, image.WindowWidth = map(DS, window)
    return image


def _number(image: Dataset, keyword: str) -> str | None:
    """The first value of a decimal string, as it stands in the file; None without one."""
    value = image.get(keyword)
    first = value[0] if isinstance(value, MultiValue) and value else value
    return str(first) if first not in {None, ""} and not isinstance(first, MultiValue) else None


def _polarity(source: Dataset) -> PresentationLUTShapeValues:
    """As the reader sees it: either attribute can say that large values are dark (PS3.3, C.8.11.3.1.2)."""
    inverse = (
        source.get("PhotometricInterpretation") == "MONOCHROME1" or source.get("PresentationLUTShape") == "INVERSE"
    )
    return PresentationLUTShapeValues.INVERSE if inverse else PresentationLUTShapeValues.IDENTITY


def _marks(answer: Answer) -> tuple[list[GraphicObject], list[TextObject]]:
    """A box and its name for each region of each present finding."""
    graphics: list[GraphicObject] = []
    texts: list[TextObject] = []
    for finding in answer.present():
        words = _words(finding)
        for region in answer.regions(finding):
            graphics.append(
                GraphicObject(GraphicTypeValues.POLYLINE, np.array(region.outline()), _PIXEL, is_filled=False)
            )
            corner = (float(region.left), float(region.top))
            texts.append(TextObject(words, _PIXEL, anchor_point=corner, anchor_point_visible=False))
    return graphics, texts


def _words(finding: Mapping[str, Any]) -> str:
    name, probability, verdict = finding["name"].replace("_", " "), finding["probability"], finding["verdict"]
    parts = [name, f"{probability:.2f}" if probability is not None else "", f"({verdict})" if verdict else ""]
    return " ".join(part for part in parts if part)
