"""The radiologist's word: by keys and by pointer, kept, undone, signed off, seen by others."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.fakes import NOTHING, StubReader
from tests.serving.files import dicom
from tests.serving.live import live
from tests.viewer.room import Room, room, until

pytestmark = pytest.mark.browser

#: Longer than a sign-off waits for second thoughts.
A_MOMENT = 6000


@pytest.fixture
def normal(browser: Browser) -> Iterator[Room]:
    """Over a reader that finds nothing."""
    with live(StubReader(findings=NOTHING)) as client, room(browser, client) as opened:
        yield opened


def begin(desk: Room) -> int:
    """Send a study and open it, as somebody; the reading's id."""
    reading_id: int = desk.send(dicom())[0]["reading"]["reading_id"]
    desk.page.clock.install()
    desk.open()
    desk.page.get_by_label("Your name or role").fill("reader-7")
    desk.page.get_by_label("Your name or role").blur()
    return reading_id


def arrived(desk: Room, reading_id: int) -> dict[str, Any]:
    """The review, once it was sent, by the moment's end."""
    desk.page.clock.fast_forward(A_MOMENT)
    return until(lambda: desk.reviews(reading_id))[0]


def test_a_normal_study_takes_one_key(normal: Room) -> None:
    reading_id = begin(normal)
    assert "not the same as a normal radiograph" in normal.page.inner_text(".review-none")
    normal.page.keyboard.press("Enter")
    review = arrived(normal, reading_id)
    assert (review["reviewer"], review["signed_off"]) == ("reader-7", True)
    assert (review["verdicts"], review["missed"]) == ([], [])


def test_no_study_is_signed_off_with_findings_that_nobody_judged(desk: Room) -> None:
    reading_id = begin(desk)
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator(".review-obstacle")).to_have_attribute("data-obstacle", "verdicts")
    assert "Cardiomegaly" in desk.page.inner_text(".review-obstacle")
    desk.page.clock.fast_forward(A_MOMENT)
    assert desk.reviews(reading_id) == []


def test_by_keys_alone(desk: Room) -> None:
    reading_id = begin(desk)
    keys = desk.page.keyboard
    for key in ("1", "a", "2", "x", "Control+z", "x", "m"):
        keys.press(key)
    expect(desk.page.get_by_role("combobox", name="Search findings")).to_be_focused()
    keys.type("pneumothorax")
    keys.press("Enter")
    keys.press("Escape")  # without a box
    keys.press("Enter")
    review = arrived(desk, reading_id)
    assert {one["finding"]: one["verdict"] for one in review["verdicts"]} == {
        "Effusion": "accepted",
        "Cardiomegaly": "rejected",
    }
    assert [one["finding"] for one in review["missed"]] == ["Pneumothorax"]
    assert review["signed_off"] is True


def test_a_corrected_finding_bears_the_box_that_was_drawn(desk: Room) -> None:
    reading_id = begin(desk)
    desk.page.wait_for_selector("[data-instance][data-state=shown]")
    desk.page.locator("[data-finding=Effusion]").get_by_role("button", name="Correct").click()
    desk.page.wait_for_selector("[data-box-editor=Effusion]")
    desk.drag((10, 12), (30, 42))
    desk.page.keyboard.press("Enter")
    for key in ("2", "x", "Enter"):
        desk.page.keyboard.press(key)
    (verdict,) = [one for one in arrived(desk, reading_id)["verdicts"] if one["finding"] == "Effusion"]
    assert verdict["verdict"] == "corrected"
    box = [verdict["box"][name] for name in ("x", "y", "width", "height")]
    assert box == pytest.approx([10, 12, 20, 30], abs=0.5)  # pixels of the image, of some 8 of the screen each


def test_undo_takes_back_and_redo_gives_again(desk: Room) -> None:
    begin(desk)
    row = desk.page.locator("[data-finding=Effusion]")
    row.get_by_role("button", name="Reject").click()
    expect(row).to_have_attribute("data-verdict", "rejected")
    desk.page.get_by_role("button", name="Undo").click()
    expect(row).to_have_attribute("data-verdict", "")
    desk.page.get_by_role("button", name="Redo").click()
    expect(row).to_have_attribute("data-verdict", "rejected")


def test_a_sign_off_can_be_taken_back_for_a_moment(normal: Room) -> None:
    reading_id = begin(normal)
    normal.page.keyboard.press("Enter")
    normal.page.locator("[data-action=undo-sign-off]").click()
    expect(normal.page.locator(".review-end")).to_have_attribute("data-state", "draft")
    normal.page.clock.fast_forward(A_MOMENT)
    assert normal.reviews(reading_id) == []


def test_a_draft_outlives_a_reload(desk: Room) -> None:
    begin(desk)
    desk.page.get_by_label("Comment", exact=True).fill("Tràn dịch lượng ít")
    desk.page.keyboard.press("Escape")
    desk.page.reload()
    expect(desk.page.get_by_label("Comment", exact=True)).to_have_value("Tràn dịch lượng ít")


def test_somebody_else_sees_it_without_asking(browser: Browser, normal: Room) -> None:
    reading_id = begin(normal)
    with room(browser, normal.client) as other:
        other.open()
        normal.page.keyboard.press("Enter")
        arrived(normal, reading_id)
        expect(other.page.locator(".review-earlier")).to_have_attribute("data-reviews", "1")
        expect(other.page.locator(".review-earlier summary")).to_contain_text("signed off")
        expect(other.page.locator(".review-end")).to_have_attribute("data-state", "signed-off")


def test_who_began_before_somebody_else_signed_off_decides(browser: Browser, normal: Room) -> None:
    reading_id = begin(normal)
    with room(browser, normal.client) as other:
        other.open()
        other.page.get_by_label("Comment", exact=True).fill("mine")
        normal.page.keyboard.press("Enter")
        arrived(normal, reading_id)
        expect(other.page.locator(".review-overtaken")).to_contain_text("reader-7 reviewed this image meanwhile")
        other.page.get_by_role("button", name="Take theirs").click()
        expect(other.page.get_by_label("Comment", exact=True)).to_have_value("")
