"""The cardiothoracic ratio's lines lie where the outlines put them, on the image's own pixels, however it is turned."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import expect

from tests.chests import RECTANGLES, SQUARE
from tests.radiographs import dicom
from tests.viewer.drawn import picture, radiograph
from tests.viewer.room import Room, until

pytestmark = pytest.mark.browser

ROWS, COLUMNS = 1200, 1000
MOST = 2.0  # pixels of the screen
#: The lungs are as wide in every row: the longest line is the first one.
_TOP, _, _LEFT, _ = RECTANGLES["right_lung"]
CHEST = (_TOP, _TOP + 1, _LEFT, RECTANGLES["left_lung"][3])
_SIDES = (ROWS, ROWS, COLUMNS, COLUMNS)
#: Of each line, its ends in the window.
_LINES = """() => [...document.querySelectorAll(".pane-ratio polyline")].map((line) =>
    [...line.points].map((point) => point.matrixTransform(line.getScreenCTM())).map(({ x, y }) => [x, y]))"""


def chest() -> NDArray[np.uint16]:
    """Bright where the stub outlines the heart, and along the line across the chest."""
    pixels = np.full((ROWS, COLUMNS), 1500, np.uint16)
    for box in (RECTANGLES["heart"], CHEST):
        top, bottom, left, right = (round(edge / SQUARE * side) for edge, side in zip(box, _SIDES, strict=True))
        pixels[top:bottom, left:right] = 4000
    return pixels


def bright(desk: Room) -> list[NDArray[np.float64]]:
    """Of heart and chest line on the screen: the ends of the level line through their middle, (2, 2).

    They are rectangles: the line is along the image's rows, whichever way these run on the screen.
    """
    mask = (picture(desk)[..., 0] > 160).astype(np.uint8)
    _, _, found, _ = cv2.connectedComponentsWithStats(mask)
    heart, chest = sorted(found[1:].tolist(), key=lambda each: -each[4])[:2]
    is_level = chest[2] > chest[3]
    return [_through_middle(*each[:4], is_level=is_level) for each in (heart, chest)]


def _through_middle(left: int, top: int, width: int, height: int, *, is_level: bool) -> NDArray[np.float64]:
    middle = np.array([left + width / 2, top + height / 2])
    reach = np.array([width / 2, 0]) if is_level else np.array([0, height / 2])
    return np.array([middle - reach, middle + reach])


def away(desk: Room) -> float:
    """The farthest that an end of a line is from where it must be, in pixels of the screen."""
    lines = sorted(desk.page.evaluate(_LINES), key=lambda ends: float(np.ptp(np.array(ends), axis=0).max()))
    assert len(lines) == 2
    pairs = zip(lines, bright(desk), strict=True)  # the heart is the shorter one
    return max(float(np.abs(np.array(sorted(ends)) - wanted).max()) for ends, wanted in pairs)


def test_the_lines_are_where_the_outlines_put_them(desk: Room) -> None:
    desk.show(radiograph(chest()))
    assert desk.page.locator(".pane-ratio").count() == 0  # the radiologist looks first
    desk.page.get_by_role("button", name="AI overlay").click()
    desk.page.get_by_label("Heart and chest width").check()
    for key in ("", "-", ".", "h", "v", ","):
        before = desk.page.evaluate(_LINES)
        if key:
            desk.page.keyboard.press(key)
            until(lambda before=before: desk.page.evaluate(_LINES) != before)
        until(lambda: away(desk) <= MOST)


def test_the_ratio_is_said_with_its_error(desk: Room) -> None:
    (sent,) = desk.send(radiograph(chest()))
    value = sent["reading"]["cardiothoracic_ratio"]["value"]
    assert value == pytest.approx((28 - 14) / (36 - 4), abs=0.001)
    desk.open()
    said = desk.page.locator("[data-fact=ratio]")
    # Ours less theirs is -0.05 to 0.04
    expect(said).to_contain_text("0.44 (95 % of measurements by people lie between 0.40 and 0.49)")
    desk.page.get_by_role("button", name="AI overlay").click()
    desk.page.get_by_label("Heart and chest width").check()
    expect(desk.page.locator(".pane-ratio")).to_contain_text("AI: CTR 0.44 (error −0.05 to +0.04)")


def test_no_ratio_is_drawn_or_said_of_another_view(desk: Room) -> None:
    desk.send(dicom(ViewPosition="AP", StudyInstanceUID="1.2.3.30", SeriesInstanceUID="1.2.3.20"))
    desk.open()
    expect(desk.page.locator("[data-fact=ratio]")).to_contain_text("None stated: it is stated on PA radiographs only")
    desk.page.get_by_role("button", name="AI overlay").click()
    desk.page.get_by_label("Heart and chest width").check()
    desk.page.wait_for_selector("[data-instance][data-state=shown]")
    assert desk.page.locator(".pane-ratio").count() == 0
