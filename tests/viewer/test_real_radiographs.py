"""The real reader, real radiographs: read, shown, their findings' places on them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from model import Reader
from tests.serving.live import live
from tests.viewer.conftest import ROOT
from tests.viewer.room import Room, room

pytestmark = pytest.mark.browser

REAL = ROOT.parent / "shared" / "dicom" / "chest"
#: Ours, and if they are here real ones: MONOCHROME1 of 10 bits; JPEG 2000 of 15 bits.
FILES = [
    ROOT / "data_samples" / "tuberculosis_pa.dcm",
    ROOT / "data_samples" / "cardiomegaly_pa.dcm",
    REAL / "fo-dicom__CR-MONO1-10-chest.dcm",
    REAL / "pydicom__RG1_J2KI.dcm",
]


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Iterator[Room]:
    with live(Reader.load()) as client, room(browser, client) as opened:
        yield opened


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_radiograph_is_read_shown_and_its_findings_placed(desk: Room, file: Path) -> None:
    if not file.is_file():
        pytest.skip(f"needs {file.name} in ../shared/dicom/chest")
    (sent,) = desk.send(file.read_bytes())
    reading = sent["reading"]
    assert reading["state"] == "read"
    desk.open(reading["study_instance_uid"])
    pane = desk.page.locator(f"[data-instance='{reading['sop_instance_uid']}']")
    expect(pane).to_have_attribute("data-state", "shown", timeout=20_000)
    assert pane.locator("canvas[data-overlay]").count() == 0  # the radiologist looks first
    desk.page.keyboard.press("1")
    expect(pane.locator("canvas[data-overlay]")).to_be_visible()
    shown = pane.locator("canvas[data-overlay]").get_attribute("data-overlay")
    assert shown in {finding["name"] for finding in reading["findings"]}
