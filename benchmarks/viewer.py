"""The viewer in a headless Chromium without a graphics card: how long a radiologist waits, how smoothly it moves."""

import gzip
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import click
import httpx
from playwright.sync_api import Browser, Page

from benchmarks.files import SYNTAXES, dicom, picture
from benchmarks.report import Bar, Report
from benchmarks.service import service
from benchmarks.worklist import fill
from serving.private_postgres import PrivatePostgres
from tests.end_to_end.browser import SOFTWARE_GL, a_browser

ROWS, COLUMNS = 3000, 2500
STUDIES = 10_000
SCREENS: Mapping[str, tuple[int, int]] = {"1366x768": (1366, 768), "1920x1080": (1920, 1080)}
#: The screen of the bars.
_USUAL = "1366x768"
_BUILT = Path(__file__).parent.parent / "serving" / "viewer" / "assets"
_FUNCTIONS = Path(__file__).with_name("viewer.js")
_UIDS = [tuple(f"2.25.{digit}{study:04d}" for digit in (7, 8, 9)) for study in range(2)]
_PATIENCE = 30.0
#: Seconds in which the next study's image is fetched, once this one's is shown.
_PRELOADED = 4.0
#: How often the overlay is switched on for one figure, and how long the page is left alone before, in seconds.
_SWITCHES = 5
_REST = 0.5


@dataclass(frozen=True, kw_only=True)
class Lengths:
    """How often is measured, and for how many milliseconds a movement."""

    rounds: int
    milliseconds: int


SHORT, LONG = Lengths(rounds=3, milliseconds=2000), Lengths(rounds=7, milliseconds=4000)
#: "what, screen, unit" to a value a round.
Figures = dict[str, list[float]]


