"""The way round: sent, read, reviewed by people, exported, and read by training."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from model.errors import Misconfigured
from serving.training_set.exporting import Exported, Wanted, export
from serving.training_set.pseudonyms import Pseudonyms
from tests.fakes import StubReader
from tests.serving.files import COLUMNS, ROWS, dicom, png
from tests.serving.live import new_store, serving, working

DICOM = {"Content-Type": "application/dicom"}
BOX = {"x": 4.0, "y": 6.0, "width": 20.0, "height": 10.0}
NAMES = Pseudonyms(b"k" * 32)
#: In the files, and in what reviewers write: nowhere in the export.
PLANTED = ("Nguyễn", "BV-7", "ACC-9", "19500102", "20260102", "1.9.1", "reader-7", "bà Nguyễn")


def sent(client: httpx.Client, number: int, *, data: bytes | None = None, **more: Any) -> int:
    patient = {
        "PatientName": "Nguyễn^Văn",
        "PatientID": f"BV-7{number}",
        "AccessionNumber": "ACC-9",
        "PatientBirthDate": "19500102",
    }
    place = {"StudyInstanceUID": f"1.9.1.{number}.1", "SeriesInstanceUID": f"1.9.1.{number}.2"}
    content = data or dicom(f"1.9.1.{number}", **{**patient, **place, "BurnedInAnnotation": "NO", **more})
    headers = DICOM if data is None else {"Content-Type": "image/png"}
    answer = client.post("/api/instances?wait=30", content=content, headers=headers).json()
    return int(answer["instances"][0]["reading"]["reading_id"])


def review(client: httpx.Client, reading_id: int, *, signed_off: bool = True, **said: Any) -> None:
    document = {"reviewer": "reader-7", "signed_off": signed_off, "comment": "bà Nguyễn", **said}
    assert client.post(f"/api/readings/{reading_id}/review", json=document).status_code == 201


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Exported]]:
    folder = tmp_path_factory.mktemp("export") / "set"
    reader = StubReader()
    with (
        new_store() as (settings, store),
        working(settings, store, reader),
        serving(settings, store, reader.name) as client,
    ):
        corrected = [{"finding": "Effusion", "verdict": "corrected", "box": BOX, "comment": "Nguyễn"}]
        review(client, sent(client, 1), verdicts=corrected, missed=[{"finding": "Nodule"}, {"finding": "bà Nguyễn"}])
        review(client, sent(client, 2), verdicts=[{"finding": "Cardiomegaly", "verdict": "rejected"}])
        review(client, sent(client, 3), signed_off=False)
        taken_back = sent(client, 4)
        review(client, taken_back)
        review(client, taken_back, signed_off=False)
        review(client, sent(client, 5, BurnedInAnnotation="YES"))
        review(client, sent(client, 6, BurnedInAnnotation=None))
        review(client, sent(client, 7, Modality="CT"), comment="refused; nothing said of a finding")
        review(client, sent(client, 8, data=png()))
        sent(client, 9)  # nobody reviewed it
        yield folder, export(store, folder, NAMES, Wanted(dataset="ours"))
        with pytest.raises(Misconfigured, match="empty"):
            export(store, folder, NAMES, Wanted())


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_what_is_signed_off_is_taken_and_the_rest_is_said(exported: tuple[Path, Exported]) -> None:
    folder, done = exported
    assert done.taken == len(rows(folder / "index.csv")) == len(list((folder / "images").iterdir())) == 2
    reasons = {reason.split(":")[0]: count for reason, count in done.left_out.items()}
    assert reasons == {
        "Burned In Annotation is yes": 1,
        "Burned In Annotation is unknown": 1,
        "nothing is said of any finding": 1,
        "it came as a picture, not as DICOM": 1,
    }


def test_no_byte_names_a_patient_or_a_reviewer(exported: tuple[Path, Exported]) -> None:
    folder, _ = exported
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == 6
    for path in files:
        for planted in PLANTED:
            assert planted.encode() not in path.read_bytes() + str(path.relative_to(folder)).encode(), (
                path.name,
                planted,
            )


def test_the_tables_say_the_same(exported: tuple[Path, Exported]) -> None:
    folder, _ = exported
    first, second = rows(folder / "labels.csv")
    known = {name: first[name] for name in ("Cardiomegaly", "Effusion", "Nodule", "Pneumothorax", "Mass")}
    # Cardiomegaly is present and nobody judged it; nobody looked for a mass.
    assert known == {"Cardiomegaly": "", "Effusion": "1", "Nodule": "1", "Pneumothorax": "0", "Mass": ""}
    assert second["Cardiomegaly"] == "0"
    (box,) = rows(folder / "boxes.csv")
    assert (box["finding"], box["x"], box["y"], box["width"], box["height"]) == (
        "Effusion",
        "4.0",
        "6.0",
        "20.0",
        "10.0",
    )
    provenance = rows(folder / "provenance.csv")[0]
    assert (provenance["reader"], provenance["review_number"], provenance["reviewer_role"]) == (
        "hilum-stub 1.2.3",
        "1",
        "unknown",
    )
    assert provenance["findings_in_own_words"] == "1"


def test_training_reads_it(exported: tuple[Path, Exported]) -> None:
    pytest.importorskip("torch", reason="hilum[train] is not installed")
    from training.dataset import Radiographs
    from training.datasets import index

    examples = index.load(exported[0], open_only=False)
    assert [example.source for example in examples] == ["ours", "ours"]
    assert index.load(exported[0]) == [], "patients' radiographs are not open unless somebody says so"
    batch = Radiographs(examples, ("Effusion", "Pneumothorax", "Cardiomegaly", "Mass"), 64, seed=None)[0]
    assert batch.findings[:2].tolist() == [1.0, 0.0]
    assert batch.findings[2:].isnan().all()
    assert examples[0].shape == (ROWS, COLUMNS) == examples[0].pixels().shape
    (where,) = examples[0].boxes["Effusion"]
    assert where.holds(7, 5)
    assert not where.holds(5, 7)  # above it
