"""Take the README's picture: `python -m scripts.screenshot [--samples DIR] [--open NAME] [--finding N]`.

Starts the service with the samples, opens one, shows the overlay of a finding, and writes docs/images/page.png.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from tests.end_to_end.browser import a_browser

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "images" / "page.png"


@contextmanager
def service(samples: Path) -> Iterator[str]:
    """The address of a service that runs on a free port."""
    with tempfile.TemporaryDirectory() as data:
        command = [
            sys.executable,
            "-m",
            "serving",
            "serve",
            "--demo",
            "--port",
            "0",
            "--dimse-port",
            "0",
            "--data",
            data,
        ]
        process = subprocess.Popen([*command, "--samples", str(samples)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        yield from _address(process)


def _address(process: "subprocess.Popen[str]") -> Iterator[str]:
    try:
        assert process.stdout
        found = next(filter(None, (re.search(r"http://\S+", line) for line in process.stdout)), None)
        if found is None:
            raise SystemExit("The service did not start; its words are above.")
        yield found[0]
    finally:
        process.terminate()
        process.wait()


def photograph(page: Page, address: str, wanted: str, finding: int) -> None:
    """Open the first radiograph whose row holds ``wanted``, with the overlay of one of its findings, from 1."""
    page.goto(address)
    page.wait_for_selector(".item")
    page.wait_for_timeout(2000)  # until the samples are received
    while page.query_selector(".item.is-pending"):
        page.wait_for_timeout(200)
    row = page.locator(".item.is-read", has_text=wanted).first
    row.click()
    page.locator("h1, h2").filter(has_text=wanted).first.wait_for()
    page.wait_for_selector(".finding")
    page.evaluate("() => radiograph.decode()")
    page.keyboard.press(str(finding))
    page.wait_for_selector("#overlay[src]")
    page.evaluate("() => overlay.decode()")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(PICTURE))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=Path, default=ROOT / "data_samples", help="folder of DICOM files")
    parser.add_argument(
        "--open", default="", help="text in the row to open, e.g. a patient's name; the first otherwise"
    )
    parser.add_argument("--finding", type=int, default=1, help="number of the finding to lay over it, 1 to 9")
    chosen = parser.parse_args()
    with service(chosen.samples) as address, a_browser() as browser:
        photograph(browser.new_page(viewport={"width": 1366, "height": 768}), address, chosen.open, chosen.finding)
    print(PICTURE)


if __name__ == "__main__":
    main()
