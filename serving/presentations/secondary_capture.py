"""A reading or a refusal as a picture that every viewer shows: a Secondary Capture in RGB.

On the left the radiograph as it is stored, with the heatmap of the leading present finding and the boxes that a
reviewer drew; on the right what was found, by which reader, and whether anybody has verified it. No patient data is
drawn. The picture has a fixed height, so that its letters can be read where a viewer makes it fit a screen of 1000
pixels.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from highdicom.sc import SCImage
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from serving.presentations.dicom_result import Answer, finished, neutral
from serving.presentations.fonts import BOLD, REGULAR
from serving.presentations.radiograph_picture import DRAWN, font, leading_finding, radiograph_picture, readable
from serving.presentations.study_json import weight
from serving.presentations.told import place_of

#: Pixels: the height of the picture, the most columns of the radiograph, the columns of the text.
_HEIGHT, _WIDEST, _PANEL = 1280, 1600, 720
_MARGIN, _STRIP = 32, 64
#: Font sizes, in pixels.
_LARGE, _PLAIN, _SMALL = 46, 31, 25
_LEAST_SIZE = 18
_WHITE, _GREY, _AMBER, _BLACK = (245, 245, 245), (165, 165, 165), (255, 200, 60), (0, 0, 0)

Colour = tuple[int, int, int]


class Line(NamedTuple):
    """One line of the list on the right."""

    left: str = ""
    right: str = ""
    size: int = _PLAIN
    colour: Colour = _WHITE
    is_bold: bool = False


_GAP = Line(size=_SMALL)


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
    return finished(capture, answer, "sc")


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
    shown = radiograph_picture(answer, _HEIGHT, _WIDEST)
    rows, columns, _ = shown.shape
    height = _HEIGHT + _STRIP
    canvas = np.zeros((height, columns + _PANEL, 3), np.uint8)
    top = (_HEIGHT - rows) // 2
    canvas[top : top + rows, :columns] = shown
    picture = Image.fromarray(canvas)
    pen = ImageDraw.Draw(picture)
    signed_off = answer.review is not None and answer.review.is_signed_off
    pen.rectangle((0, _HEIGHT, columns + _PANEL, height), fill=DRAWN if signed_off else _AMBER)
    at = (_MARGIN, _HEIGHT + _STRIP // 2)
    pen.text(at, answer.notice, fill=_BLACK, font=_fitting(pen, answer.notice, columns + _PANEL), anchor="lm")
    _write(pen, columns + _MARGIN, list(_lines(answer)))
    return np.asarray(picture, dtype=np.uint8)


def _fitting(pen: ImageDraw.ImageDraw, words: str, width: int) -> Any:
    """The largest font in which the notice has room."""
    for size in range(_LARGE - 8, _LEAST_SIZE, -2):
        if pen.textlength(words, font=font(BOLD, size)) <= width - 2 * _MARGIN:
            return font(BOLD, size)
    return font(BOLD, _LEAST_SIZE)


def _lines(answer: Answer) -> Iterator[Line]:
    yield Line("Hilum", size=_LARGE, is_bold=True)
    yield Line(answer.reader, size=_SMALL, colour=_GREY)
    yield _GAP
    refusal = answer.document["refusal"]
    if refusal:
        yield from _refused(refusal)
        yield from (_row(one) for one in answer.present())
    else:
        yield from _found(answer)
    if answer.review and answer.review.is_signed_off and answer.review.comment:
        yield _GAP
        yield Line(answer.review.comment, size=_SMALL, colour=DRAWN)
    for correction in answer.corrections:
        yield _GAP
        yield Line(f"Read as if corrected: {correction}", size=_SMALL, colour=_AMBER)


def _refused(refusal: Mapping[str, str]) -> Iterator[Line]:
    yield Line(f"NOT READ: {refusal['code']}", size=_LARGE, colour=_AMBER, is_bold=True)
    yield Line(refusal["reason"])
    yield Line("This says nothing about the patient; it does not mean normal.")


def _found(answer: Answer) -> Iterator[Line]:
    leading = leading_finding(answer)
    findings = sorted(answer.findings(), key=_order, reverse=True)
    present = [one for one in findings if one["present"]]
    if leading:
        yield Line(f"Overlay: {readable(leading)}", size=_SMALL, colour=_AMBER)
        yield _GAP
    yield Line("PRESENT" if present else "No finding reaches its threshold", "probability / threshold", _SMALL, _AMBER)
    for finding in present:
        yield _row(finding)
        if place_of(finding):
            yield Line(f"    {place_of(finding)}", size=_SMALL, colour=_GREY)
    if not present:
        yield Line("That does not exclude disease.", size=_SMALL, colour=_GREY)
    yield _GAP
    if answer.ratio:
        value, error = answer.ratio
        yield Line("Cardiothoracic ratio", f"{value:.2f}", _SMALL)
        yield Line(error, size=_LEAST_SIZE, colour=_GREY)
        yield _GAP
    yield Line("Not present" if answer.review else "Below threshold", size=_SMALL, colour=_GREY)
    yield from (_row(one) for one in findings if not one["present"])


def _order(finding: Mapping[str, Any]) -> tuple[bool, bool, float]:
    """As everywhere; what a reviewer added first among what is present."""
    return (True, True, float("inf")) if finding["probability"] is None else weight(finding)


def _row(finding: Mapping[str, Any]) -> Line:
    said = [word for word in ("experimental" if finding["experimental"] else "", finding["verdict"]) if word]
    doubt = f" ({', '.join(said)})" if said else ""
    numbers = "" if finding["probability"] is None else f"{finding['probability']:.2f} / {finding['threshold']:.2f}"
    if finding["present"]:
        return Line(readable(finding) + doubt, numbers, is_bold=True)
    return Line(readable(finding) + doubt, numbers, _SMALL, _GREY)


def _write(pen: ImageDraw.ImageDraw, left: int, lines: Sequence[Line]) -> None:
    """From the top down; smaller where there are more lines than fit."""
    width, room = _PANEL - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN
    shrink = 0
    while True:
        placed = [part for line in lines for part in _wrapped(pen, line, width, shrink)]
        if sum(_step(part.size) for part in placed) <= room or shrink >= _LARGE - _LEAST_SIZE:
            break
        shrink += 1
    y = _MARGIN
    for part in placed:
        if y + _step(part.size) > _HEIGHT:
            break
        pen.text((left, y), part.left, fill=part.colour, font=_font(part))
        if part.right:
            pen.text((left + width, y), part.right, fill=part.colour, font=_font(part), anchor="ra")
        y += _step(part.size)


def _wrapped(pen: ImageDraw.ImageDraw, line: Line, width: int, shrink: int) -> list[Line]:
    line = line._replace(size=max(_LEAST_SIZE, line.size - shrink))
    if line.right or not line.left:
        return [line]
    rows = [""]
    for word in line.left.split():
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and pen.textlength(longer, font=_font(line)) > width:
            rows.append(word)
        else:
            rows[-1] = longer
    return [line._replace(left=row) for row in rows]


def _step(size: int) -> int:
    return round(size * 1.36)


def _font(line: Line) -> Any:
    return font(BOLD if line.is_bold else REGULAR, line.size)
