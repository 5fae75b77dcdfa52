"""OHIF, as hospitals run it, on a study of Hilum's: the radiograph, the picture, and the report's regions over it.

It stands on another origin, so it may ask only because ``HILUM_CORS_ORIGINS`` names it.
"""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import ElementHandle, Page
from pydicom import dcmread

import data_samples
from tests.conformance.multipart import parts_of
from tests.end_to_end import ohif
from tests.end_to_end.browser import SOFTWARE_GL, a_browser, chromium
from tests.fakes import StubReader
from tests.serving.live import live

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="needs chromium on the PATH (apt-get install chromium)"),
]

SAMPLE = Path(data_samples.__file__).parent / "effusion_pa.dcm"
_WAIT = 90_000  # ms: a software renderer on a busy machine


@pytest.mark.timeout(400)
def test_ohif_shows_the_radiograph_the_picture_and_the_regions_of_the_report() -> None:
    if ohif.app() is None:
        pytest.skip("needs npm, and its registry, for @ohif/app")
    complaints: list[str] = []
    with (
        ohif.viewer() as viewer,
        live(StubReader(), cors_origins=viewer.origin) as client,
        a_browser(*SOFTWARE_GL) as browser,
    ):
        source = dcmread(SAMPLE, stop_before_pixels=True)
        client.post("/api/instances?wait=60", files={"file": SAMPLE.read_bytes()})
        viewer.point_at(f"{client.base_url}/dicom-web")
        page = ohif.opened(browser, viewer, source.StudyInstanceUID, complaints)
        assert sorted(card.inner_text()[:2] for card in ohif.cards(page)) == ["DX", "OT", "SR"]
        assert _shown(page).std() > 20, "the radiograph is there"
        ohif.open_series(page, "SR")
        ohif.wait_for_regions(page)
        report = _report(client, source.StudyInstanceUID)
        assert _drawn(page) == pytest.approx(_expected(page, report, source.Rows, source.Columns), abs=2)
        page.click("text=No", timeout=_WAIT)  # measurements are not gone on with
        ohif.open_series(page, "OT")
        page.wait_for_function("document.body.innerText.includes('256')", timeout=_WAIT)  # the window of 8 bits
        assert np.ptp(_shown(page), axis=2).max() > 60, "the picture has colours"
    assert complaints == []


def _viewport(page: Page) -> ElementHandle:
    found = page.wait_for_selector("[data-cy=viewport-pane]", timeout=_WAIT)
    assert found
    return found


def _shown(page: Page) -> NDArray[np.uint8]:
    """(rows, columns, 3) of the viewport."""
    return np.asarray(Image.open(BytesIO(_viewport(page).screenshot())).convert("RGB"))


def _report(client: Any, study: str) -> Any:
    """The report, as WADO-RS gives it."""
    answer = client.get(f"/dicom-web/studies/{study}")
    files = [dcmread(BytesIO(part.content)) for part in parts_of(answer.headers["content-type"], answer.content)]
    (report,) = (file for file in files if file.Modality == "SR")
    return report


def _regions(item: Any) -> list[list[float]]:
    """Graphic Data of every SCOORD."""
    own = [list(map(float, item.GraphicData))] if "GraphicData" in item else []
    return own + [found for child in item.get("ContentSequence", []) for found in _regions(child)]


def _expected(page: Page, report: Any, rows: int, columns: int) -> NDArray[np.float64]:
    """Left, top, right, bottom of each region on the canvas, sorted: the image fills it and stands in its middle."""
    size = page.evaluate("(() => { const c = document.querySelector('canvas.cornerstone-canvas'); "
                         "return [c.clientWidth, c.clientHeight]; })()")  # fmt: skip
    scale = min(size[0] / columns, size[1] / rows)
    boxes = [_box(np.reshape(region, (-1, 2))) for region in _regions(report)]
    middle, centre = np.tile(size, 2) / 2, np.tile([columns, rows], 2) / 2
    return np.array(sorted(((np.array(box) - centre) * scale + middle).tolist() for box in boxes))


def _drawn(page: Page) -> NDArray[np.float64]:
    """The same of what OHIF drew."""
    drawn = page.eval_on_selector_all("svg.svg-layer polyline", "all => all.map(one => one.getAttribute('points'))")
    points = [np.reshape([float(number) for number in re.findall(r"[-\d.]+", one)], (-1, 2)) for one in drawn]
    return np.array(sorted(_box(one) for one in points))


def _box(points: NDArray[np.float64]) -> list[float]:
    return [*points.min(axis=0).tolist(), *points.max(axis=0).tolist()]
