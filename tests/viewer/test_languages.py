"""Three languages: each text changes with the language, and none is left unfilled."""

import re

import pytest
from playwright.sync_api import Browser, expect

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


#: The last one is of a study that is not there.
PAGES = {
    "worklist": ("/#/", "[data-study]"),
    "reading room": ("/#/study/1.2.3.30", "[data-finding]"),
    "problem": ("/#/study/1.2.3.404", "[data-problem=not-found]"),
}


@pytest.mark.parametrize(("path", "ready"), PAGES.values(), ids=PAGES)
def test_every_text_changes(browser: Browser, path: str, ready: str) -> None:
    said: dict[str, set[str]] = {}
    with live(StubReader()) as client:
        for tag in ("en", "vi", "fr"):
            with room(browser, client, locale=tag) as desk:
                if tag == "en":
                    desk.send(dicom())
                said[tag] = texts(desk, path, ready)
                assert desk.page.evaluate("document.documentElement.lang") == tag
                if path.endswith("404"):
                    desk.expected("404")
    for tag, found in said.items():
        assert [text for text in found if "{" in text or "undefined" in text] == [], tag
    assert said["vi"] & said["en"] == set()
    assert {text for text in said["fr"] & said["en"] if not _COGNATES.fullmatch(text)} == set()


PROBLEM = {
    "en": "No study with this Study Instance UID is kept here.",
    "vi": "Không có ở đây, hoặc không còn nữa.",
    "fr": "Ceci n’est pas, ou n’est plus, conservé ici.",
}


@pytest.mark.parametrize("tag", PROBLEM)
def test_a_problem_is_said_in_the_pages_language_and_the_services_words_are_at_hand(browser: Browser, tag: str) -> None:
    with live(StubReader()) as client, room(browser, client, locale=tag) as desk:
        desk.page.goto("/#/study/1.2.3.404")
        alert = desk.page.get_by_role("alert").filter(has=desk.page.locator("[data-problem=not-found]"))
        expect(alert).to_contain_text(PROBLEM[tag])
        folded = alert.locator("details [lang=en]")
        assert folded.count() == (0 if tag == "en" else 1)
        if tag != "en":
            alert.locator("summary").click()
            expect(folded).to_have_text(PROBLEM["en"])
        desk.expected("404")


BLIND = {"vi": ("Những gì AI không thấy được", "không chẩn đoán"), "fr": ("Ce qu", "ne pose pas de diagnostic")}


@pytest.mark.parametrize("tag", BLIND)
def test_what_the_reader_cannot_see_is_said_in_short_in_the_pages_language(browser: Browser, tag: str) -> None:
    button, said = BLIND[tag]
    with live(StubReader()) as client, room(browser, client, locale=tag) as desk:
        desk.page.goto("/")
        desk.page.get_by_role("button", name=button).click()
        expect(desk.page.get_by_role("dialog")).to_contain_text(said)


def test_the_language_is_chosen_on_the_page_and_kept(desk: Room) -> None:
    desk.page.goto("/")
    desk.page.get_by_label("Language").select_option("vi")
    desk.page.get_by_label("Ngôn ngữ").wait_for()
    desk.page.reload()
    desk.page.get_by_label("Ngôn ngữ").wait_for()
    assert desk.page.evaluate("document.documentElement.lang") == "vi"
