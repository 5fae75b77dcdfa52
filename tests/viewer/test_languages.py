"""Three languages: each text changes with the language, and none is left unfilled."""

import re

import pytest
from playwright.sync_api import Browser

from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import live
from tests.viewer.room import Room, room

pytestmark = pytest.mark.browser

#: All texts that are seen or read aloud.
_TEXTS = """() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (!parent.closest("[lang]:not(html), kbd, script, style")) found.push(walker.currentNode.data.trim());
    }
    for (const element of document.querySelectorAll("body *"))
        for (const name of ["aria-label", "title", "placeholder", "alt"])
            found.push(element.getAttribute(name)?.trim() ?? "");
    return found.filter((text) => /\\p{L}{3}/u.test(text));
}"""
#: The same in all languages: names and what files and readers say.
_NAMES = re.compile(r"Hilum|hilum-stub|Mẫu|Bình Thường|held-out patients of a stub|Demo|^(Shift|Ctrl)\+")
#: English words that are French words, too.
_COGNATES = re.compile(
    r"Nodule|Infiltration|Pneumothorax|Patient|Images?|Distance|Angle( \(Shift\+L\))?|Zoom( \(Z\))?|sens\..*",
    re.IGNORECASE,
)


def texts(desk: Room, path: str, ready: str) -> set[str]:
    desk.page.goto(path)
    desk.page.locator(ready).first.wait_for()
    desk.page.wait_for_selector("[data-part=reader]:not(:empty)")
    found: list[str] = desk.page.evaluate(_TEXTS)
    return {text for text in found if not _NAMES.search(text)}


PAGES = [("/#/", "[data-study]"), ("/#/study/1.2.3.30", "[data-finding]")]


@pytest.mark.parametrize(("path", "ready"), PAGES, ids=["worklist", "reading room"])
def test_every_text_changes(browser: Browser, path: str, ready: str) -> None:
    said: dict[str, set[str]] = {}
    with live(StubReader()) as client:
        for tag in ("en", "vi", "fr"):
            with room(browser, client, locale=tag) as desk:
                if tag == "en":
                    desk.send(dicom())
                said[tag] = texts(desk, path, ready)
                assert desk.page.evaluate("document.documentElement.lang") == tag
    for tag, found in said.items():
        assert [text for text in found if "{" in text or "undefined" in text] == [], tag
    assert said["vi"] & said["en"] == set()
    assert {text for text in said["fr"] & said["en"] if not _COGNATES.fullmatch(text)} == set()


def test_the_language_is_chosen_on_the_page_and_kept(desk: Room) -> None:
    desk.page.goto("/")
    desk.page.get_by_label("Language").select_option("vi")
    desk.page.get_by_label("Ngôn ngữ").wait_for()
    desk.page.reload()
    desk.page.get_by_label("Ngôn ngữ").wait_for()
    assert desk.page.evaluate("document.documentElement.lang") == "vi"
