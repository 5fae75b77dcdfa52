"""Take the picture of OHIF: `python -m scripts.ohif_screenshot` writes docs/images/ohif.png.

A sample is read by the reader that ships; OHIF shows the radiograph with the regions of its report.
"""

from io import BytesIO
from pathlib import Path

from PIL import Image
from pydicom import dcmread

from model import Reader
from tests.end_to_end import ohif
from tests.end_to_end.browser import SOFTWARE_GL, a_browser
from tests.serving.live import live

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "data_samples" / "effusion_pa.dcm"
PICTURE = ROOT / "docs" / "images" / "ohif.png"


def main() -> None:
    with (
        ohif.viewer() as viewer,
        live(Reader.load(), cors_origins=viewer.origin) as client,
        a_browser(*SOFTWARE_GL) as browser,
    ):
        client.post("/api/instances?wait=60", files={"file": SAMPLE.read_bytes()}).raise_for_status()
        viewer.point_at(f"{client.base_url}/dicom-web")
        study = dcmread(SAMPLE, stop_before_pixels=True).StudyInstanceUID
        page = ohif.opened(browser, viewer, study, [])
        ohif.open_series(page, "SR")
        ohif.wait_for_regions(page)
        page.click("text=No")
        page.wait_for_timeout(2000)
        picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
        picture.quantize(128, dither=Image.Dither.NONE).save(PICTURE, optimize=True)
    print(PICTURE)


if __name__ == "__main__":
    main()
