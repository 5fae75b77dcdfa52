"""Answers to files, as a worker would give them: by the reader that ships, or by the stub."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import data_samples
from model import Reader
from model.limits import Limits
from model.radiograph import Radiograph
from model.reading import Reading
from serving.presentations.dicom_result import Answer
from serving.presentations.reading_json import outcome_json
from serving.presentations.source_header import header_of
from serving.reading_task import Reads, read_bytes

FOLDER = Path(data_samples.__file__).parent
SAMPLES = tuple(sorted(path.stem for path in FOLDER.glob("*.dcm")))
RECORDED = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
_MOST = 10**8


@cache
def shipped() -> Reader:
    return Reader.load()


def answer_of(reader: Reads, data: bytes) -> Answer:
    outcome = read_bytes(reader, data, limits=Limits())
    source = header_of(data, _MOST)
    assert source is not None
    answer = Answer(
        source=source,
        document=json.loads(json.dumps(outcome_json(outcome, outcome.sop_instance_uid))),
        heatmaps=outcome.result.heatmaps if isinstance(outcome.result, Reading) else {},
        recorded_at=RECORDED,
        pixels=outcome.pixels,
    )
    if outcome.pixels is None:
        return answer
    return replace(answer, pixel_aspect_ratio=Radiograph.from_dicom(data).pixel_aspect_ratio)


def sample(name: str) -> bytes:
    return (FOLDER / f"{name}.dcm").read_bytes()


@cache
def sample_answer(name: str) -> Answer:
    return answer_of(shipped(), sample(name))
