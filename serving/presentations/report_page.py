"""A reading or a refusal as one page for people: A4, PDF. The same answer gives the same bytes.

No patient data is printed. The page travels in a DICOM object that says whose it is, and viewers show that beside it;
a name on the page would have to be taken off again before anybody may show it to others, and could contradict the
header once that is corrected. What ties a print to its study are the UIDs at its foot.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, KeepInFrame, Paragraph, Spacer, Table, TableStyle

from serving.presentations.dicom_result import Answer, local_time
from serving.presentations.fonts import BOLD, REGULAR
from serving.presentations.radiograph_picture import leading_finding, radiograph_picture, readable
from serving.presentations.study_json import weight
from serving.presentations.told import place_of

_REGULAR, _BOLD = "HilumSans", "HilumSans-Bold"
_WIDTH, _HEIGHT = A4
_MARGIN = 15 * mm
_INK, _SOFT, _LINE = HexColor("#14191d"), HexColor("#5c6870"), HexColor("#c9d1d6")
_AMBER, _GREEN = HexColor("#ffc83c"), HexColor("#78e68c")
#: Pixels of the picture, more than a printer shows of its size.
_PICTURE = 1200
_JPEG_QUALITY = 90
#: From the top: the head with its strip, the picture beside the summary, the table; then the foot.
_HEAD, _SHOWN, _FOOT = 31 * mm, 104 * mm, 20 * mm

#: True of every reader; the model card of one says more.
_LIMITS = (
    "It looks for the findings of its list and for nothing else; lines and tubes are not among them. It knows no prior "
    "radiograph and no clinical question. A finding below its threshold is not excluded, and a radiograph with nothing "
    "marked is not a normal radiograph. The overlay shows roughly where a finding seems to be; it is no outline."
)
_NO_NAME = "No patient data is printed: the viewer shows whose it is, and so does the file that holds this page."


def report_page(answer: Answer) -> bytes:
    """The page as a PDF with its letters in it."""
    _register_fonts()
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle("Hilum: AI result")
    canvas.setAuthor(answer.reader)
    canvas.setSubject(answer.notice)
    _head(canvas, answer)
    top = _HEIGHT - _MARGIN - _HEAD
    column = _picture(canvas, answer, top)
    _fill(canvas, list(_summary(answer)), (column, top - _SHOWN, _WIDTH - _MARGIN - column, _SHOWN))
    left, bottom = _MARGIN, _MARGIN + _FOOT
    _fill(canvas, list(_details(answer)), (left, bottom, _WIDTH - 2 * _MARGIN, top - _SHOWN - bottom - 4 * mm))
    _fill(canvas, list(_foot(answer)), (left, _MARGIN, _WIDTH - 2 * _MARGIN, _FOOT))
    canvas.showPage()
    canvas.save()
    return file.getvalue()


@cache
def _register_fonts() -> None:
    registerFont(TTFont(_REGULAR, REGULAR))
    registerFont(TTFont(_BOLD, BOLD))
    registerFontFamily(_REGULAR, normal=_REGULAR, bold=_BOLD, italic=_REGULAR, boldItalic=_BOLD)


def _head(canvas: Canvas, answer: Answer) -> None:
    top = _HEIGHT - _MARGIN
    canvas.setFillColor(_INK)
    canvas.setFont(_BOLD, 20)
    canvas.drawString(_MARGIN, top - 6 * mm, "Hilum")
    canvas.setFont(_REGULAR, 10)
    canvas.setFillColor(_SOFT)
    canvas.drawString(_MARGIN, top - 12 * mm, f"Chest radiograph, {_view(answer)}, read by {answer.reader}")
    canvas.drawRightString(_WIDTH - _MARGIN, top - 12 * mm, f"{local_time(answer):%Y-%m-%d %H:%M %z}")
    signed_off = answer.review is not None and answer.review.is_signed_off
    canvas.setFillColor(_GREEN if signed_off else _AMBER)
    canvas.rect(_MARGIN, top - 25 * mm, _WIDTH - 2 * _MARGIN, 9 * mm, stroke=0, fill=1)
    strip = [Paragraph(_safe(answer.notice), _style(12, bold=True))]
    _fill(canvas, strip, (_MARGIN + 2 * mm, top - 25 * mm, _WIDTH - 2 * _MARGIN - 4 * mm, 7.2 * mm))


def _view(answer: Answer) -> str:
    view = answer.document["view"]
    return f"{view} view" if view != "unknown" else "view not stated"


def _picture(canvas: Canvas, answer: Answer, top: float) -> float:
    """Draw it at the left; where the column beside it begins."""
    shown = radiograph_picture(answer, _PICTURE, _PICTURE)
    rows, columns, _ = shown.shape
    scale = min(_SHOWN / rows, 104 * mm / columns)
    size = columns * scale, rows * scale
    canvas.drawImage(ImageReader(BytesIO(_jpeg(shown))), _MARGIN, top - size[1], *size)
    return float(_MARGIN + size[0] + 6 * mm)


def _summary(answer: Answer) -> Iterator[Flowable]:
    refusal, present = answer.document["refusal"], sorted(answer.present(), key=_order, reverse=True)
    if refusal:
        yield Paragraph("NOT READ", _style(18, bold=True))
        yield Paragraph(_safe(refusal["reason"]), _style(10.5))
        yield Paragraph("This says nothing about the patient; it does not mean normal.", _style(10.5, bold=True))
    elif not present:
        yield Paragraph("No finding reaches its threshold", _style(13, bold=True))
        yield Paragraph("That does not exclude disease.", _style(10))
    if present:
        signed_off = answer.review is not None and answer.review.is_signed_off
        yield Paragraph("Present after review" if signed_off else "At or above threshold", _style(10, colour=_SOFT))
        for one in present:
            yield Paragraph(_safe(_said(one)), _style(13, bold=True))
            yield from ([Paragraph(place_of(one), _style(9.5, colour=_SOFT))] if place_of(one) else [])
    yield Spacer(1, 3 * mm)
    leading = leading_finding(answer)
    if leading:
        yield Paragraph(_safe(f"Overlay: {readable(leading)}"), _style(9, colour=_SOFT))
    for comment in _comments(answer):
        yield Paragraph(_safe(comment), _style(9.5))


def _said(finding: Mapping[str, Any]) -> str:
    words = [word for word in ("experimental" if finding["experimental"] else "", finding["verdict"] or "") if word]
    return readable(finding) + (f" ({', '.join(words)})" if words else "")


def _comments(answer: Answer) -> Iterator[str]:
    yield from (f"Read as if corrected: {correction}." for correction in answer.corrections)
    if answer.ratio:
        value, error = answer.ratio
        yield f"Cardiothoracic ratio {value:.2f} ({error})."
    if answer.review and answer.review.is_signed_off:
        yield from ([f"Reviewer: {answer.review.comment}"] if answer.review.comment else [])
        for finding in answer.findings():
            yield from (f"{readable(finding)}: {comment}" for comment in finding["comments"])


def _details(answer: Answer) -> Iterator[Flowable]:
    findings = sorted(answer.findings(), key=_order, reverse=True)
    if not findings:
        return
    reviewed = answer.review is not None and answer.review.is_signed_off
    heads = ["Finding", "Probability", "Threshold", "What the threshold means", *(["Verdict"] if reviewed else [])]
    rows = [[Paragraph(head, _style(8, colour=_SOFT)) for head in heads]]
    rows += [_row(finding, reviewed) for finding in findings]
    widths = [48, 20, 18, 74, 20] if reviewed else [48, 20, 18, 94]
    table = Table(rows, colWidths=[width * mm for width in widths], rowHeights=None)
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("TOPPADDING", (0, 0), (-1, -1), 1.2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.8),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    yield table


def _row(finding: Mapping[str, Any], reviewed: bool) -> list[Paragraph]:
    present = finding["present"]
    style = _style(9, bold=present, colour=_INK if present else _SOFT)
    plain = _style(7.5, colour=_SOFT)
    doubt = " (experimental)" if finding["experimental"] else ""
    numbers = ["" if finding[key] is None else f"{finding[key]:.2f}" for key in ("probability", "threshold")]
    point = finding["operating_point"]["sentence"] if finding["operating_point"] else "not looked for by the reader"
    cells = [Paragraph(_safe(readable(finding) + doubt), style), *(Paragraph(number, style) for number in numbers)]
    cells.append(Paragraph(_safe(point), plain))
    return [*cells, Paragraph(finding["verdict"] or "", style)] if reviewed else cells


def _foot(answer: Answer) -> Iterator[Flowable]:
    small = _style(7.5, colour=_SOFT)
    yield Paragraph(f"<b>What it cannot see.</b> {_LIMITS}", small)
    yield Spacer(1, 1.5 * mm)
    yield Paragraph(f"{_NO_NAME} Study {answer.source.StudyInstanceUID}, radiograph {answer.sop_instance_uid}.", small)


def _order(finding: Mapping[str, Any]) -> tuple[bool, bool, float]:
    return (True, True, float("inf")) if finding["probability"] is None else weight(finding)


def _fill(canvas: Canvas, content: list[Flowable], box: tuple[float, float, float, float]) -> None:
    """Put it into a box (left, bottom, width, height), smaller where it would not fit."""
    left, bottom, width, height = box
    frame = Frame(left, bottom, width, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    frame.addFromList([KeepInFrame(width, height, content, mode="shrink")], canvas)


def _style(size: float, *, bold: bool = False, colour: Any = _INK) -> ParagraphStyle:
    return ParagraphStyle("", fontName=_BOLD if bold else _REGULAR, fontSize=size, leading=size * 1.3, textColor=colour)


def _safe(words: str) -> str:
    """Text, not markup."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _jpeg(picture: NDArray[np.uint8]) -> bytes:
    done, encoded = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    assert done, "encoding to memory does not fail"
    return encoded.tobytes()
