"""The page in a real Chromium, against the service as it really runs."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.end_to_end.browser import a_browser, chromium
from tests.fakes import STUB_FINDINGS, StubReader
from tests.serving.files import dicom
from tests.serving.live import live

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="needs chromium on the PATH (apt-get install chromium)"),
]

HOSTILE = "<img src=x onerror=window.hacked=1>"
DROP = """([name, content]) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name));
    document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer: transfer }));
}"""

#: Columns and rows of a picture, once it is there.
SHOWN = """async (id) => {
    const picture = document.getElementById(id);
    await picture.decode();
    return [picture.naturalWidth, picture.naturalHeight];
}"""


@dataclass
class Desk:
    """The open page, the service behind it, and everything that Chromium complained of."""

    page: Page
    client: httpx.Client
    complaints: list[str] = field(default_factory=list)

    def drop(self, name: str, content: bytes) -> None:
        self.page.evaluate(DROP, [name, base64.b64encode(content).decode()])

    def send(self, content: bytes) -> None:
        assert self.client.post("/api/instances?wait=20", files={"f": content}).status_code == 200


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


@pytest.fixture
def reader() -> StubReader:
    return StubReader(too_dark=0.2)  # shades under 51 - 30 are refused: (s + s + 60) / 2 / 255 < 0.2


@pytest.fixture
def desk(browser: Browser, reader: StubReader) -> Iterator[Desk]:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    with live(reader) as client:
        desk = Desk(page, client)
        page.on("console", lambda message: desk.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: desk.complaints.append(str(error)))
        page.goto(str(client.base_url))
        yield desk
        page.close()
    assert desk.complaints == []


def test_a_dropped_dicom_is_shown_with_its_findings_and_no_overlay(desk: Desk) -> None:
    page = desk.page
    page.wait_for_selector(".list-empty")
    desk.drop("chest.dcm", dicom("1.2.3.1"))
    page.wait_for_selector(".finding")
    assert "Mẫu Bình Thường" in page.inner_text(".item[aria-selected=true]")
    assert page.evaluate(SHOWN, "radiograph") == [48, 60]
    names = [row.get_attribute("data-finding") for row in page.query_selector_all(".finding")]
    # present ones first, the experimental one after the proven ones, then by odds over the threshold's odds
    assert names[:3] == ["Effusion", "Cardiomegaly", "Tuberculosis"]
    assert set(names) == set(STUB_FINDINGS)
    assert not page.is_visible("#overlay")
    first = page.inner_text(".finding >> nth=0")
    assert "0.81" in first
    assert "90 % sensitivity, 71 % specificity on held-out patients of a stub" in first
    assert "AI result, not verified; for review by a radiologist." in page.inner_text("header.bar")
    assert "hilum-stub 1.2.3" in page.inner_text("header.bar")
    assert "1 of 1 file sent" in page.inner_text("#progress-words")


def test_an_overlay_comes_and_goes_by_click_and_by_key(desk: Desk) -> None:
    page = desk.page
    desk.send(dicom("1.2.3.1"))
    page.click(".item")
    page.click("[data-finding=Cardiomegaly]")
    assert page.evaluate(SHOWN, "overlay") == [48, 60]
    assert page.get_attribute("[data-finding=Cardiomegaly]", "aria-pressed") == "true"
    page.keyboard.press("1")
    assert page.inner_text("#overlay-words") == "Effusion"
    page.evaluate("opacity.value = 40; opacity.dispatchEvent(new Event('input'))")
    assert page.evaluate("getComputedStyle(overlay).opacity") == "0.4"
    page.keyboard.press("Escape")
    assert not page.is_visible("#overlay")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    assert page.inner_text("#overlay-words") == "Effusion"
    page.keyboard.press("Space")
    assert not page.is_visible("#overlay")


def test_arrows_move_in_the_list_and_an_overlay_does_not_follow(desk: Desk) -> None:
    page = desk.page
    desk.send(dicom("1.2.3.1", PatientName="First", StudyInstanceUID="1.2.31"))
    desk.send(dicom("1.2.3.2", PatientName="Second", StudyInstanceUID="1.2.32"))
    page.reload()
    page.wait_for_selector(".finding")
    assert page.inner_text(".reading h2") == "Second"
    page.keyboard.press("1")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(".reading h2:text-is('First')")
    page.wait_for_selector(".finding")
    assert not page.is_visible("#overlay")
    page.keyboard.press("ArrowUp")
    page.wait_for_selector(".reading h2:text-is('Second')")


def test_a_refusal_is_loud_and_shows_no_findings(desk: Desk) -> None:
    page = desk.page
    desk.drop("dark.dcm", dicom("1.2.3.1", shade=0))  # mean (0 + 60) / 2 / 255 = 0.12 < 0.2
    page.wait_for_selector(".loud")
    assert "NOT READ" in page.inner_text(".loud")
    assert "not-chest" in page.inner_text(".loud")
    assert page.query_selector_all(".finding") == []
    assert "Not read" in page.inner_text(".item")


def test_what_files_say_is_only_ever_text(desk: Desk) -> None:
    page = desk.page
    desk.send(dicom("1.2.3.1", PatientName="<b>Bold</b>", PatientID=HOSTILE))
    page.reload()
    page.wait_for_selector(".finding")
    assert "<b>Bold</b>" in page.inner_text(".item")
    assert HOSTILE in page.inner_text(".reading")
    assert page.query_selector_all(".item b, .reading b, .reading img") == []
    assert page.evaluate("window.hacked") is None


def test_problems_of_an_upload_are_told_beside_the_files_name(desk: Desk) -> None:
    page = desk.page
    desk.send(dicom("1.2.3.1"))
    desk.drop("changed.dcm", dicom("1.2.3.1", shade=77))
    page.wait_for_selector("#upload-problems li")
    told = page.inner_text("#upload-problems")
    assert "changed.dcm" in told
    assert "The first one stays" in told
    assert [complaint for complaint in desk.complaints if "409" not in complaint] == []
    desk.complaints.clear()  # Chromium itself logs the 409


def test_what_somebody_else_sends_appears_without_asking(desk: Desk) -> None:
    page = desk.page
    page.wait_for_selector(".list-empty")
    desk.send(dicom("1.2.3.1"))
    page.wait_for_selector(".item.is-read", timeout=3000)  # sooner than any look that is not told to


def test_two_patients_under_one_study_uid_are_told(desk: Desk) -> None:
    page = desk.page
    desk.send(dicom("1.2.3.1", PatientID="A", PatientName="First"))
    desk.send(dicom("1.2.3.2", PatientID="B", PatientName="Second"))
    page.wait_for_selector(".item:has-text('Second')")
    assert all("⚠" in item.inner_text() for item in page.query_selector_all(".item"))
    page.click(".item:has-text('Second')")
    assert "Images of another patient bear the same Study Instance UID." in page.inner_text(".flag")


def test_what_was_given_up_is_tried_again_by_one_click(desk: Desk, reader: StubReader) -> None:
    page = desk.page
    reader.broken = ZeroDivisionError()
    desk.send(dicom("1.2.3.1"))
    page.wait_for_selector("#dead li")
    assert "Reading, given up" in page.inner_text("#dead")
    assert "Failed" in page.inner_text(".item")
    reader.broken = None
    page.click("#dead button")
    page.wait_for_selector("#dead", state="hidden")
    page.wait_for_selector(".item.is-read")


@pytest.mark.parametrize("width", [1366, 1000, 420])
def test_nothing_is_cut_off_sideways(desk: Desk, width: int) -> None:
    page = desk.page
    desk.send(dicom("1.2.3.1"))
    page.set_viewport_size({"width": width, "height": 768})
    page.reload()
    page.wait_for_selector(".finding")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1366, "height": 768})


def test_the_interfaces_documentation_is_drawn_without_a_network(desk: Desk) -> None:
    desk.page.goto(f"{desk.client.base_url}/docs")
    desk.page.wait_for_selector(".opblock-summary-path")
