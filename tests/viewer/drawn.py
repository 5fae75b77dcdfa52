"""What is painted on the page, in pixels of the window: to be measured, not believed."""

import base64
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.radiographs import dicom
from tests.viewer.room import Room

#: Where WebGL is software, the page has the processor paint unless told.
USE_GL_IF_THERE = """
    const gl = document.createElement("canvas").getContext("webgl2");
    localStorage.setItem("hilum.renderer", JSON.stringify(gl ? "gl" : "cpu"));
"""
#: All that 12 bits hold is in the window.
TWELVE_BITS = {"BitsStored": 12, "HighBit": 11, "WindowCenter": 2048, "WindowWidth": 4096}
STAGE = ".pane-stage canvas"
_PICTURE = "(selector) => document.querySelector(selector).toDataURL()"


def radiograph(pixels: NDArray[np.uint16]) -> bytes:
    """A study of one image of 12 bits, the one that ``Room.open`` opens."""
    return dicom(pixels, StudyInstanceUID="1.2.3.30", SeriesInstanceUID="1.2.3.20", **TWELVE_BITS)


def picture(desk: Room, selector: str = STAGE) -> NDArray[np.uint8]:
    """RGBA of a canvas, as it is drawn, at its place in the page: (rows, columns, 4) of the whole window."""
    encoded = desk.page.evaluate(_PICTURE, selector).partition(",")[2]
    painted = Image.open(BytesIO(base64.b64decode(encoded))).convert("RGBA")
    box, size = desk.page.locator(selector).bounding_box(), desk.page.viewport_size
    assert box
    assert size
    whole = Image.new("RGBA", (size["width"], size["height"]))
    whole.paste(painted.resize((round(box["width"]), round(box["height"]))), (round(box["x"]), round(box["y"])))
    return np.asarray(whole)


def seen(desk: Room, selector: str = ".pane") -> NDArray[np.uint8]:
    """RGB of what the screen shows there, all layers together: (rows, columns, 3) of the whole window, else black."""
    whole = np.asarray(Image.open(BytesIO(desk.page.screenshot())).convert("RGB"))
    box = desk.page.locator(selector).bounding_box()
    assert box
    top, left = round(box["y"]), round(box["x"])
    part = slice(top, top + round(box["height"])), slice(left, left + round(box["width"]))
    alone = np.zeros_like(whole)
    alone[part] = whole[part]
    return alone


def largest(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest of its connected parts, without others such as letters."""
    count, labels, figures, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    if count == 1:
        return mask
    return np.asarray(labels == 1 + int(np.argmax(figures[1:, cv2.CC_STAT_AREA])))


def middle(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Column and row of the middle of what is drawn; nowhere (NaN) while next to nothing is."""
    rows, columns = np.nonzero(mask)
    return np.array([columns.mean(), rows.mean()]) + 0.5 if len(rows) > 20 else np.full(2, np.nan)
