"""The worklist over 200,000 studies, asked as its page asks and as DICOMweb does: through the HTTP interface."""

import json
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import click
import httpx
import psycopg

from benchmarks.files import SYNTAXES, dicom, picture
from benchmarks.report import Bar, Report
from benchmarks.service import service
from model import Radiograph, Reader
from model.errors import RefusalCode
from model.reading import Refusal
from serving.outcome import Outcome
from serving.presentations.reading_json import outcome_json
from serving.presentations.study_json import strongest
from serving.private_postgres import PrivatePostgres

STUDIES = 200_000
MOST_MILLISECONDS = 50.0
_ROWS = Path(__file__).with_name("studies.sql")

#: What is asked, by what it is called.
QUERIES: Mapping[str, Mapping[str, str]] = {
    "newest": {},
    "most urgent": {"sort": "urgent"},
    "pending": {"state": "pending"},
    "failed": {"state": "failed"},
    "refused": {"refused": "true"},
    "not reviewed": {"reviewed": "false"},
    "not reviewed, most urgent": {"reviewed": "false", "sort": "urgent"},
    "common finding": {"finding": "Effusion"},
    "rare finding": {"finding": "Hernia"},
    "rare finding, most urgent": {"finding": "Hernia", "sort": "urgent"},
    "finding that none has": {"finding": "Fracture"},
    "modality of most": {"modality": "DX"},
    "modality of few": {"modality": "RG"},
    "common name": {"search": "nguyen"},
    "part of a name, with diacritics": {"search": "Đức Hương"},
    "rare name": {"search": "khue"},
    "name that none has": {"search": "quetzal"},
    "two letters with which many names begin": {"search": "ng"},
    "two letters with which none begins": {"search": "zq"},
    "accession number": {"search": "A00123456"},
    "urgent finding, not reviewed, by name": {"finding": "Pneumothorax", "reviewed": "false", "search": "tran"},
    "refused, by modality and name": {"refused": "true", "modality": "CR", "search": "pham"},
}
#: What DICOMweb is asked, by what it is called: path and query. A viewer asks for a hundred and one.
SEARCHES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "all studies": ("/studies", {}),
    "all studies, far down": ("/studies", {"offset": "5000"}),
    "patient": ("/studies", {"PatientID": "BN0791900"}),
    "patients by the beginning of an ID": ("/studies", {"PatientID": "BN01234*"}),
    "patient that none is": ("/studies", {"PatientID": "none"}),
    "day of the study": ("/studies", {"StudyDate": "{day}"}),
    "day of the study and modality": ("/studies", {"StudyDate": "{day}", "ModalitiesInStudy": "CR"}),
    "open span of days": ("/studies", {"StudyDate": "-{day}"}),
    "study": ("/studies", {"StudyInstanceUID": "2.25.3000000000100"}),
    "accession number": ("/studies", {"AccessionNumber": "A00000123"}),
    "modality of most": ("/studies", {"ModalitiesInStudy": "DX"}),
    "modality of few": ("/studies", {"ModalitiesInStudy": "RG"}),
    "beginning of a common name": ("/studies", {"PatientName": "Nguyễn*"}),
    "beginning of a rare name": ("/studies", {"PatientName": "Đoàn*"}),
    "part of a rare name": ("/studies", {"PatientName": "*khuê*"}),
    "name that none has": ("/studies", {"PatientName": "Quetzal*"}),
    "common name and day of the study": ("/studies", {"PatientName": "nguyen*", "StudyDate": "{day}"}),
    "series of a patient": ("/series", {"PatientID": "BN0791900"}),
    "series of a study": ("/studies/2.25.3000000000100/series", {}),
    "instances of a study": ("/studies/2.25.3000000000100/instances", {}),
    "instance": ("/instances", {"SOPInstanceUID": "2.25.110001"}),
}
_VIEWERS_PAGE = "101"
#: Asked of a page in the middle of the list, and of one near its end.
_DEPTHS = {"the middle": 0.5, "the end": 0.02}


@dataclass(frozen=True, kw_only=True)
class Question:
    path: str
    query: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Milliseconds of each request, and how many studies, series or instances the first one gave."""

    taken: list[float]
    studies: int

    @property
    def p95(self) -> float:
        return quantiles(self.taken, n=20)[-1]


def documents() -> tuple[str, dict[str, Any], dict[str, Any]]:
    """The reader's name, and what it says of a radiograph that it reads and of one that it refuses."""
    reader = Reader.load()
    reading = reader.read(Radiograph.from_dicom(dicom(picture(1024, 1024), SYNTAXES[0])))
    refusal = Refusal(code=RefusalCode.NOT_FRONTAL, reason="The radiograph must be frontal. Send the PA or AP image.")
    read, refused = (
        outcome_json(Outcome(result=result, reader=reader.name), "2.25.1") for result in (reading, refusal)
    )
    return reader.name, read, refused


