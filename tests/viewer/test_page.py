"""The page itself: it opens, asks nothing of another place, and fits."""

import gzip
import re
from pathlib import Path

import pytest

from tests.viewer.room import Room

pytestmark = pytest.mark.browser

MOST_MEGABYTES = 1.5


def test_what_the_page_needs_at_once_is_small(built: Path) -> None:
    named = re.findall(r'(?:src|href)="/viewer/(assets/[^"]+)"', (built / "index.html").read_text())
    sizes = [len(gzip.compress((built / name).read_bytes())) for name in named]
    assert 0 < sum(sizes) <= MOST_MEGABYTES * 1e6


def test_the_interfaces_documentation_is_drawn_without_a_network(desk: Room) -> None:
    desk.page.goto("/docs")
    desk.page.wait_for_selector(".opblock-summary-path")


def test_an_empty_worklist(desk: Room) -> None:
    desk.page.goto("/")
    desk.page.wait_for_selector("main", state="attached")
    assert desk.page.evaluate("document.documentElement.lang") == "en"
