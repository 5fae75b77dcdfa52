"""What was given up is tried again by an administrator, from the page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.users.people import Guarded, guarded
from tests.viewer.room import Room, until
from tests.viewer.signing import nobodys_room, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def reader() -> StubReader:
    return StubReader(broken=ZeroDivisionError())


@pytest.fixture(scope="module")
def service(reader: StubReader) -> Iterator[Guarded]:
    """It gives up a reading that fails once."""
    with guarded(reader, read_attempts=1) as service:
        service.person("keeper", "administrator")
        service.person("reader-7")
        yield service


@pytest.fixture
def desk(browser: Browser, service: Guarded) -> Iterator[Room]:
    with nobodys_room(browser, service) as opened:
        yield opened


def letters(desk: Room) -> Locator:
    return desk.page.locator("[data-letter]")


def test_it_is_listed_as_it_happens_and_tried_again(desk: Room, service: Guarded, reader: StubReader) -> None:
    desk.page.goto("/#/administration/given-up")
    sign_in(desk, "keeper")
    expect(desk.page.get_by_role("status").filter(has_text="Nothing was given up")).to_be_visible()
    sender = service.machine("modality", "send", "read")
    sender.post("/api/instances", files={"f": dicom()})
    expect(letters(desk)).to_contain_text("ZeroDivisionError")
    first = letters(desk).get_attribute("data-letter")
    letters(desk).get_by_role("button", name="Try again").click()  # it still fails
    expect(desk.page.locator(f"[data-letter='{first}']")).to_have_count(0)
    expect(letters(desk)).to_have_count(1)
    reader.broken = None
    letters(desk).get_by_role("button", name="Try again").click()
    expect(letters(desk)).to_have_count(0)
    until(lambda: sender.get("/api/studies").json()["studies"][0]["state"] == "read")
    desk.page.reload()
    expect(desk.page.get_by_role("status").filter(has_text="Nothing was given up")).to_be_visible()
    assert [actor for actor, _, _ in service.audit("replay")] == ["keeper", "keeper"]


def test_who_is_no_administrator_sees_none(desk: Room) -> None:
    desk.page.goto("/#/administration/given-up")
    sign_in(desk, "reader-7")
    expect(desk.page.get_by_role("alert").filter(has_text="Only administrators")).to_be_visible()
    assert letters(desk).count() == 0
