"""Fingers on a tablet held upright: they pan, pinch and tap, and what lay under a finger stays under it."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, CDPSession, expect

from tests.fakes import StubReader
from tests.serving.live import live
from tests.viewer.drawn import middle, picture, radiograph
from tests.viewer.room import TABLET, Room, room, until

pytestmark = pytest.mark.browser

ROWS, COLUMNS = 1200, 960
DISC = (400, 500)  # column and row
RADIUS = 30
MOST = 2.0  # pixels of the screen

Place = NDArray[np.float64]


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Iterator[Room]:
    with live(StubReader()) as client, room(browser, client, viewport=TABLET, has_touch=True) as opened:
        pixels = np.full((ROWS, COLUMNS), 300, np.uint16)
        cv2.circle(pixels, DISC, RADIUS, 4000, cv2.FILLED)
        opened.send(radiograph(pixels))
        yield opened


@pytest.fixture
def screen(desk: Room) -> CDPSession:
    """What the fingers touch, with the study open as it is at first."""
    desk.page.goto("/")
    desk.open()
    desk.page.wait_for_selector("[data-instance][data-state=shown]")
    return desk.context.new_cdp_session(desk.page)


def touch(screen: CDPSession, kind: str, *fingers: Place) -> None:
    points = [{"x": float(x), "y": float(y), "id": number} for number, (x, y) in enumerate(fingers)]
    screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def drag(screen: CDPSession, begin: list[Place], end: list[Place]) -> None:
    touch(screen, "touchStart", *begin)
    for part in np.linspace(0, 1, 6)[1:]:
        touch(screen, "touchMove", *(there + (here - there) * part for there, here in zip(begin, end, strict=True)))
    touch(screen, "touchEnd")


def disc(desk: Room) -> tuple[Place, float]:
    """Where the disc is painted, and its radius, in pixels of the screen."""
    mask = picture(desk)[..., 0] > 160
    return middle(mask), float(np.sqrt(mask.sum() / np.pi))


def settled(desk: Room, place: Place, radius: float) -> None:
    def is_there() -> bool:
        now, size = disc(desk)
        return bool(np.abs(now - place).max() <= MOST and abs(size - radius) <= MOST)

    until(is_there)


def test_one_finger_moves_the_image(desk: Room, screen: CDPSession) -> None:
    desk.page.get_by_role("button", name="Move", exact=True).tap()
    before, radius = disc(desk)
    by = np.array([90, -70])
    drag(screen, [before], [before + by])
    settled(desk, before + by, radius)


@pytest.mark.parametrize("spread", [2.0, 0.6])
def test_two_fingers_zoom_and_move_whatever_the_tool(desk: Room, screen: CDPSession, spread: float) -> None:
    before, radius = disc(desk)
    windows = desk.page.locator(".pane-corner-br").inner_text().splitlines()[0]
    reach, by = np.array([80, 30]), np.array([25, 40])
    drag(screen, [before - reach, before + reach], [before + by - reach * spread, before + by + reach * spread])
    settled(desk, before + by, radius * spread)
    assert desk.page.locator(".pane-corner-br").inner_text().splitlines()[0] == windows


def test_a_finger_that_stays_behind_changes_nothing(desk: Room, screen: CDPSession) -> None:
    before, radius = disc(desk)
    windows = desk.page.locator(".pane-corner-br").inner_text().splitlines()[0]
    reach = np.array([80, 30])
    touch(screen, "touchStart", before - reach, before + reach)
    touch(screen, "touchMove", before - reach * 2, before + reach * 2)
    touch(screen, "touchEnd", before - reach * 2)  # the second one is lifted
    touch(screen, "touchMove", before - reach * 2 + 40)
    touch(screen, "touchEnd")
    settled(desk, before, radius * 2)
    assert desk.page.locator(".pane-corner-br").inner_text().splitlines()[0] == windows


def test_a_tap_on_a_finding_shows_its_place_and_one_more_judges_it(desk: Room, screen: CDPSession) -> None:
    row = desk.page.locator("[data-finding=Effusion]")
    row.locator(".review-name").tap()
    expect(desk.page.locator("canvas[data-overlay=Effusion]")).to_be_visible()
    row.get_by_role("button", name="Accept: Pleural effusion").tap()
    expect(row).to_have_attribute("data-verdict", "accepted")
    row.get_by_role("button", name="Accept: Pleural effusion").tap()
    expect(row).to_have_attribute("data-verdict", "")
