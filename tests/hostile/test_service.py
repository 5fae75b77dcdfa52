"""Hostile files and requests against the service as it runs: what comes back is a refusal or harmless, never a page."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from serving.dicomweb.search_parameters import searched
from serving.doors.statuses import Status
from serving.store.searches import Level
from tests.fakes import StubReader
from tests.hostile.corpus import CORPUS
from tests.hostile.names import MARKUP, PREAMBLES, TEXTS, UIDS, with_texts
from tests.hostile.writing import written
from tests.serving.files import dicom
from tests.serving.live import live
from tests.serving.receiver import receiving, send

DICOM = {"Content-Type": "application/dicom"}
#: What a browser would run.
PAGES = ("text/html", "text/xml", "application/xhtml", "application/xml", "image/svg", "text/javascript")
#: Files that take seconds, and say nothing to a door that other files do not.
_SLOW = ("a million", "deflate: 300 MB", "70,000")


pytestmark = pytest.mark.filterwarnings("ignore")  # pydicom's, of character sets


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with live(StubReader(), destinations="") as client:
        yield client


def upload(client: httpx.Client, data: bytes, **query: object) -> httpx.Response:
    return client.post("/api/instances", params=query, content=data, headers=DICOM)


def harmless(answer: httpx.Response) -> httpx.Response:
    """No failure of ours, and nothing that a browser would take for a page."""
    assert answer.status_code < 500, answer.text
    assert not answer.headers.get("Content-Type", "").startswith(
        ("text/html", "text/xml", "application/xhtml", "image/svg")
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    return answer


@pytest.mark.parametrize("name", [name for name in CORPUS if not name.startswith(_SLOW)])
def test_every_door_answers_for_every_file(client: httpx.Client, name: str) -> None:
    assert harmless(upload(client, CORPUS[name].data)).status_code in {202, 409}
    assert harmless(client.post("/dicom-web/studies", content=CORPUS[name].data, headers=DICOM)).status_code in {
        200,
        409,
    }


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_comes_back_as_data_or_not_at_all(client: httpx.Client, name: str) -> None:
    uid = f"2.25.77{list(TEXTS).index(name)}"
    data = with_texts(name, SOPInstanceUID=uid, StudyInstanceUID=f"{uid}.1", SeriesInstanceUID=f"{uid}.2")
    assert harmless(upload(client, data, wait=60)).status_code == 200
    study = f"/dicom-web/studies/{uid}.1"
    for path in (
        "/api/studies",
        f"/api/studies/{uid}.1",
        f"/api/instances/{uid}/reading",
        f"/dicom-web/studies?StudyInstanceUID={uid}.1&includefield=all",
        f"{study}/series?includefield=all",
        f"{study}/instances?includefield=all",
        f"{study}/metadata",
        f"{study}/series/{uid}.2/instances/{uid}/metadata",
    ):
        answer = harmless(client.get(path))
        if answer.status_code == 200:
            json.loads(answer.content.decode())  # strictly UTF-8
    for path in (study, f"{study}/series/{uid}.2/instances/{uid}/rendered"):
        harmless(client.get(path, headers={"Accept": "*/*"}))


def test_markup_in_a_url_comes_back_in_no_page(client: httpx.Client) -> None:
    for path in ("/", "/api/studies/", "/api/instances/", "/dicom-web/studies/", "/static/", "/nowhere/"):
        answer = client.get(f"{path}{MARKUP}", params={"search": MARKUP, MARKUP: MARKUP})
        assert answer.status_code < 500
        assert "<script>alert" not in answer.text or answer.headers["Content-Type"].endswith("json")


@pytest.mark.parametrize("name", PREAMBLES)
def test_a_preamble_is_stored_as_zeros(client: httpx.Client, name: str) -> None:
    uid = f"2.25.88{list(PREAMBLES).index(name)}"
    file = written(SOPInstanceUID=uid, StudyInstanceUID=f"{uid}.1", SeriesInstanceUID=f"{uid}.2")
    hostile = PREAMBLES[name].ljust(128, b" ") + file[128:]
    assert upload(client, hostile, wait=60).json()["instances"][0]["reading"]["refusal"] is None
    accept = {"Accept": "application/dicom; transfer-syntax=*"}
    came = client.get(f"/dicom-web/studies/{uid}.1/series/{uid}.2/instances/{uid}", headers=accept)
    assert came.content == file
    assert upload(client, file).json()["instances"][0]["receipt"] == "duplicate"  # its preamble is none of its content


def test_uids_that_are_paths_lead_out_of_no_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with live(StubReader(), destinations=f"folder=file://{out}", dicomweb_results="") as client:
        for text in UIDS.values():
            file = written(SOPInstanceUID=text, SeriesInstanceUID=text, StudyInstanceUID=text, PatientID=text[:60])
            assert upload(client, file, wait=60).status_code == 200
        wait_for_files(out, 1)
    everything = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")}
    assert everything == {"out"}


def wait_for_files(folder: Path, least: int) -> None:
    stop = threading.Event()
    for _ in range(600):
        if len([path for path in folder.rglob("*") if path.is_file()]) >= least:
            return
        stop.wait(0.1)
    raise AssertionError("nothing was delivered")


HALF_A_PAIR = "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")
INJECTED = (
    *("' OR '1'='1", "'; DROP TABLE hilum.study; --", "1) UNION SELECT 1", "\\", "%", "$$", "\0", '"', HALF_A_PAIR),
)


@pytest.mark.parametrize("text", INJECTED)
def test_sql_in_a_query_is_a_text(client: httpx.Client, text: str) -> None:
    """Every parameter of every search that there is: refused, or taken for what it is, which nothing matches."""
    before = client.get("/api/studies").json()
    for level, path in (
        (Level.STUDY, "/dicom-web/studies"),
        (Level.SERIES, "/dicom-web/series"),
        (Level.INSTANCE, "/dicom-web/instances"),
    ):
        for keyword in (*searched(level), "includefield", "limit", "offset", "fuzzymatching"):
            assert harmless(client.get(path, params={keyword: text})).status_code in {200, 400}
    for path, parameters in get_routes_with_queries(client):
        for parameter in parameters:
            assert harmless(client.get(path, params={parameter: text})).status_code < 500
    assert client.get("/api/studies").json() == before


def get_routes_with_queries(client: httpx.Client) -> list[tuple[str, list[str]]]:
    """As the interface describes itself; those with something in their path are below."""
    paths = {path: one["get"] for path, one in client.get("/openapi.json").json()["paths"].items() if "get" in one}
    found = [
        (path, [each["name"] for each in one.get("parameters", ()) if each["in"] == "query"])
        for path, one in paths.items()
        if "{" not in path and path != "/api/events"
    ]
    assert dict(found)["/api/studies"]
    return found


@pytest.mark.parametrize("text", [*UIDS.values(), *INJECTED])
@pytest.mark.parametrize(
    "path",
    ["/api/studies/{}", "/api/instances/{}/reading", "/dicom-web/studies/{}/metadata", "/api/instances/{}/overlay.jpg"],
)
def test_a_path_that_names_nothing_is_not_found(client: httpx.Client, path: str, text: str) -> None:
    quoted = "".join(f"%{byte:02X}" for byte in text.encode())
    assert harmless(client.get(path.format(quoted))).status_code in {400, 404, 422}


def test_a_storm_of_the_same_instance_is_one_row_and_one_answer(client: httpx.Client) -> None:
    """By two doors, from many at once, again and again: one of them stored it, the others hear that it is there."""
    file = dicom("1.2.77.1", StudyInstanceUID="1.2.77")
    receipts: Counter[str] = Counter()

    def post() -> None:
        for _ in range(8):
            answer = upload(client, file)
            assert answer.status_code in {202, 503}, answer.text
            receipts[answer.json()["instances"][0]["receipt"] if answer.status_code == 202 else "not now"] += 1
            answer = client.post("/dicom-web/studies", content=file, headers=DICOM)
            assert answer.status_code in {200, 503}

    at_once(post, 12)
    assert receipts["received"] <= 1  # STOW may have been the first
    assert receipts["duplicate"] > 0
    assert len(client.get("/dicom-web/studies/1.2.77/instances?limit=9").json()) >= 1
    assert client.get("/api/studies/1.2.77").json()["instances"][0]["sop_instance_uid"] == "1.2.77.1"
    assert len(client.get("/api/studies/1.2.77").json()["instances"]) == 1


def test_a_storm_of_conflicts_keeps_the_first(client: httpx.Client) -> None:
    first = dicom("1.2.78.1", StudyInstanceUID="1.2.78", shade=1)
    assert upload(client, first).status_code == 202
    shades = iter(range(2, 200))
    turn = threading.Lock()
    statuses: Counter[int] = Counter()

    def post() -> None:
        for _ in range(6):
            with turn:
                shade = next(shades)
            statuses[upload(client, dicom("1.2.78.1", StudyInstanceUID="1.2.78", shade=shade)).status_code] += 1

    at_once(post, 8)
    assert set(statuses) <= {409, 503}
    accept = {"Accept": "application/dicom; transfer-syntax=*"}
    assert client.get("/dicom-web/studies/1.2.78/series/1.2.3.20/instances/1.2.78.1", headers=accept).content == first


def at_once(what: Callable[[], None], count: int) -> None:
    with ThreadPoolExecutor(count) as pool:
        for one in [pool.submit(what) for _ in range(count)]:
            one.result(100)


def test_a_storm_by_c_store_is_one_row() -> None:
    file = dicom("1.2.79.1", StudyInstanceUID="1.2.79")
    statuses: Counter[int] = Counter()
    with receiving(dimse_associations=16) as (port, store):

        def store_it() -> None:
            for _ in range(4):
                statuses[send(port, file)] += 1

        at_once(store_it, 8)
        assert set(statuses) <= {Status.SUCCESS, Status.OUT_OF_RESOURCES}
        assert statuses[Status.SUCCESS] > 0
        assert store.database.one("known_instance", sop_instance_uid="1.2.79.1") is not None