def fill(url: str, studies: int) -> None:
    """Rows as readings and reviews would have left them."""
    reader, read, refused = documents()
    values: dict[str, object] = {"studies": studies, "reader": reader}
    shown = {"document": read, "refusal": refused, "strongest": strongest(read["findings"])}
    values |= {name: json.dumps(what) for name, what in shown.items()}
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(_ROWS.read_text(encoding="utf-8").encode(), values)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def received_at(url: str, share: float) -> str:
    """When the study was received before which so great a share of all was."""
    query = "SELECT percentile_disc(%s) WITHIN GROUP (ORDER BY received_at) FROM hilum.study"
    with psycopg.connect(url) as connection:
        row = connection.execute(query, [share]).fetchone()
    assert row
    return str(row[0].isoformat())


def questions(client: httpx.Client, url: str) -> dict[str, Question]:
    """All of them, in the order in which they are asked."""
    of_the_list = {name: Question(path="/api/studies", query=query) for name, query in queries(client, url).items()}
    day = received_at(url, 0.5)[:10].replace("-", "")
    return of_the_list | {
        f"DICOMweb, {name}": Question(
            path=f"/dicom-web{path}",
            query={"limit": _VIEWERS_PAGE, **{key: text.format(day=day) for key, text in query.items()}},
        )
        for name, (path, query) in SEARCHES.items()
    }


def queries(client: httpx.Client, url: str) -> dict[str, dict[str, str]]:
    """All of them, with pages far down and spans of time."""
    asked = {name: dict(query) for name, query in QUERIES.items()}
    for place, share in _DEPTHS.items():
        moment = received_at(url, share)
        asked[f"before a time, near {place}"] = {"before": moment}
        for sort in ("newest", "urgent"):
            page = client.get("/api/studies", params={"before": moment, "sort": sort, "limit": "1"}).json()
            asked[f"page near {place}, {sort}"] = {"cursor": page["next"], "sort": sort}
    asked["rare finding, since a time"] = {"finding": "Hernia", "since": received_at(url, 0.5)}
    return asked


def ask(client: httpx.Client, asked: Mapping[str, Question], rounds: int) -> dict[str, Answer]:
    """Every query in turns, one at a time, after one turn that does not count."""
    taken: dict[str, list[float]] = {name: [] for name in asked}
    found: dict[str, int] = {}
    for turn in range(rounds + 1):
        for name, question in asked.items():
            began = time.perf_counter()
            answer = client.get(question.path, params=question.query)
            milliseconds = 1000 * (time.perf_counter() - began)
            answer.raise_for_status()
            if turn:
                taken[name].append(milliseconds)
            else:
                found[name] = _count(answer.json())
    return {name: Answer(taken=times, studies=found[name]) for name, times in taken.items()}


def _count(answer: Any) -> int:
    return len(answer["studies"] if isinstance(answer, dict) else answer)


def report(answers: Mapping[str, Answer], studies: int) -> Report:
    table = f"worklist of {studies} studies, p95"
    figures = {f"{table}: {name} ({answer.studies} found), ms": answer.p95 for name, answer in answers.items()}
    medians = {f"worklist of {studies} studies, median: {name}, ms": median(a.taken) for name, a in answers.items()}
    bars = {f"{name}, p95 ms": Bar(value=answer.p95, at_most=MOST_MILLISECONDS) for name, answer in answers.items()}
    return Report(figures=figures | medians, bars=bars)


@click.command()
@click.option("--json", "as_object", is_flag=True, help="Print one JSON object.")
@click.option("--long", "long_form", is_flag=True, help="Ask more often, for figures to publish.")
@click.option("--studies", default=STUDIES, help="How many there are.", show_default=True)
def command(*, as_object: bool, long_form: bool, studies: int) -> None:
    """Measure how fast the worklist answers when there is much in it."""
    with tempfile.TemporaryDirectory(prefix="hilum-") as folder:
        data = Path(folder) / "data"
        with service(data) as running, httpx.Client(base_url=f"http://127.0.0.1:{running.port}", timeout=60) as client:
            url = PrivatePostgres(data / "postgres").url
            fill(url, studies)
            answers = ask(client, questions(client, url), 200 if long_form else 40)
        found = report(answers, studies)
    click.echo(found.as_json() if as_object else found.as_text())


if __name__ == "__main__":
    command()
