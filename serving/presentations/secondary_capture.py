"""A reading or a refusal as a picture that every viewer shows: a Secondary Capture in RGB.

On the left the radiograph as it is stored, with the heatmap of the leading present finding and the boxes that a
reviewer drew; on the right what was found, by which reader, and whether anybody has verified it. No patient data is
drawn. The picture has a fixed height, so that its letters can be read where a viewer makes it fit a screen of 1000
pixels.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from highdicom.sc import SCImage
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from serving.presentations.dicom_result import Answer, finished, neutral
from serving.presentations.display import laid_over
from serving.presentations.study_json import strongest, weight

#: Pixels: the height of the picture, the most columns of the radiograph, the columns of the text.
_HEIGHT, _WIDEST, _PANEL = 1280, 1600, 720
_MARGIN, _STRIP = 32, 64
#: Font sizes, in pixels.
_LARGE, _PLAIN, _SMALL = 46, 32, 25
_LEAST_SIZE = 18
_WHITE, _GREY, _AMBER, _GREEN, _BLACK = (245, 245, 245), (165, 165, 165), (255, 200, 60), (120, 230, 140), (0, 0, 0)

Colour = tuple[int, int, int]


def secondary_capture(answer: Answer) -> Dataset:
    """The picture as a data set with file meta information; the same answer gives the same bytes."""
    evidence = neutral(answer.source)
    picture = draw(answer)
    capture = SCImage(
        pixel_array=picture,
        photometric_interpretation="RGB",
        bits_allocated=8,
        coordinate_system="PATIENT",
        patient_orientation=("L", "F"),
        study_instance_uid=evidence.StudyInstanceUID,
        transfer_syntax_uid=ExplicitVRLittleEndian,
        **answer.identity("sc"),
    )
    capture.PatientOrientation = answer.source.get("PatientOrientation")
    _say_what_it_is(capture, answer)
    return finished(capture, answer, "picture")


def _say_what_it_is(capture: Dataset, answer: Answer) -> None:
    burned_in = str(answer.source.get("BurnedInAnnotation") or "")
    if burned_in in {"YES", "NO"}:  # ours names nobody; the radiograph's own may
        capture.BurnedInAnnotation = burned_in
    capture.ImageComments = answer.notice
    capture.DerivationDescription = f"Radiograph with the findings of {answer.reader}"[:1024]
    purpose, source = Dataset(), Dataset()  # PS3.16, CID 7202
    purpose.CodeValue, purpose.CodingSchemeDesignator = "121322", "DCM"
    purpose.CodeMeaning = "Source image for image processing operation"
    source.ReferencedSOPClassUID = answer.source.SOPClassUID
    source.ReferencedSOPInstanceUID = answer.source.SOPInstanceUID
    source.PurposeOfReferenceCodeSequence = [purpose]
    capture.SourceImageSequence = [source]


def draw(answer: Answer) -> NDArray[np.uint8]:
    """The picture: uint8 (rows, columns, 3), RGB."""
    shown = _radiograph(answer)
    rows, columns, _ = shown.shape
    height = _HEIGHT + _STRIP
    canvas = np.zeros((height, columns + _PANEL, 3), np.uint8)
    top = (_HEIGHT - rows) // 2
    canvas[top : top + rows, :columns] = shown
    picture = Image.fromarray(canvas)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, _HEIGHT, columns + _PANEL, height), fill=_AMBER)
    pen.text((_MARGIN, _HEIGHT + (_STRIP - _LARGE) // 2), answer.notice, fill=_BLACK, font=_font(_LARGE))
    _write(pen, columns + _MARGIN, _lines(answer))
    return np.asarray(picture, dtype=np.uint8)


def _radiograph(answer: Answer) -> NDArray[np.uint8]:
    """The radiograph on its stored grid, made to fit, with the heatmap of the leading finding: RGB."""
    if answer.pixels is None:
        return np.zeros((_HEIGHT, _HEIGHT // 2, 3), np.uint8)
    rows, columns = answer.pixels.shape
    tall = rows * answer.pixel_aspect_ratio
    scale = min(_HEIGHT / tall, _WIDEST / columns)
    size = max(1, round(columns * scale)), max(1, round(tall * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(answer.pixels, size, interpolation=how)
    grey = np.rint(np.clip(small, 0, 1) * 255).astype(np.uint8)
    leading = _leading(answer)
    if leading is None:
        coloured = np.dstack([grey, grey, grey])
    else:
        coloured = np.ascontiguousarray(laid_over(grey, answer.heatmaps[leading["name"]])[..., ::-1])
    return _boxed(coloured, answer, scale, tall / rows * scale)


def _boxed(picture: NDArray[np.uint8], answer: Answer, across: float, down: float) -> NDArray[np.uint8]:
    """With what the reviewer drew; ``across`` and ``down`` are pixels of the picture for one of the radiograph."""
    for finding in answer.present():
        for box in answer.regions(finding) if finding["boxes"] else ():
            corners = [(round(x * across), round(y * down)) for x, y in ((box.left, box.top), (box.right, box.bottom))]
            cv2.rectangle(picture, corners[0], corners[1], _GREEN, 3, cv2.LINE_AA)
            at = (corners[0][0] + 4, max(corners[0][1] - 10, 24))
            cv2.putText(picture, _name(finding), at, cv2.FONT_HERSHEY_SIMPLEX, 0.9, _GREEN, 2, cv2.LINE_AA)
    return picture


def _leading(answer: Answer) -> dict[str, Any] | None:
    """Of the present findings that are where their heatmap says, the strongest."""
    seen = [one for one in answer.present() if one["boxes"] is None and one["name"] in answer.heatmaps]
    return strongest(seen)


Line = tuple[str, str, int, Colour]


def _lines(answer: Answer) -> list[Line]:
    """Each line: its text on the left, its text on the right, its size and its colour."""
    head: list[Line] = [("Hilum", "", _LARGE, _WHITE), (answer.reader, "", _SMALL, _GREY), ("", "", _SMALL, _GREY)]
    refusal = answer.document["refusal"]
    body = _refused(refusal) + [_row(one) for one in answer.present()] if refusal else _found(answer)
    corrected = [f"Read as if corrected: {words}" for words in answer.corrections]
    return [*head, *body, ("", "", _SMALL, _GREY), *[(words, "", _SMALL, _AMBER) for words in corrected]]


def _refused(refusal: Mapping[str, str]) -> list[Line]:
    return [
        (f"NOT READ: {refusal['code']}", "", _LARGE, _AMBER),
        (refusal["reason"], "", _PLAIN, _WHITE),
        ("This says nothing about the patient; it does not mean normal.", "", _PLAIN, _WHITE),
    ]


def _found(answer: Answer) -> list[Line]:
    leading = _leading(answer)
    words = _summary(answer, leading)
    lines: list[Line] = [(words, "", _PLAIN, _AMBER), ("", "", _SMALL, _GREY)]
    lines.append(("Finding (* reached its threshold)", "probability / threshold", _SMALL, _GREY))
    findings = answer.findings()
    ordered = sorted((one for one in findings if one["probability"] is not None), key=weight, reverse=True)
    return lines + [_row(finding) for finding in ordered + [one for one in findings if one["probability"] is None]]


def _summary(answer: Answer, leading: Mapping[str, Any] | None) -> str:
    if leading:
        return f"Overlay: {_name(leading)}"
    if answer.review and answer.review.is_signed_off:
        return "No overlay is left after the review"
    return "No finding reached its threshold"


def _row(finding: Mapping[str, Any]) -> Line:
    mark = "* " if finding["present"] else "   "
    said = [word for word in ("experimental" if finding["experimental"] else "", finding["verdict"]) if word]
    doubt = f" ({', '.join(said)})" if said else ""
    numbers = "" if finding["probability"] is None else f"{finding['probability']:.2f} / {finding['threshold']:.2f}"
    return mark + _name(finding) + doubt, numbers, _PLAIN, _WHITE if finding["present"] else _GREY


def _name(finding: Mapping[str, Any]) -> str:
    return str(finding["name"]).replace("_", " ")


def _write(pen: ImageDraw.ImageDraw, left: int, lines: Sequence[Line]) -> None:
    """From the top down; smaller where there are more lines than fit."""
    width, room = _PANEL - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN
    shrink = 0
    while True:
        placed = [part for line in lines for part in _wrapped(pen, line, width, shrink)]
        if sum(_step(size) for _, _, size, _ in placed) <= room or shrink >= _LARGE - _LEAST_SIZE:
            break
        shrink += 1
    y = _MARGIN
    for text, right, size, colour in placed:
        if y + _step(size) > _HEIGHT:
            break
        font = _font(size)
        pen.text((left, y), text, fill=colour, font=font)
        if right:
            pen.text((left + width - pen.textlength(right, font=font), y), right, fill=colour, font=font)
        y += _step(size)


def _wrapped(pen: ImageDraw.ImageDraw, line: Line, width: int, shrink: int) -> list[Line]:
    text, right, size, colour = line
    size = max(_LEAST_SIZE, size - shrink)
    font = _font(size)
    if right or not text:
        return [(text, right, size, colour)]
    rows = [""]
    for word in text.split():
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and pen.textlength(longer, font=font) > width:
            rows.append(word)
        else:
            rows[-1] = longer
    return [(row, "", size, colour) for row in rows]


def _step(size: int) -> int:
    return round(size * 1.35)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The one that comes with Pillow: the same on every machine."""
    return ImageFont.load_default(size)
