import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from model.reading import OperatingPoint
from serving import schemas
from serving.presentations.reading_json import sentence
from tests.fakes import STUB_FINDINGS, StubReader
from tests.serving.files import COLUMNS, ROWS, dicom
from tests.serving.live import live

DOCS = (Path("docs/api.md"), Path("docs/dicomweb.md"))


@pytest.fixture(scope="module")
def read() -> Iterator[httpx.Client]:
    """A client of a service that has read the instance 1.2.3.1; no test may send to it."""
    with live(StubReader()) as client:
        client.post("/api/instances?wait=20", files={"f": dicom("1.2.3.1")})
        yield client


def picture(answer: httpx.Response) -> NDArray[np.uint8]:
    decoded = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert decoded is not None
    return np.asarray(decoded, dtype=np.uint8)


def test_a_reading_has_the_documented_shape(read: httpx.Client) -> None:
    answer = read.get("/api/instances/1.2.3.1/reading")
    reading = schemas.Reading.model_validate(answer.json())
    assert (reading.state, reading.reader, reading.view) == ("read", "hilum-stub 1.2.3", "PA")
    assert [(f.name, f.probability, f.threshold, f.experimental) for f in reading.findings] == [
        (name, probability, threshold, experimental)
        for name, (probability, threshold, experimental, _) in STUB_FINDINGS.items()
    ]
    effusion = next(f for f in reading.findings if f.name == "Effusion")
    assert effusion.present
    assert effusion.code.value == "60046008"
    assert effusion.operating_point.sentence == "90 % sensitivity, 71 % specificity on held-out patients of a stub"
    assert {"queue", "decode", "prepare", "network", "heatmaps"} == set(reading.timings_ms)


@pytest.mark.parametrize(("rule", "data"), [("none", "not calibrated"), ("Youden", "not evaluated")])
def test_a_threshold_without_an_operating_point_says_so(rule: str, data: str) -> None:
    point = OperatingPoint(
        rule=rule,
        sensitivity=0,
        sensitivity_interval=(0, 1),
        specificity=0,
        specificity_interval=(0, 1),
        data=data,
    )
    assert sentence(point) == f"no operating point is known: {data}"


def test_a_refusal_has_the_same_shape_and_no_findings() -> None:
    with live(StubReader(too_dark=1.1)) as client:
        answer = client.post("/api/instances?wait=20", files={"f": dicom("1.2.3.1")})
        reading = schemas.Upload.model_validate(answer.json()).instances[0].reading
        assert reading
        assert (reading.state, reading.findings, reading.gate) == ("refused", [], None)
        assert reading.refusal
        assert reading.refusal.code == "not-chest"
        assert reading.radiograph  # it was decoded, so it is shown
        assert client.get("/api/instances/1.2.3.1/heatmaps/Effusion").status_code == 404


def test_an_error_of_ours_is_a_failed_reading_and_the_next_one_is_read() -> None:
    reader = StubReader(broken=ZeroDivisionError("of Nguyễn Văn Bí Mật"))
    with live(reader) as client:
        failed = client.post("/api/instances?wait=20", files={"f": dicom("1.2.3.1")}).json()["instances"][0]["reading"]
        assert (failed["state"], failed["findings"]) == ("failed", [])
        assert "ZeroDivisionError" in failed["failure"]
        assert "Mật" not in failed["failure"]
        reader.broken = None
        again = client.post("/api/instances?wait=20", files={"f": dicom("1.2.3.2")}).json()["instances"][0]["reading"]
        assert again["state"] == "read"


@pytest.mark.parametrize(
    "path",
    [
        "/api/instances/1.2.3.1/reading",
        "/api/instances/1.2.3.1/heatmaps/Effusion",
        "/api/instances/1.2.3.1/heatmaps/Effusion?style=colour&width=32",
        "/api/instances/1.2.3.1/overlay.jpg",
        "/api/instances/1.2.3.1/overlay.jpg?finding=Effusion",
    ],
)
def test_what_the_client_has_already_is_304(read: httpx.Client, path: str) -> None:
    first = read.get(path)
    again = read.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    other = read.get(path, headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.content) == (200, first.content)


def test_pictures_of_different_things_have_different_tags(read: httpx.Client) -> None:
    paths = ["heatmaps/Effusion", "heatmaps/Effusion?width=32", "heatmaps/Effusion?style=colour", "heatmaps/Nodule"]
    paths += ["overlay.jpg", "overlay.jpg?finding=Effusion", "overlay.jpg?finding=Nodule", "reading"]
    tags = {read.get(f"/api/instances/1.2.3.1/{path}").headers["ETag"] for path in paths}
    assert len(tags) == len(paths)


