"""A reading room for tests: the service as it really runs, Chromium, and everything that Chromium complained of."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page

PATIENCE = 30.0  # seconds: a software renderer beside other tests
LAPTOP = {"width": 1366, "height": 768}
TABLET = {"width": 820, "height": 1180}

Found = TypeVar("Found")

_PLACE = """([column, row]) => {
    const pane = document.querySelector("[data-instance]");
    return window.hilum.view(pane.dataset.instance)?.toPage(column, row);
}"""


def until(look: Callable[[], Found], patience: float = PATIENCE) -> Found:
    """What ``look`` gives, once that is something."""
    end = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < end, f"it did not come in {patience} s"
        time.sleep(0.02)
    return found


@dataclass
class Room:
    """An open page, the service behind it, and what went wrong on the page."""

    context: BrowserContext
    page: Page
    client: httpx.Client
    complaints: list[str] = field(default_factory=list)

    def send(self, *contents: bytes) -> list[dict[str, Any]]:
        """Send files to the service, not by the page; what it says of each, once they are read."""
        files = [("files", (f"{number}.dcm", content)) for number, content in enumerate(contents)]
        answer = self.client.post("/api/instances?wait=30", files=files)
        assert answer.status_code == 200, answer.text
        instances: list[dict[str, Any]] = answer.json()["instances"]
        return instances

    def open(self, study: str = "1.2.3.30") -> None:
        """Open a study in the reading room, and wait until what is said of it is there."""
        self.page.goto(f"/#/study/{study}")
        self.page.wait_for_selector(".review-panel")

    def show(self, content: bytes) -> None:
        """Send a study, the one that `open` opens, and open it until its image is drawn."""
        self.send(content)
        self.open()
        self.page.wait_for_selector("[data-instance][data-state=shown]")

    def reviews(self, reading_id: int) -> list[dict[str, Any]]:
        """The newest first."""
        found: list[dict[str, Any]] = self.client.get(f"/api/readings/{reading_id}/reviews").json()["reviews"]
        return found

    def place(self, column: float, row: float) -> tuple[float, float]:
        """Where a point of the first image is on the page, once it is drawn."""
        x, y = until(lambda: self.page.evaluate(_PLACE, [column, row]))
        return x, y

    def drag(self, begin: tuple[float, float], end: tuple[float, float]) -> None:
        """Press the pointer at one point of the first image, column and row, and let go at another."""
        self.page.mouse.move(*self.place(*begin))
        self.page.mouse.down()
        self.page.mouse.move(*self.place(*end), steps=4)
        self.page.mouse.up()

    def drop(self, *paths: Path) -> None:
        """Drop files or folders in the middle of the page, as a person does who drags them there."""
        size = self.page.viewport_size
        assert size
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        devtools = self.context.new_cdp_session(self.page)
        for kind in ("dragEnter", "dragOver", "drop"):
            devtools.send(
                "Input.dispatchDragEvent",
                {"type": kind, "x": size["width"] / 2, "y": size["height"] / 2, "data": data},
            )

    def expected(self, words: str) -> None:
        """Forget complaints with these words, of which there must be some: Chromium logs every 4xx, wanted or not."""
        rest = [complaint for complaint in self.complaints if words not in complaint]
        assert len(rest) < len(self.complaints), f"no complaint of {words}: {self.complaints}"
        self.complaints[:] = rest


@contextmanager
def room(browser: Browser, client: httpx.Client, **options: Any) -> Iterator[Room]:
    """A page of its own, not yet anywhere; at its end there must have been no complaint. ``options``: Playwright's."""
    fitting = {"viewport": LAPTOP, "locale": "en-GB", "base_url": str(client.base_url), **options}
    context = browser.new_context(**fitting)
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    opened = Room(context, page, client)
    _listen(opened)
    try:
        yield opened
    finally:
        context.close()
    assert not opened.complaints, opened.complaints


def _listen(room: Room) -> None:
    """Errors, breaches of the Content-Security-Policy among them, and whatever is asked of another origin."""
    own = urlsplit(str(room.client.base_url)).netloc

    def of_request(url: str) -> None:
        asked = urlsplit(url)
        if asked.scheme not in {"blob", "data"} and asked.netloc != own:
            room.complaints.append(f"asked elsewhere: {url}")

    room.page.on("request", lambda request: of_request(request.url))
    room.page.on("dialog", lambda dialog: _dismiss(room, dialog))
    room.page.on("pageerror", lambda error: room.complaints.append(f"{error} {error.stack}"))
    room.page.on("console", lambda message: _hear(room, message))


def _hear(room: Room, message: ConsoleMessage) -> None:
    """What is about a request also says which: "... status of 401 (Unauthorized) /api/session"."""
    if message.type == "error":
        room.complaints.append(f"{message.text} {urlsplit(message.location['url']).path}")


def _dismiss(room: Room, dialog: Dialog) -> None:
    room.complaints.append(f"it asked by a dialog: {dialog.message}")
    dialog.dismiss()
