"""Who works here: the first administrator's link, signing in and out, a session that ends while somebody works."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from serving.users.links import first_token
from serving.users.managing import make_account
from tests.serving.files import dicom
from tests.serving.users.people import PASSWORD, TEST, Guarded, guarded
from tests.viewer.room import Room, until
from tests.viewer.signing import COMMENT, nobodys_room, sign_in, sign_off_too_late

pytestmark = pytest.mark.browser


@pytest.fixture
def service() -> Iterator[Guarded]:
    with guarded() as service:
        yield service


@pytest.fixture
def desk(browser: Browser, service: Guarded) -> Iterator[Room]:
    with nobodys_room(browser, service) as opened:
        yield opened


def test_the_first_administrator_chooses_a_name_and_a_password(desk: Room, service: Guarded) -> None:
    token = first_token(service.store)
    desk.page.goto(f"/#/welcome?token={token}")
    desk.page.get_by_label("Your user name").fill("an.nguyen")
    desk.page.get_by_label("New password", exact=True).fill(PASSWORD)
    desk.page.get_by_label("New password, again").fill(PASSWORD)
    desk.page.get_by_role("button", name="Make").click()
    expect(desk.page.locator(".worklist-grid")).to_be_visible()
    assert service.signed_in("an.nguyen").get("/api/session").json()["role"] == "administrator"


def test_nothing_is_seen_before_somebody_signs_in(desk: Room, service: Guarded) -> None:
    make_account(service.store, name="reader-7", role="reader", password=PASSWORD, who=TEST)
    desk.page.goto("/#/study/1.2.3.30")
    expect(desk.page.get_by_role("button", name="Sign in")).to_be_visible()
    sign_in(desk, "reader-7", "not the password")
    expect(desk.page.get_by_role("alert").filter(has_text="not right")).to_be_visible()
    sign_in(desk, "reader-7")
    expect(desk.page.get_by_role("alert").filter(has_text="No study")).to_be_visible()
    desk.expected("404")


def test_a_review_outlives_the_session_in_which_it_was_begun(desk: Room, service: Guarded) -> None:
    sender = service.machine("modality", "send", "read")
    (sent,) = sender.post("/api/instances?wait=20", files={"f": dicom()}).json()["instances"]
    reader = service.person("reader-7")
    desk.page.goto("/")
    sign_in(desk, "reader-7")
    expect(desk.page.locator(".worklist-grid")).to_be_visible()
    desk.open()
    sign_off_too_late(desk)
    dialog = desk.page.get_by_role("dialog")
    expect(dialog).to_be_visible(timeout=20_000)
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    path = f"/api/readings/{sent['reading']['reading_id']}/reviews"
    (review,) = until(lambda: reader.get(path).json()["reviews"])
    assert (review["reviewer"], review["comment"]) == ("reader-7", COMMENT)
