"""What was refused, what failed and what waits is said loudly and never looks like a normal radiograph."""

import pytest
from playwright.sync_api import expect

from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.viewer.room import Room, until

pytestmark = pytest.mark.browser

#: Words of a reading that found nothing.
OF_A_NORMAL = ".review-none, [data-finding], .review-bar"


def loud(desk: Room, state: str) -> str:
    """What is said of an image that was not read, once it is said."""
    said = desk.page.locator(f".review-panel[data-state={state}] [data-image-state={state}]")
    said.wait_for()
    assert desk.page.locator(OF_A_NORMAL).count() == 0
    return said.inner_text()


def test_a_refusal(desk: Room) -> None:
    reading_id = desk.send(dicom(shade=0))[0]["reading"]["reading_id"]  # mean (0 + 60) / 2 / 255 = 0.12 < 0.2
    desk.open()
    said = loud(desk, "refused")
    assert "NOT READ BY THE AI" in said
    assert "This is not a normal" in said
    assert "this one shows a stub's doubt" in said
    desk.page.get_by_label("Your name or role").fill("reader-7")
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.locator(".review-obstacle")).to_contain_text("Write what you see")
    assert desk.reviews(reading_id) == []


def test_a_failure(desk: Room, reader: StubReader) -> None:
    reader.broken = ZeroDivisionError()
    desk.send(dicom())
    until(lambda: desk.client.get("/api/studies").json()["studies"][0]["state"] == "failed")
    desk.open()
    said = loud(desk, "failed")
    assert "THE READING FAILED" in said
    assert "This is not a normal" in said


def test_what_is_being_read_and_then_is(desk: Room, reader: StubReader) -> None:
    reader.go_on.clear()
    desk.client.post("/api/instances", files={"f": dicom()})
    desk.open()
    assert "Nothing is known of this image" in loud(desk, "pending")
    reader.go_on.set()
    expect(desk.page.locator(".review-panel")).to_have_attribute("data-state", "read")
    expect(desk.page.locator("[data-finding=Effusion]")).to_be_visible()
