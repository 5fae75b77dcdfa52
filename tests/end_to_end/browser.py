"""A real Chromium, for tests and for pictures."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: WebGL without a GPU.
SOFTWARE_GL = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
#: No WebGL at all.
NO_GL = ("--disable-gpu", "--disable-3d-apis")


def chromium() -> str | None:
    return shutil.which("chromium")


@contextmanager
def a_browser(*more: str) -> Iterator[Browser]:
    """A headless Chromium, which must be installed; ``more`` are arguments of its command line."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, *more])
        try:
            yield browser
        finally:
            browser.close()
