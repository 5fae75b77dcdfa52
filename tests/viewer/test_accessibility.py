"""axe-core finds nothing serious on any page (WCAG 2.2, levels A and AA)."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.serving.files import dicom
from tests.serving.users.people import guarded
from tests.viewer.room import Room, room

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "viewer" / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """() => axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
})"""


def problems(page: Page) -> list[str]:
    """What axe-core takes for serious or critical, with where it is."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(_RUN)["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


def test_the_worklist(desk: Room) -> None:
    desk.send(dicom(), dicom("1.2.3.2", StudyInstanceUID="1.2.31", shade=0))
    desk.page.goto("/")
    desk.page.get_by_text("Mẫu").first.wait_for()
    assert problems(desk.page) == []


@pytest.mark.parametrize(("shade", "state"), [(128, "read"), (0, "refused")])
def test_the_reading_room(desk: Room, shade: int, state: str) -> None:
    desk.send(dicom(shade=shade))
    desk.open()
    desk.page.wait_for_selector(f".review-panel[data-state={state}]")
    closed = desk.page.locator("details:not([open]) > summary")
    while closed.count():
        closed.first.click()
    assert problems(desk.page) == []


@pytest.mark.parametrize("button", ["What it cannot see", "Model card", "Keys", "Settings"])
def test_the_dialogs(desk: Room, button: str) -> None:
    desk.page.goto("/")
    desk.page.get_by_role("button", name=button).click()
    desk.page.get_by_role("dialog").wait_for()
    assert problems(desk.page) == []


def test_the_report(desk: Room) -> None:
    desk.send(dicom())
    desk.open()
    desk.page.keyboard.press("r")
    desk.page.get_by_role("textbox", name="Text of the report").wait_for()
    assert problems(desk.page) == []


@pytest.mark.parametrize("address", ["/", "/#/welcome?token=none"])
def test_signing_in(browser: Browser, address: str) -> None:
    with guarded() as service, room(browser, service.nobody) as desk:
        desk.page.goto(address)
        desk.page.locator("main.account-page h1").wait_for()
        assert problems(desk.page) == []
        desk.expected("401")
