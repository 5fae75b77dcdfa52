"""Radiographs dropped on the page: files, folders and ZIPs, each with its receipt, and in the list as they come."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.serving.files import archive, dicom
from tests.viewer.room import Room

pytestmark = pytest.mark.browser

THOUSAND = 1000


def study(number: int) -> bytes:
    uids = {"StudyInstanceUID": f"1.2.3.{number}0", "SeriesInstanceUID": f"1.2.3.{number}1"}
    return dicom(f"1.2.3.{number}", PatientID=f"P-{number}", PatientName=f"Mẫu^Số {number}", **uids)


@pytest.fixture
def dropped(tmp_path: Path) -> list[Path]:
    """A file, a folder with one in a folder of it, and a ZIP of two."""
    folder = tmp_path / "USB"
    (folder / "DICOM").mkdir(parents=True)
    (tmp_path / "chest.dcm").write_bytes(study(4))
    (folder / "DICOM" / "IM0001").write_bytes(study(5))
    (tmp_path / "two.zip").write_bytes(archive(study(6), study(7)))
    return [tmp_path / "chest.dcm", folder, tmp_path / "two.zip"]


def begin(desk: Room) -> None:
    desk.page.goto("/")
    expect(desk.page.locator(".worklist-grid")).to_have_attribute("data-state", "shown")


def test_files_folders_and_zips_are_sent_and_listed(desk: Room, dropped: list[Path]) -> None:
    begin(desk)
    desk.drop(*dropped)
    expect(desk.page.locator(".upload-panel")).to_have_attribute("data-state", "done")
    expect(desk.page.locator(".upload-panel [data-fate=received]").first).to_contain_text("4")
    for number in (4, 5, 6, 7):
        expect(desk.page.get_by_role("row", name=f"Mẫu Số {number}")).to_be_visible()


def test_what_is_sent_again_is_told_to_be_there_and_what_is_no_radiograph_is_not_lost_in_silence(
    desk: Room, tmp_path: Path
) -> None:
    desk.send(study(4))
    (tmp_path / "chest.dcm").write_bytes(study(4))
    (tmp_path / "letter.txt").write_bytes(b"Dear colleague")
    begin(desk)
    desk.drop(tmp_path / "chest.dcm", tmp_path / "letter.txt")
    expect(desk.page.locator(".upload-panel")).to_have_attribute("data-state", "done")
    expect(desk.page.locator(".upload-panel [data-fate=duplicate]").first).to_contain_text("1")
    expect(desk.page.get_by_role("row").filter(has_text="Not read")).to_be_visible()


def test_a_folder_of_a_thousand_files_is_sent_whole(desk: Room, tmp_path: Path) -> None:
    """Chromium lists a folder a hundred entries at a time, so it holds more than that, beside a folder of its own."""
    folder = tmp_path / "ARCHIVE"
    (folder / "OLDER").mkdir(parents=True)
    for number in range(THOUSAND):
        place = folder if number < THOUSAND // 2 else folder / "OLDER"
        (place / f"IM{number:04d}").write_bytes(study(1000 + number))
    begin(desk)
    desk.drop(folder)
    panel = desk.page.locator(".upload-panel")
    expect(panel).to_have_attribute("data-state", "done", timeout=100_000)
    expect(panel.locator("[data-fate=received]").first).to_contain_text(str(THOUSAND))
    found = desk.client.get("/dicom-web/instances", params={"limit": 2 * THOUSAND, "Modality": "DX"}).json()
    assert {one["00080018"]["Value"][0] for one in found} >= {f"1.2.3.{1000 + number}" for number in range(THOUSAND)}
