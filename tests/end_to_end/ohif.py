"""OHIF as it is published (npm package @ohif/app), served on this machine and pointed at a DICOMweb service."""

import functools
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ElementHandle, Page

from tests.threaded import threaded

VERSION = "3.13.2"
#: Kept with the virtual environment: 50 MB that are fetched once.
_HOME = Path(sys.prefix) / "ohif" / VERSION
_TOUR_IS_OVER = "localStorage.setItem('shownTours', JSON.stringify(['basicViewerTour']))"
_CARDS = "[data-cy=study-browser-thumbnail], [data-cy=study-browser-thumbnail-no-image]"


@cache
def app() -> Path | None:
    """The folder of the built viewer; None where npm, or what it fetches, is not to be had."""
    if not _HOME.exists():
        npm = shutil.which("npm", path=str(Path(sys.executable).parent)) or shutil.which("npm")
        if npm is None or not _fetch(npm):
            return None
    return _HOME / "package" / "dist"


def _fetch(npm: str) -> bool:
    """npm holds the archive against the registry's hash; none of its scripts is run."""
    _HOME.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_HOME.parent) as folder:
        command = [npm, "pack", f"@ohif/app@{VERSION}", "--silent", "--pack-destination", folder]
        packed = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
        if packed.returncode != 0:
            return False
        whole = Path(folder) / "whole"
        with tarfile.open(Path(folder) / packed.stdout.split()[-1]) as archive:
            wanted = [member for member in archive if not member.name.endswith(".map")]
            archive.extractall(whole, members=wanted, filter="data")
        if not _HOME.exists():
            whole.rename(_HOME)
    return True


class Viewer(ThreadingHTTPServer):
    """OHIF on a free port of this machine; it shows what ``point_at`` names."""

    def __init__(self) -> None:
        folder = app()
        assert folder is not None
        super().__init__(("127.0.0.1", 0), functools.partial(_Files, directory=str(folder)))
        self.configuration = b""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def point_at(self, dicom_web: str) -> None:
        """The base URL of a DICOMweb service."""
        self.configuration = _configuration(dicom_web)

    def handle_error(self, *_: Any) -> None:
        """A browser that goes hangs up on what it asked for."""


@contextmanager
def viewer() -> Iterator[Viewer]:
    with threaded(Viewer()) as server:
        yield server


class _Files(SimpleHTTPRequestHandler):
    """The files of the app, its configuration, and its first page for every other path."""

    server: Viewer

    def do_GET(self) -> None:
        if self.path.split("?")[0] == "/app-config.js":
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript")
            self.end_headers()
            self.wfile.write(self.server.configuration)
            return
        if not Path(self.translate_path(self.path)).is_file():
            self.path = "/index.html"
        super().do_GET()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


def _configuration(dicom_web: str) -> bytes:
    source = {
        "friendlyName": "Hilum", "name": "hilum", "qidoRoot": dicom_web, "wadoRoot": dicom_web,
        "wadoUriRoot": dicom_web, "imageRendering": "wadors", "thumbnailRendering": "wadors",
        "qidoSupportsIncludeField": True, "supportsWildcard": True, "supportsFuzzyMatching": False,
        "enableStudyLazyLoad": True, "omitQuotationForMultipartRequest": True, "bulkDataURI": {"enabled": True},
    }  # fmt: skip
    sources = [
        {
            "namespace": "@ohif/extension-default.dataSourcesModule.dicomweb",
            "sourceName": "hilum",
            "configuration": source,
        }
    ]
    configuration = {
        "routerBasename": "/", "extensions": [], "modes": [], "showStudyList": True, "maxNumberOfWebWorkers": 2,
        "defaultDataSourceName": "hilum", "dataSources": sources, "showErrorDetails": "always",
        "investigationalUseDialog": {"option": "never"},
    }  # fmt: skip
    return f"window.config = {json.dumps(configuration)};".encode()


def opened(browser: Browser, where: Viewer, study_instance_uid: str, complaints: list[str]) -> Page:
    """The study in OHIF, once its series are listed and its first image is there; what goes wrong is noted."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(_TOUR_IS_OVER)
    page.goto(f"{where.origin}/viewer?StudyInstanceUIDs={study_instance_uid}")
    page.wait_for_selector("[data-cy=study-browser-thumbnail-no-image]", timeout=90_000)  # the report's
    page.wait_for_function("document.body.innerText.includes('1/1')", timeout=90_000)
    page.wait_for_timeout(1000)
    return page


def open_series(page: Page, modality: str) -> None:
    (card,) = (card for card in cards(page) if card.inner_text().startswith(modality))
    card.dblclick()


def wait_for_regions(page: Page) -> None:
    """Until the regions of a report that was opened are drawn: when the viewport is drawn anew, as in a window that
    changes its size."""
    page.wait_for_selector("text=Do you want to continue tracking", timeout=90_000)
    for height in range(769, 800):
        page.set_viewport_size({"width": 1366, "height": height})
        page.wait_for_timeout(1000)
        if page.query_selector("svg.svg-layer polyline"):
            break
    page.set_viewport_size({"width": 1366, "height": 768})
    page.wait_for_timeout(1000)


def cards(page: Page) -> list[ElementHandle]:
    """Of the series, in the list beside the image."""
    return page.query_selector_all(_CARDS)
