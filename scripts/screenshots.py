"""Take the pictures of the README and of docs/viewer.md: `python -m scripts.screenshots`.

The samples are read by the reader that ships; what a radiologist would see of them is written to docs/images.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from pydicom import dcmread
from pydicom.uid import generate_uid

from model import Reader
from tests.end_to_end.browser import SOFTWARE_GL, a_browser
from tests.serving.live import live
from tests.viewer.room import Room, room

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "data_samples"
IMAGES = ROOT / "docs" / "images"
#: Two years before the sample that it is made of.
_EARLIER, _AGE = "20240110", "067Y"


def study_of(name: str) -> str:
    return str(dcmread(SAMPLES / name, stop_before_pixels=True).StudyInstanceUID)


def earlier(name: str, person: str) -> bytes:
    """A sample as an earlier radiograph of the person of another one."""
    dataset, now = dcmread(SAMPLES / name), dcmread(SAMPLES / person, stop_before_pixels=True)
    for keyword in ("PatientName", "PatientID", "PatientBirthDate", "PatientSex"):
        setattr(dataset, keyword, now.get(keyword, ""))
    dataset.StudyDate, dataset.PatientAge = _EARLIER, _AGE
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        setattr(dataset, keyword, generate_uid(entropy_srcs=[name, person, keyword]))
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    file = BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


def worklist(desk: Room) -> None:
    desk.page.goto("/#/")
    desk.page.locator("[data-study]").first.wait_for()


def opened(desk: Room, name: str) -> None:
    desk.page.goto(f"/#/study/{study_of(name)}")
    desk.page.wait_for_selector(".pane[data-state=shown]")
    desk.page.wait_for_selector("[data-part=reader]:not(:empty)")


def overlay(desk: Room) -> None:
    opened(desk, "cardiomegaly_pa.dcm")
    desk.page.keyboard.press("1")
    desk.page.wait_for_selector("canvas[data-overlay]")


def reviewing(desk: Room) -> None:
    overlay(desk)
    for key in ("a", "x", "x"):
        desk.page.keyboard.press(key)


def prior(desk: Room) -> None:
    opened(desk, "cardiomegaly_pa.dcm")
    desk.page.keyboard.press("d")
    desk.page.wait_for_selector(".pane[data-role=prior][data-state=shown]")


def refusal(desk: Room) -> None:
    opened(desk, "hand_silent.dcm")


#: File below docs/images, language, and how one comes there.
PICTURES: list[tuple[str, str, Callable[[Room], None]]] = [
    ("worklist.png", "en", worklist),
    ("reading_room.png", "en", overlay),
    ("review.png", "en", reviewing),
    ("prior.png", "en", prior),
    ("refusal.png", "en", refusal),
    ("vietnamese.png", "vi", overlay),
]


def save(desk: Room, name: str) -> None:
    desk.page.mouse.move(683, 20)
    desk.page.wait_for_timeout(1000)  # what fades, faded
    picture = Image.open(BytesIO(desk.page.screenshot())).convert("RGB")
    picture.quantize(256, dither=Image.Dither.NONE).save(IMAGES / name, optimize=True)


def main() -> None:
    with live(Reader.load()) as client, a_browser(*SOFTWARE_GL) as browser:
        files = [(path.name, path.read_bytes()) for path in sorted(SAMPLES.glob("*.dcm"))]
        files.append(("earlier.dcm", earlier("normal_pa.dcm", "cardiomegaly_pa.dcm")))
        for name, content in files:
            client.post("/api/instances?wait=60", files={"files": (name, content)}).raise_for_status()
        for name, language, go in PICTURES:
            with room(browser, client, locale=language) as desk:
                go(desk)
                save(desk, name)
    print(IMAGES)


if __name__ == "__main__":
    main()