@pytest.mark.parametrize(
    ("query", "shape"),
    [
        ("", (ROWS, COLUMNS)),  # 1024 asked for, but never wider than the radiograph
        ("?width=24", (ROWS // 2, 24)),
        ("?style=colour", (ROWS, COLUMNS, 4)),
    ],
)
def test_heatmaps_lie_on_the_grid_of_the_radiograph(read: httpx.Client, query: str, shape: tuple[int, ...]) -> None:
    answer = read.get(f"/api/instances/1.2.3.1/heatmaps/Effusion{query}")
    assert answer.headers["Content-Type"] == "image/png"
    assert picture(answer).shape == shape


def test_the_radiograph_without_a_finding_is_the_radiograph_alone(read: httpx.Client) -> None:
    plain, laid_over = (
        picture(read.get(f"/api/instances/1.2.3.1/{path}")) for path in ("overlay.jpg", "overlay.jpg?finding=Effusion")
    )
    assert plain.shape == (ROWS, COLUMNS)  # grey
    assert laid_over.shape == (ROWS, COLUMNS, 3)
    assert np.ptp(laid_over, axis=2).max() > 60  # coloured


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/api/studies/1.2.3.99", 404),
        ("GET", "/api/instances/1.2.3.99/reading", 404),
        ("GET", "/api/instances/1.2.3.99/overlay.jpg", 404),
        ("GET", "/api/instances/1.2.3.1/heatmaps/Nonsense", 404),
        ("GET", "/api/instances/1.2.3.1/overlay.jpg?finding=Nonsense", 404),
        ("DELETE", "/api/studies", 405),
        ("GET", "/api/instances", 405),
        ("GET", "/api/instances/1.2.3.1/heatmaps/Effusion?width=x", 422),
        ("GET", "/api/instances/1.2.3.1/heatmaps/Effusion?width=999999", 422),
        ("GET", "/api/instances/1.2.3.1/heatmaps/Effusion?style=red", 422),
        ("POST", "/api/instances?wait=-1", 422),
        ("POST", "/api/instances?wait=1e9", 422),
    ],
)
def test_every_error_is_a_problem_document(read: httpx.Client, method: str, path: str, status: int) -> None:
    answer = read.request(method, path)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = schemas.Problem.model_validate(answer.json())
    assert (problem.status, problem.type.startswith("urn:hilum:problem:")) == (status, True)
    assert len(problem.detail) > 20


def test_the_worklist_groups_by_study_newest_first(client: httpx.Client) -> None:
    client.post("/api/instances?wait=20", files={"f": dicom("1.2.3.1")})
    client.post("/api/instances?wait=20", files={"f": dicom("1.2.4.1", StudyInstanceUID="1.2.4")})
    client.post("/api/instances?wait=20", files={"f": dicom("1.2.3.2")})
    studies = schemas.Studies.model_validate(client.get("/api/studies").json()).studies
    assert [[one.sop_instance_uid for one in study.instances] for study in studies] == [
        ["1.2.3.2", "1.2.3.1"],
        ["1.2.4.1"],
    ]
    assert studies[0].patient.name == "Mẫu Bình Thường"
    strongest = studies[0].instances[0].strongest
    assert strongest
    # odds over the odds of the threshold: Effusion 0.81 / 0.19 x 0.65 / 0.35 = 7.9, Cardiomegaly 2.5
    assert (strongest.name, strongest.present) == ("Effusion", True)
    alone = schemas.StudyWithCompletions.model_validate(client.get("/api/studies/1.2.4").json())
    assert alone.instances == studies[1].instances


def test_the_reader_and_the_health_of_the_service_can_be_asked(read: httpx.Client) -> None:
    information = schemas.ReaderInformation.model_validate(read.get("/api/reader").json())
    assert information.reader == "hilum-stub 1.2.3"
    assert information.storage == "Studies are kept."
    assert read.get("/healthz").json() == {"status": "alive"}
    ready = schemas.Readiness.model_validate(read.get("/readyz").json())
    assert (ready.status, ready.reader, ready.workers > 0) == ("ready", "hilum-stub 1.2.3", True)


def test_the_model_card_is_served_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "MODEL_CARD.md").write_text("# Cannot see fractures of the clavicle")
    with live(StubReader(), weights=tmp_path / "hilum.json") as client:
        assert client.get("/api/reader").json()["model_card"] == "/api/model-card"
        assert client.get("/api/model-card").text == "# Cannot see fractures of the clavicle"
    with live(StubReader(), weights=tmp_path / "none" / "hilum.json") as client:
        assert client.get("/api/reader").json()["model_card"] is None
        assert client.get("/api/model-card").status_code == 404


def test_every_route_stands_in_the_documentation(read: httpx.Client) -> None:
    written = "".join(page.read_text(encoding="utf-8") for page in DOCS)
    for path, methods in read.get("/openapi.json").json()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in written


def test_every_route_answers_as_openapi_says(read: httpx.Client) -> None:
    for path, methods in read.get("/openapi.json").json()["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            assert any(status.startswith(("2", "3")) for status in operation["responses"]), path


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_pages_load_nothing_from_elsewhere_and_no_inline_code(read: httpx.Client, path: str) -> None:
    page = read.get(path)
    assert page.headers["Content-Type"].startswith("text/html")
    named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert named
    for address in named:
        assert address.startswith("/")
        if address.startswith("/static/"):
            assert read.get(address).status_code == 200
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page.text) == []
