"""On a small laptop and on a tablet held upright, nothing is cut off and nothing lies over a control."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import live
from tests.viewer.room import LAPTOP, TABLET, room

pytestmark = pytest.mark.browser

#: Controls of which no part can be brought into sight, or over which something else lies.
_OUT_OF_REACH = """() => {
    const lost = [];
    for (const control of document.querySelectorAll("button, a[href], input, select, textarea, summary")) {
        const isFolded = control.closest("details:not([open]) > :not(summary)");
        if (isFolded || !control.checkVisibility({ visibilityProperty: true })) continue;
        control.scrollIntoView({ block: "nearest" });
        const { left, right, top, bottom, width, height } = control.getBoundingClientRect();
        const isInside = left >= -1 && right <= innerWidth + 1 && top >= -1 && bottom <= innerHeight + 1;
        const there = document.elementFromPoint(left + width / 2, top + height / 2);
        if (!isInside || !(control.contains(there) || there?.contains(control) || there?.closest("label")))
            lost.push(`${control.outerHTML.slice(0, 120)} at ${left}, ${top}, ${width} x ${height}`);
    }
    return lost;
}"""


@pytest.mark.parametrize("size", [LAPTOP, TABLET], ids=["laptop", "tablet"])
def test_everything_can_be_reached(browser: Browser, size: dict[str, int]) -> None:
    pages = [("/#/", "[data-study]"), ("/#/study/1.2.3.30", "[data-finding]")]
    with live(StubReader()) as client, room(browser, client, viewport=size) as desk:
        desk.send(dicom(StudyDescription="X quang ngực thẳng, chụp tại giường, bệnh nhân nằm"))
        for path, ready in pages:
            desk.page.goto(path)
            desk.page.locator(ready).first.wait_for()
            widths: Any = desk.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert widths[0] <= widths[1], path
            assert desk.page.evaluate(_OUT_OF_REACH) == [], path
