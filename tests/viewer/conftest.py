from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.end_to_end.browser import NO_GL, SOFTWARE_GL, a_browser, chromium
from tests.fakes import StubReader
from tests.serving.live import live
from tests.viewer.room import Room, room

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def built() -> Path:
    """The viewer, built from the sources that are here."""
    if not (ROOT / "viewer" / "node_modules").is_dir():
        pytest.skip("needs the built viewer: python hatch_build.py")
    from hatch_build import build

    folder = ROOT / "serving" / "viewer"
    build(ROOT / "viewer", folder)
    return folder


@pytest.fixture(scope="module")
def browser(built: Path) -> Iterator[Browser]:
    if chromium() is None:
        pytest.skip("needs chromium on the PATH (apt-get install chromium)")
    with a_browser(*SOFTWARE_GL) as browser:
        yield browser


@pytest.fixture(scope="module", params=[SOFTWARE_GL, NO_GL], ids=["WebGL", "without WebGL"])
def either_browser(built: Path, request: pytest.FixtureRequest) -> Iterator[Browser]:
    if chromium() is None:
        pytest.skip("needs chromium on the PATH (apt-get install chromium)")
    with a_browser(*request.param) as browser:
        yield browser


@pytest.fixture
def reader() -> StubReader:
    return StubReader(too_dark=0.2)  # shades under 51 - 30 are refused: (s + s + 60) / 2 / 255 < 0.2


@pytest.fixture
def desk(browser: Browser, reader: StubReader) -> Iterator[Room]:
    """A reading room over a service of its own."""
    with live(reader) as client, room(browser, client) as opened:
        yield opened
