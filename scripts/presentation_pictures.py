"""Take the pictures of docs/presentations.md: `python -m scripts.presentation_pictures`.

A sample is read by the reader that ships and reviewed; what DICOMweb gives of it is written to docs/images:
report_page.jpg (the PDF, before the review) and picture_reviewed.jpg (the Secondary Capture, after it).
"""

import time
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
from PIL import Image
from pydicom import dcmread

from model import Reader
from tests.conformance.multipart import parts_of
from tests.serving.live import live

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "data_samples" / "cardiomegaly_pa.dcm"
IMAGES = ROOT / "docs" / "images"
#: Wide enough to read, small enough for a page.
_WIDTH = 1000


def results(client: httpx.Client, study: str) -> dict[str, Any]:
    """The study's data sets by modality."""
    answer = client.get(f"/dicom-web/studies/{study}")
    files = [dcmread(BytesIO(part.content)) for part in parts_of(answer.headers["content-type"], answer.content)]
    return {file.Modality: file for file in files}


def report_page(document: Any) -> Image.Image:
    page: Image.Image = pypdfium2.PdfDocument(document.EncapsulatedDocument)[0].render(scale=2).to_pil()
    return page


def reviewed(client: httpx.Client, reading: dict[str, Any]) -> None:
    """The large heart is given its own place, that it is abnormal is accepted, what else was present is rejected."""
    box = {"x": 346, "y": 233, "width": 469, "height": 574}  # of data_samples/expected.json
    said = {"Cardiomegaly": {"verdict": "corrected", "box": box}, "Abnormal": {"verdict": "accepted"}}
    present = [finding["name"] for finding in reading["findings"] if finding["present"]]
    verdicts = [{"finding": name, **said.get(name, {"verdict": "rejected"})} for name in present]
    body = {"reviewer": "reader-7", "verdicts": verdicts, "signed_off": True}
    client.post(f"/api/readings/{reading['reading_id']}/review", json=body).raise_for_status()


def until_another(client: httpx.Client, study: str, before: Any) -> Any:
    """The Secondary Capture, once it is another one than before."""
    for _ in range(100):
        found = results(client, study)["OT"]
        if found.SOPInstanceUID != before.SOPInstanceUID:
            return found
        time.sleep(0.1)
    raise SystemExit("The review must make another picture; after 10 s there was none.")


def save(picture: Image.Image, name: str) -> None:
    picture.thumbnail((_WIDTH, 2 * _WIDTH))
    picture.convert("RGB").save(IMAGES / name, quality=85, optimize=True)


def main() -> None:
    study = dcmread(SAMPLE, stop_before_pixels=True).StudyInstanceUID
    with live(Reader.load(), dicomweb_results="sc,pdf") as client:
        answer = client.post("/api/instances?wait=60", files={"file": SAMPLE.read_bytes()})
        first = results(client, study)
        save(report_page(first["DOC"]), "report_page.jpg")
        reviewed(client, answer.raise_for_status().json()["instances"][0]["reading"])
        save(Image.fromarray(until_another(client, study, first["OT"]).pixel_array), "picture_reviewed.jpg")
    print(IMAGES)


if __name__ == "__main__":
    main()
