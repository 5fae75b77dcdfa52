"""Heatmaps on their way: fetched ahead, told of when they do not come."""

import pytest
from playwright.sync_api import Browser, expect

from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import live
from tests.viewer.room import Room, room, until

pytestmark = pytest.mark.browser

LAID = "canvas[data-overlay]"
#: Name to probability, threshold, whether it is experimental, and where.
FINDINGS = {
    "Nodule": (0.9, 0.3, False, (0.5, 0.5)),
    "Mass": (0.8, 0.3, False, (0.5, 0.5)),
    "Edema": (0.01, 0.3, False, (0.5, 0.5)),
}


def heat_fetched(desk: Room) -> list[str]:
    """The finding of every heatmap that came. Playwright hears of requests only while it waits: ask the page."""
    came: list[str] = desk.page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    return [url.partition("/heatmaps/")[2].partition("?")[0] for url in came if "/heatmaps/" in url]


def test_what_is_present_is_fetched_before_it_is_asked_for_and_not_shown(browser: Browser) -> None:
    with live(StubReader(findings=FINDINGS)) as client, room(browser, client) as desk:
        desk.show(dicom())
        until(lambda: sorted(heat_fetched(desk)) == ["Mass", "Nodule"])
        assert desk.page.locator(LAID).count() == 0  # the radiologist looks first
        desk.page.keyboard.press("1")
        expect(desk.page.locator(f"{LAID}[data-overlay=Nodule]")).to_be_visible()
        assert sorted(heat_fetched(desk)) == ["Mass", "Nodule"]


def test_a_heatmap_that_does_not_come_is_told_and_asked_for_again(browser: Browser) -> None:
    with live(StubReader(findings=FINDINGS)) as client, room(browser, client) as desk:
        desk.context.route("**/heatmaps/**", lambda route: route.abort())
        desk.show(dicom())
        desk.page.keyboard.press("1")
        told = desk.page.locator(".pane-note").filter(has_text="heatmap")
        expect(told).to_be_visible()
        assert desk.page.locator(LAID).count() == 0
        desk.context.unroute("**/heatmaps/**")
        desk.page.keyboard.press("2")
        expect(desk.page.locator(f"{LAID}[data-overlay=Mass]")).to_be_visible()
        desk.page.keyboard.press("1")
        expect(desk.page.locator(f"{LAID}[data-overlay=Nodule]")).to_be_visible()
        expect(told).to_have_count(0)
        desk.expected("ERR_FAILED")