class Looking:
    """An open page that does what viewer.js says."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._functions = _FUNCTIONS.read_text(encoding="utf-8")

    def does(self, name: str, argument: object = None) -> float:
        return float(self._page.evaluate(self._functions, [name, argument]))

    def waits(self, look: str) -> None:
        """Until this, asked in the page, is so."""
        until = time.monotonic() + _PATIENCE
        while not self._page.evaluate(look):
            assert time.monotonic() < until, f"it must be within {_PATIENCE} s: {look}"
            time.sleep(0.02)

    def presses(self, key: str) -> None:
        self._page.keyboard.press(key)


def on_a_page(
    browser: Browser, address: str, screen: str, does: Callable[[Looking], Mapping[str, float]]
) -> dict[str, float]:
    """What ``does`` finds on a page of its own, with nothing kept from before, once the worklist is there."""
    width, height = SCREENS[screen]
    context = browser.new_context(viewport={"width": width, "height": height})
    try:
        page = context.new_page()
        began = time.perf_counter()
        page.goto(address)
        looking = Looking(page)
        looking.waits("document.querySelectorAll('.worklist-rows [role=row]').length > 0")
        opened = {"address to worklist, ms": 1000 * (time.perf_counter() - began)}
        time.sleep(1)  # a person reads
        return opened | dict(does(looking))
    finally:
        context.close()


def reading_room(looking: Looking, lengths: Lengths) -> dict[str, float]:
    (_, _, first), (_, _, second) = _UIDS
    found = {"worklist to first pixels, ms": looking.does("open", first)}
    time.sleep(_PRELOADED)
    found["next study to first pixels, ms"] = looking.does("open", second)
    looking.waits("document.querySelectorAll('.review-panel .review-name').length > 0")
    for movement in ("window", "zoom"):
        found[f"{movement}, frames/s"] = looking.does(movement, lengths.milliseconds)
    looking.presses("1")
    looking.waits("document.querySelector('.pane-heat')")
    found["overlay switch, ms"] = median(switched(looking) for _ in range(_SWITCHES))
    for movement in ("window", "zoom"):
        found[f"{movement} under an overlay, frames/s"] = looking.does(movement, lengths.milliseconds)
    return found


def switched(looking: Looking) -> float:
    """Milliseconds from the key that lays the overlay on to its frame on the screen."""
    looking.presses("o")
    time.sleep(_REST)
    looking.does("expectKey", ".pane-heat")
    looking.presses("o")
    return looking.does("keyPainted")


def long_list(looking: Looking, lengths: Lengths) -> dict[str, float]:
    return {f"scrolling {STUDIES} rows, frames/s": looking.does("scroll", lengths.milliseconds)}


def measure(folder: Path, lengths: Lengths) -> Figures:
    figures: Figures = defaultdict(list)
    with service(folder / "two") as running, a_browser(*SOFTWARE_GL) as browser:
        address = f"http://127.0.0.1:{running.port}"
        send(address)
        for _ in range(lengths.rounds):
            for screen in SCREENS:
                _note(
                    figures, screen, on_a_page(browser, address, screen, lambda looking: reading_room(looking, lengths))
                )
    with service(folder / "many") as running, a_browser(*SOFTWARE_GL) as browser:
        fill(PrivatePostgres(folder / "many" / "postgres").url, STUDIES)
        address = f"http://127.0.0.1:{running.port}"
        for _ in range(lengths.rounds):
            found = on_a_page(browser, address, _USUAL, lambda looking: long_list(looking, lengths))
            _note(figures, f"{STUDIES} rows, {_USUAL}", found)
    return figures


def send(address: str) -> None:
    """Two studies of one image each, of 15 MB."""
    pixels = picture(ROWS, COLUMNS)
    plain = next(one for one in SYNTAXES if one.transfer_syntax.keyword == "ExplicitVRLittleEndian")
    for uids in _UIDS:
        answer = httpx.post(
            f"{address}/api/instances?wait=60",
            content=dicom(pixels, plain, uids),
            headers={"Content-Type": "application/dicom"},
            timeout=90,
        )
        assert answer.status_code == 200, answer.text


def _note(figures: Figures, screen: str, found: Mapping[str, float]) -> None:
    for what, value in found.items():
        name, _, unit = what.rpartition(", ")
        figures[f"{name}, {screen}, {unit}"].append(value)


def bundles() -> dict[str, float]:
    """Megabytes that a browser fetches, gzipped: before the worklist, and with the first image."""
    sizes = {file.name: len(gzip.compress(file.read_bytes())) / 1e6 for file in _BUILT.iterdir()}
    main = sum(size for name, size in sizes.items() if name.startswith("index-"))
    return {"page, gzipped, MB": main, "page with images, gzipped, MB": sum(sizes.values())}


def report(figures: Figures) -> Report:
    found = {f"viewer: {name}": median(values) for name, values in figures.items()}
    sizes = {f"bundle: {name}": value for name, value in bundles().items()}
    of_each = _without_units(found).items()
    usual = {name.removesuffix(f", {_USUAL}"): value for name, value in of_each if name.endswith(f", {_USUAL}")}
    slowest = min(value for name, value in usual.items() if name.startswith(("window", "zoom")))
    bars = {
        "first_pixels_ms": Bar(value=usual["worklist to first pixels"], at_most=1500),
        "overlay_switch_ms": Bar(value=usual["overlay switch"], at_most=100),
        "slowest_movement_frames_a_second": Bar(value=slowest, at_least=8),
        "bundle_megabytes": Bar(value=sizes["bundle: page with images, gzipped, MB"], at_most=1.5),
    }
    return Report(figures=found | sizes, bars=bars)


def _without_units(found: Mapping[str, float]) -> dict[str, float]:
    return {name.removeprefix("viewer: ").rpartition(", ")[0]: value for name, value in found.items()}


@click.command()
@click.option("--json", "as_object", is_flag=True, help="Print one JSON object.")
@click.option("--long", "long_form", is_flag=True, help="Measure longer and more often, for figures to publish.")
def command(*, as_object: bool, long_form: bool) -> None:
    """Measure the viewer in Debian's Chromium with software GL, over a service on the same machine."""
    with tempfile.TemporaryDirectory(prefix="hilum-") as folder:
        found = report(measure(Path(folder), LONG if long_form else SHORT))
    click.echo(found.as_json() if as_object else found.as_text())


if __name__ == "__main__":
    command()
