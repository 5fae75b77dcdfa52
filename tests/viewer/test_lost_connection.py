"""The service goes away and comes back: the page says so, and nothing that was written is lost."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser, expect

from serving.settings import Settings
from serving.store.store import Store
from tests.fakes import NOTHING, StubReader
from tests.serving.files import dicom
from tests.serving.live import new_store, serving, working
from tests.viewer.room import room, until

pytestmark = pytest.mark.browser


@dataclass
class Service:
    """One whose HTTP process can end and begin anew, on the same port."""

    settings: Settings
    store: Store
    stack: ExitStack
    client: httpx.Client

    def stop(self) -> None:
        self.stack.close()

    def start(self) -> None:
        self.stack.enter_context(serving(self.settings, self.store, "stub 1", port=self.client.base_url.port or 0))


@pytest.fixture
def service() -> Iterator[Service]:
    with (
        new_store() as (settings, store),
        working(settings, store, StubReader(findings=NOTHING)),
        ExitStack() as stack,
        httpx.Client() as client,
    ):
        base_url = stack.enter_context(serving(settings, store, "stub 1")).base_url
        client.base_url = base_url
        yield Service(settings, store, stack, client)


def test_a_review_that_is_signed_off_meanwhile_arrives_afterwards(browser: Browser, service: Service) -> None:
    with room(browser, service.client) as desk:
        page = desk.page
        reading_id = desk.send(dicom())[0]["reading"]["reading_id"]
        desk.open()
        page.wait_for_selector(".pane[data-state=shown]")
        page.get_by_label("Your name or role").fill("reader-7")
        page.get_by_label("Comment", exact=True).fill("Không thấy bất thường")
        service.stop()
        expect(page.locator("[data-part=connection]")).to_have_attribute("data-state", "lost")
        expect(page.locator("[data-part=lost]")).to_be_visible()
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-outbox]")).to_have_attribute("data-outbox", "away", timeout=30_000)
        service.start()
        expect(page.locator("[data-part=connection]")).to_have_attribute("data-state", "live", timeout=30_000)
        expect(page.locator("[data-part=lost]")).to_be_hidden()
        (review,) = until(lambda: desk.reviews(reading_id))
        assert (review["comment"], review["signed_off"]) == ("Không thấy bất thường", True)
        desk.expected("ERR_")


def test_what_came_meanwhile_is_shown_afterwards(browser: Browser, service: Service) -> None:
    with room(browser, service.client) as desk:
        desk.page.goto("/")
        desk.page.wait_for_selector("[data-part=connection][data-state=live]")
        service.stop()
        expect(desk.page.locator("[data-part=connection]")).to_have_attribute("data-state", "lost")
        service.start()
        desk.send(dicom())
        desk.page.locator("[data-study='1.2.3.30'][data-state=read]").wait_for()
        desk.expected("ERR_")
