"""The worklist: live, by keyboard, and honest about what was not read."""

import pytest
from playwright.sync_api import expect

from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.viewer.room import Room

pytestmark = pytest.mark.browser


def test_what_somebody_else_sends_appears_without_asking(desk: Room) -> None:
    desk.page.goto("/")
    desk.page.get_by_role("grid").wait_for()
    desk.send(dicom())
    row = desk.page.locator("[data-study='1.2.3.30']")
    expect(row).to_have_attribute("data-state", "read", timeout=30_000)
    expect(row).to_contain_text("Pleural effusion")


@pytest.mark.parametrize("state", ["refused", "failed"])
def test_what_was_not_read_never_looks_read(desk: Room, reader: StubReader, state: str) -> None:
    reader.broken = ZeroDivisionError() if state == "failed" else None
    desk.send(dicom(shade=0))
    desk.page.goto("/")
    row = desk.page.locator(f"[data-study='1.2.3.30'][data-state={state}]")
    row.wait_for()
    assert row.locator(".worklist-ai, .worklist-chip").count() == 0
    assert row.locator(".worklist-without").count() == 1


def test_from_the_list_to_the_next_study_by_keyboard_alone(desk: Room) -> None:
    uids = {name: f"1.2.3.{name}" for name in ("31", "32")}
    for name, study in uids.items():
        desk.send(dicom(f"{study}.1", StudyInstanceUID=study, SeriesInstanceUID=f"{study}.2", PatientID=name))
    page, keys = desk.page, desk.page.keyboard
    page.goto("/")
    expect(page.locator("[data-study]")).to_have_count(2)
    keys.press("ArrowDown")
    first = page.locator("[data-study][aria-selected=true]").get_attribute("data-study")
    keys.press("Enter")
    page.wait_for_selector("[data-finding]")
    assert page.url.endswith(f"#/study/{first}")
    keys.press("Shift+A")
    keys.press("Enter")  # who signs is asked once
    page.get_by_label("Your name or role").focus()
    keys.type("reader-7")
    keys.press("Control+Enter")
    (second,) = set(uids.values()) - {first}
    expect(page).to_have_url(f"{desk.client.base_url}/#/study/{second}")
