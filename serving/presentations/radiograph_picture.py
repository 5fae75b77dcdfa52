"""The radiograph as pictures and pages show it: on its stored grid, made to fit, with what was seen on it."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from serving.presentations.dicom_result import Answer
from serving.presentations.display import laid_over
from serving.presentations.fonts import BOLD
from serving.presentations.regions import Region
from serving.presentations.study_json import strongest

#: What the reviewer drew is not taken for what the reader saw.
DRAWN = (120, 230, 140)
_LINE, _LABEL = 3, 24


def radiograph_picture(answer: Answer, height: int, widest: int) -> NDArray[np.uint8]:
    """The radiograph with the heatmap of the leading finding and the reviewer's boxes: uint8 (rows, columns, 3), RGB.

    At most ``height`` rows and ``widest`` columns, one of them exactly; black where the file cannot be decoded.
    """
    if answer.pixels is None:
        return np.zeros((height, height // 2, 3), np.uint8)
    rows, columns = answer.pixels.shape
    tall = rows * answer.pixel_aspect_ratio
    scale = min(height / tall, widest / columns)
    size = max(1, round(columns * scale)), max(1, round(tall * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(answer.pixels, size, interpolation=how)
    grey = np.rint(np.clip(small, 0, 1) * 255).astype(np.uint8)
    leading = leading_finding(answer)
    if leading is None:
        coloured = np.dstack([grey, grey, grey])
    else:
        coloured = np.ascontiguousarray(laid_over(grey, answer.heatmaps[leading["name"]])[..., ::-1])
    return _with_boxes(coloured, answer, scale, size[1] / rows)


def leading_finding(answer: Answer) -> dict[str, Any] | None:
    """Of the present findings that are where their heatmap says, the strongest: its heatmap is shown."""
    seen = [one for one in answer.present() if one["boxes"] is None and one["name"] in answer.heatmaps]
    return strongest(seen)


def readable(finding: Mapping[str, Any]) -> str:
    return str(finding["name"]).replace("_", " ")


@cache
def font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def _with_boxes(picture: NDArray[np.uint8], answer: Answer, across: float, down: float) -> NDArray[np.uint8]:
    """``across`` and ``down`` are pixels of the picture for one of the radiograph."""
    boxes: dict[Region, list[str]] = {}
    for finding in answer.present():
        for box in answer.regions(finding) if finding["boxes"] else ():
            boxes.setdefault(box, []).append(readable(finding))
    if not boxes:
        return picture
    image = Image.fromarray(picture)
    pen = ImageDraw.Draw(image)
    for box, names in boxes.items():
        left, top, right, bottom = box.left * across, box.top * down, box.right * across, box.bottom * down
        pen.rectangle((left, top, right, bottom), outline=DRAWN, width=_LINE)
        above = top >= _LABEL + 8
        at = (left + 2, top - 4) if above else (left + _LINE + 4, top + _LINE + 2)
        anchor = "ld" if above else "la"
        words = ", ".join(names)
        pen.text(at, words, fill=DRAWN, font=font(BOLD, _LABEL), anchor=anchor, stroke_width=2, stroke_fill=(0, 0, 0))
    return np.asarray(image, dtype=np.uint8)
