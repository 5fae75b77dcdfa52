"""What is drawn over the image lies on it: measured in drawn pixels, after zoom, turns, mirroring and a drag."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser

from tests.fakes import StubReader
from tests.radiographs import dicom
from tests.serving.live import live
from tests.viewer.drawn import USE_GL_IF_THERE, largest, middle, picture, seen
from tests.viewer.room import Room, room, until

pytestmark = pytest.mark.browser

ROWS, COLUMNS = 1200, 960
#: Of the heatmap's 12 x 12 cells: their middle is where the disc is.
ROW, COLUMN = 8, 3
DISC = ((COLUMN + 0.5) / 12 * COLUMNS, (ROW + 0.5) / 12 * ROWS)
RADIUS = 30
MOST = 2.0  # pixels of the screen
#: Red above blue where the heatmap is near its highest, on a grey of any brightness.
YELLOW = 60
#: The bump of the stub's heatmap stands in the middle of that cell.
FINDINGS = {"Nodule": (0.9, 0.3, False, (ROW / 11, COLUMN / 11))}


def radiograph() -> bytes:
    """Dark, with one bright disc."""
    pixels = np.full((ROWS, COLUMNS), 300, np.uint16)
    cv2.circle(pixels, (round(DISC[0]), round(DISC[1])), RADIUS, 4000, cv2.FILLED)
    return dicom(pixels, StudyInstanceUID="1.2.3.30", SeriesInstanceUID="1.2.3.20", BitsStored=12, HighBit=11)


def places(desk: Room) -> tuple[NDArray[np.float64], float]:
    """Where the image's disc is, and how far from it the heatmap: in pixels of the screen."""
    disc = middle(picture(desk)[..., 0] > 160)
    red, _, blue = np.moveaxis(seen(desk).astype(int), -1, 0)
    heat = middle(largest(red - blue > YELLOW))
    return disc, float(np.hypot(*(disc - heat)))


def settled(desk: Room, before: NDArray[np.float64]) -> NDArray[np.float64]:
    """The disc's place, once it is another one and the heatmap is there; a renderer in software takes its time."""

    def look() -> list[NDArray[np.float64]]:
        disc, away = places(desk)
        has_moved = float(np.hypot(*(disc - before))) > 2 * MOST
        return [disc] if has_moved and away <= MOST else []

    return until(look)[0]


def test_the_heatmap_stays_on_its_place(either_browser: Browser) -> None:
    with live(StubReader(findings=FINDINGS)) as client, room(either_browser, client) as desk:
        desk.context.add_init_script(USE_GL_IF_THERE)
        desk.show(radiograph())
        page = desk.page
        page.keyboard.press("1")
        page.wait_for_selector("canvas[data-overlay=Nodule]")
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
