"""The magnifier shows the image's own pixels: those under the pointer in its middle, the same greys, larger."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, expect

from tests.fakes import StubReader
from tests.serving.live import live
from tests.viewer.drawn import USE_GL_IF_THERE, middle, picture, radiograph
from tests.viewer.room import Room, room, until

pytestmark = pytest.mark.browser

GLASS = ".pane-glass canvas"
LARGER = 2.5
MOST = 2.5  # pixels of the screen: the glass enlarges a part of one, too
ROWS, COLUMNS = 1200, 960
#: Column and row, and value of 4095, of discs of 12 pixels.
DISCS = [((300, 400), 1500), ((340, 400), 2500), ((300, 450), 4000), ((700, 900), 2000)]


def discs() -> NDArray[np.uint16]:
    """Dark, with discs of other greys."""
    pixels = np.zeros((ROWS, COLUMNS), np.uint16)
    for place, value in DISCS:
        cv2.circle(pixels, place, 12, value, cv2.FILLED)
    return pixels


def grey(value: int) -> int:
    return round(value / 4095 * 255)


def seen(glass: NDArray[np.uint8], value: int) -> NDArray[np.float64]:
    """Where the disc of a value is in the glass, in pixels of the window."""
    shade = glass[..., 0].astype(int)
    inside = (np.abs(shade - grey(value)) <= 4) & (glass[..., 3] > 0)
    return middle(cv2.erode(inside.astype(np.uint8), np.ones((9, 9))) > 0)  # smoothed edges have other discs' greys


def check(desk: Room, pointer: tuple[float, float], discs: list[tuple[tuple[int, int], int]]) -> None:
    """Each disc is as far from the pointer as on the image, but ``LARGER``."""

    def is_right() -> bool:
        glass = picture(desk, GLASS)
        for (column, row), value in discs:
            on_image = np.array(desk.place(column + 0.5, row + 0.5))
            wanted = pointer + (on_image - pointer) * LARGER
            if not np.abs(seen(glass, value) - wanted).max() <= MOST:
                return False
        return True

    until(is_right)


def test_the_pixels_under_the_pointer_are_enlarged(either_browser: Browser) -> None:
    with live(StubReader()) as client, room(either_browser, client) as desk:
        desk.context.add_init_script(USE_GL_IF_THERE)
        desk.show(radiograph(discs()))
        page = desk.page
        page.keyboard.press("g")
        for keys, by in ((), (0, 0)), ((), (9, -6)), (("h", "."), (5, 7)), (("+",), (-6, 4)):
            for key in keys:
                page.keyboard.press(key)
            x, y = desk.place(320.5, 420.5)
            pointer = (x + by[0], y + by[1])
            page.mouse.move(*pointer)
            page.mouse.down()
            page.wait_for_selector(GLASS)
            check(desk, pointer, DISCS[:3])
            page.mouse.move(*desk.place(*DISCS[3][0]))  # it follows
            check(desk, desk.place(*DISCS[3][0]), DISCS[3:])
            page.mouse.up()
            expect(page.locator(".pane-glass")).to_have_count(0)
