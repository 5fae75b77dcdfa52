"""Frontal beside lateral: PA to the left, each with its own reading or refusal."""

import pytest
from playwright.sync_api import expect

from tests.serving.files import dicom
from tests.viewer.room import Room

pytestmark = pytest.mark.browser


def test_pa_hangs_beside_lateral(desk: Room) -> None:
    lateral = dicom("1.2.3.2", SeriesInstanceUID="1.2.3.21", ViewPosition="LL", shade=200)
    desk.send(lateral, dicom("1.2.3.1", ViewPosition="PA"))
    desk.open()
    panes = desk.page.locator("[data-instance]")
    expect(panes).to_have_count(2)
    for number, uid in enumerate(("1.2.3.1", "1.2.3.2")):
        expect(panes.nth(number)).to_have_attribute("data-instance", uid)
        expect(panes.nth(number)).to_have_attribute("data-state", "shown")
    boxes = [panes.nth(number).bounding_box() for number in range(2)]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["x"] < boxes[1]["x"]
    expect(desk.page.locator(".review-panel")).to_have_attribute("data-state", "read")
