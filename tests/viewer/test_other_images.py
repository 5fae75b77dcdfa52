"""Images that are no plain grey ones: shown as they are, or refused aloud; never blank, never as if normal."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, expect
from pydicom import uid

from tests.fakes import StubReader
from tests.model.test_decoding import dcmtk
from tests.radiographs import SECONDARY_CAPTURE, dicom
from tests.serving.live import live
from tests.viewer.drawn import TWELVE_BITS, USE_GL_IF_THERE, picture
from tests.viewer.room import Room, room, until

pytestmark = pytest.mark.browser

ROWS, COLUMNS = 240, 200
#: Words of a reading that found nothing.
OF_A_NORMAL = ".review-none, [data-finding], .review-bar"


@pytest.fixture(scope="module")
def desk(either_browser: Browser) -> Iterator[Room]:
    with live(StubReader()) as client, room(either_browser, client) as opened:
        opened.context.add_init_script(USE_GL_IF_THERE)
        yield opened


def halves(left: Any, right: Any, dtype: type = np.uint8) -> NDArray[Any]:
    """An image of two halves, (rows, columns, ...)."""
    sides = [np.broadcast_to(np.array(each, dtype), (ROWS, COLUMNS // 2, *np.shape(each))) for each in (left, right)]
    return np.ascontiguousarray(np.concatenate(sides, axis=1))


def send(desk: Room, number: int, pixels: NDArray[Any], **about: Any) -> str:
    """Send an image as a study of its own, and open it; the image's UID."""
    study = f"1.2.5.{number}"
    uids = {"StudyInstanceUID": study, "SeriesInstanceUID": f"{study}.2", "SOPInstanceUID": f"{study}.1"}
    desk.send(dicom(pixels, **uids, SOPClassUID=SECONDARY_CAPTURE, **about))
    desk.open(study)
    return f"{study}.1"


def shown(desk: Room, instance: str, *colours: tuple[int, int, int]) -> None:
    """The image is shown, and its halves have these colours, to what lossy compression leaves."""
    expect(desk.page.locator(f"[data-instance='{instance}']")).to_have_attribute("data-state", "shown")

    def is_right() -> bool:
        painted = picture(desk).astype(int)
        for column, colour in zip((COLUMNS // 4, COLUMNS * 3 // 4), colours, strict=True):
            x, y = desk.place(column, ROWS / 2)
            if np.abs(painted[round(y), round(x), :3] - colour).max() > 4:
                return False
        return True

    until(is_right)


def is_not_read(desk: Room) -> None:
    panel = desk.page.locator(".review-panel[data-state=refused] [data-image-state=refused]")
    expect(panel).to_contain_text("NOT READ BY THE AI")
    assert desk.page.locator(OF_A_NORMAL).count() == 0


def grey(value: int) -> tuple[int, int, int]:
    return value, value, value


def test_each_frame_of_several_is_shown_and_what_was_read_is_of_the_first(desk: Room) -> None:
    frames = np.stack([halves(40, 200), halves(220, 80), halves(0, 128)])
    instance = send(desk, 1, frames)
    shown(desk, instance, grey(40), grey(200))
    said = desk.page.locator(".pane-frames")
    expect(said).to_contain_text("Frame 1 of 3")
    expect(said).to_contain_text("The AI read this frame only")
    desk.page.keyboard.press("1")
    expect(desk.page.locator("canvas[data-overlay]")).to_be_visible()
    desk.page.get_by_role("button", name="Next frame").click()
    expect(said).to_contain_text("Frame 2 of 3")
    expect(said).to_contain_text("Not read by the AI: it read frame 1 only")
    shown(desk, instance, grey(220), grey(80))
    assert desk.page.locator("canvas[data-overlay]").count() == 0
    desk.page.get_by_role("button", name="Next frame").click()
    shown(desk, instance, grey(0), grey(128))
    expect(desk.page.get_by_role("button", name="Next frame")).to_be_disabled()


def test_colours_stay_colours_and_are_not_read(desk: Room) -> None:
    instance = send(desk, 2, halves((200, 30, 60), (20, 90, 220)))
    shown(desk, instance, (200, 30, 60), (20, 90, 220))
    is_not_read(desk)


def test_grey_in_the_clothes_of_colour(desk: Room) -> None:
    instance = send(desk, 3, halves(grey(70), grey(180)))
    shown(desk, instance, grey(70), grey(180))
    expect(desk.page.locator(".review-panel")).to_have_attribute("data-state", "read")


def palette(red: NDArray[np.uint8], green: NDArray[np.uint8], blue: NDArray[np.uint8]) -> dict[str, Any]:
    about: dict[str, Any] = {"PhotometricInterpretation": "PALETTE COLOR"}
    for name, entries in (("Red", red), ("Green", green), ("Blue", blue)):
        about[f"{name}PaletteColorLookupTableDescriptor"] = [256, 0, 8]
        about[f"{name}PaletteColorLookupTableData"] = entries.tobytes()
    return about


CODES = np.arange(256, dtype=np.uint8)


def test_codes_of_a_grey_palette_are_shown_through_it(desk: Room) -> None:
    turned = 255 - CODES
    instance = send(desk, 4, halves(50, 90), **palette(turned, turned, turned))
    shown(desk, instance, grey(205), grey(165))
    expect(desk.page.locator(".review-panel")).to_have_attribute("data-state", "read")


def test_a_palette_of_colours_is_refused_aloud(desk: Room) -> None:
    instance = send(desk, 5, halves(50, 90), **palette(CODES, 255 - CODES, CODES))
    pane = desk.page.locator(f"[data-instance='{instance}']")
    expect(pane).to_have_attribute("data-state", "failed")
    expect(pane.get_by_role("alert")).to_contain_text("cannot be shown")
    is_not_read(desk)
    desk.expected("this image has colours")
    desk.expected("status of 4")


def test_jpeg_of_12_bits(desk: Room, tmp_path: Any) -> None:
    study = "1.2.5.6"
    uids = {"StudyInstanceUID": study, "SeriesInstanceUID": f"{study}.2", "SOPInstanceUID": f"{study}.1"}
    native = dicom(halves(800, 3200, np.uint16), SOPClassUID=SECONDARY_CAPTURE, **TWELVE_BITS, **uids)
    compressed = dcmtk("dcmcjpeg", "+ee", "+q", "90", "+un", data=native, folder=tmp_path)
    assert uid.JPEGExtended12Bit.encode() in compressed
    desk.send(compressed)
    desk.open(study)
    shown(desk, f"{study}.1", grey(50), grey(199))  # 800 and 3200 of 4095
    expect(desk.page.locator(".review-panel")).to_have_attribute("data-state", "read")
