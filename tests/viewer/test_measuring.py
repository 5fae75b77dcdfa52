"""Lengths: millimetres where the file says how large a pixel is, pixels where it does not; with WebGL and without."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import live
from tests.viewer.room import Room, room

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(either_browser: Browser) -> Iterator[Room]:
    with live(StubReader()) as client, room(either_browser, client) as opened:
        yield opened


@pytest.mark.parametrize(
    ("number", "says", "length", "unit"),
    [
        (1, {"ImagerPixelSpacing": [0.5, 0.5]}, 10.0, "mm"),
        (2, {"PixelSpacing": [0.25, 0.25], "PixelSpacingCalibrationType": "FIDUCIAL"}, 5.0, "mm"),
        (3, {}, 20.0, "px"),
    ],
)
def test_a_length_has_the_unit_that_the_file_gives(
    desk: Room, number: int, says: dict[str, Any], length: float, unit: str
) -> None:
    study = f"1.2.4.{number}"
    desk.send(dicom(f"{study}.1", StudyInstanceUID=study, SeriesInstanceUID=f"{study}.2", **says))
    desk.open(study)
    desk.page.wait_for_selector(f"[data-instance='{study}.1'][data-state=shown]")
    desk.page.keyboard.press("l")
    desk.drag((14, 30), (34, 30))
    shape = desk.page.locator("[data-shape=length]")
    expect(shape).to_contain_text(unit)
    said = re.search(r"([\d.]+)\s*(mm|px)", shape.text_content() or "")
    assert said
    assert (float(said[1]), said[2]) == (pytest.approx(length, rel=0.05), unit)
