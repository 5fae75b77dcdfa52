"""What is drawn over the image lies on it: measured in drawn pixels, after zoom, turns, mirroring and a drag."""

import base64
from collections.abc import Iterator
from io import BytesIO

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser

from tests.end_to_end.browser import NO_GL, SOFTWARE_GL, a_browser, chromium
from tests.fakes import StubReader
from tests.radiographs import dicom
from tests.serving.live import live
from tests.viewer.room import Room, room, until

pytestmark = pytest.mark.browser

ROWS, COLUMNS = 1200, 960
#: Of the heatmap's 12 x 12 cells: their middle is where the disc is.
ROW, COLUMN = 8, 3
DISC = ((COLUMN + 0.5) / 12 * COLUMNS, (ROW + 0.5) / 12 * ROWS)
RADIUS = 30
MOST = 2.0  # pixels of the screen
#: The bump of the stub's heatmap stands in the middle of that cell.
FINDINGS = {"Nodule": (0.9, 0.3, False, (ROW / 11, COLUMN / 11))}

#: Where WebGL is software, the page has the processor paint unless told.
_USE_GL_IF_THERE = """
    const gl = document.createElement("canvas").getContext("webgl2");
    localStorage.setItem("hilum.renderer", JSON.stringify(gl ? "gl" : "cpu"));
"""
_PICTURE = "(selector) => document.querySelector(selector).toDataURL()"


@pytest.fixture(scope="module", params=[SOFTWARE_GL, NO_GL], ids=["WebGL", "without WebGL"])
def browser(built: object, request: pytest.FixtureRequest) -> Iterator[Browser]:
    if chromium() is None:
        pytest.skip("needs chromium on the PATH (apt-get install chromium)")
    with a_browser(*request.param) as browser:
        yield browser


def radiograph() -> bytes:
    """Dark, with one bright disc."""
    pixels = np.full((ROWS, COLUMNS), 300, np.uint16)
    cv2.circle(pixels, (round(DISC[0]), round(DISC[1])), RADIUS, 4000, cv2.FILLED)
    return dicom(pixels, StudyInstanceUID="1.2.3.30", SeriesInstanceUID="1.2.3.20", BitsStored=12, HighBit=11)


def picture(desk: Room, selector: str) -> NDArray[np.uint8]:
    """RGBA of a canvas, as it is drawn, at its place in the page: (rows, columns, 4) of the whole window."""
    encoded = desk.page.evaluate(_PICTURE, selector).partition(",")[2]
    drawn = Image.open(BytesIO(base64.b64decode(encoded))).convert("RGBA")
    box = desk.page.locator(selector).bounding_box()
    assert box
    whole = Image.new("RGBA", (1366, 768))
    whole.paste(drawn.resize((round(box["width"]), round(box["height"]))), (round(box["x"]), round(box["y"])))
    return np.asarray(whole)


def middle(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Column and row of the middle of what is drawn; nowhere (NaN) while next to nothing is."""
    rows, columns = np.nonzero(mask)
    return np.array([columns.mean(), rows.mean()]) if len(rows) > 20 else np.full(2, np.nan)


def places(desk: Room) -> tuple[NDArray[np.float64], float]:
    """Where the image's disc is, and how far from it the heatmap: in pixels of the screen."""
    disc = middle(picture(desk, ".pane-stage canvas")[..., 0] > 160)
    heat = middle(picture(desk, "canvas[data-overlay]")[..., 3] > 60)
    return disc, float(np.hypot(*(disc - heat)))


def settled(desk: Room, before: NDArray[np.float64]) -> NDArray[np.float64]:
    """The disc's place, once it is another one and the heatmap is there; a renderer in software takes its time."""

    def look() -> list[NDArray[np.float64]]:
        disc, away = places(desk)
        has_moved = float(np.hypot(*(disc - before))) > 2 * MOST
        return [disc] if has_moved and away <= MOST else []

    return until(look)[0]


def test_the_heatmap_stays_on_its_place(browser: Browser) -> None:
    with live(StubReader(findings=FINDINGS)) as client, room(browser, client) as desk:
        desk.context.add_init_script(_USE_GL_IF_THERE)
        desk.send(radiograph())
        desk.open()
        page = desk.page
        page.wait_for_selector("[data-instance][data-state=shown]")
        page.keyboard.press("1")
        page.wait_for_selector("canvas[data-overlay=Nodule][data-ready=true]")
        disc = settled(desk, np.zeros(2))
        for key in ("+", ".", "h", "v", ",", "-"):
            page.keyboard.press(key)
            disc = settled(desk, disc)
        page.keyboard.press("Shift+T")  # a drag turns by any angle
        page.mouse.move(disc[0], 200)
        page.mouse.down()
        page.mouse.move(disc[0] + 90, 260, steps=4)
        page.mouse.up()
        settled(desk, disc)
