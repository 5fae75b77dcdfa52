"""What is counted: under names that a dashboard may rely on, and no patient data."""

import re

from prometheus_client.parser import text_string_to_metric_families

from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import live

NAMES = {
    "hilum_received",
    "hilum_received_bytes",
    "hilum_outcomes",
    "hilum_refused",
    "hilum_receive_to_reading_seconds",
    "hilum_stage_seconds",
    "hilum_reader_info",
    "hilum_database_up",
    "hilum_workers",
    "hilum_waiting_jobs",
    "hilum_oldest_job_seconds",
    "hilum_dead_letters",
    "hilum_deliveries",
    "hilum_dead",
}


def test_what_happened_is_counted() -> None:
    with live(StubReader()) as client:
        before = _values(client.get("/metrics").text)
        client.post("/api/instances?wait=20", files=[("f", dicom("1.2.1")), ("f", dicom("1.2.2", Modality="CT"))])
        client.post("/api/instances", files={"f": dicom("1.2.1")})
        text = client.get("/metrics").text
    after = _values(text)
    changed = {key: after[key] - before.get(key, 0) for key in after}
    assert changed['received{door="http",receipt="received"}'] == 2
    assert changed['received{door="http",receipt="duplicate"}'] == 1
    assert changed['outcomes{reader="hilum-stub 1.2.3",state="read"}'] == 1
    assert changed['refused{code="not-radiograph"}'] == 1
    assert changed["receive_to_reading_seconds_count{}"] == 2
    assert {family.name for family in text_string_to_metric_families(text)} >= NAMES
    assert "Mẫu" not in text
    assert "P-1" not in text


def _values(text: str) -> dict[str, float]:
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f'{key}="{value}"' for key, value in sorted(sample.labels.items()))
            name = re.sub(r"^hilum_|_total$", "", sample.name)
            found[f"{name}{{{labels}}}"] = sample.value
    return found
