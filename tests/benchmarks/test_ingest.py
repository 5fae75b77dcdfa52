"""The plumbing of the C-STORE benchmark: what its sender sends is stored, its bars are ratios of what ran together."""

import time
from pathlib import Path

import pytest

from benchmarks.files import SYNTAXES, dicom, picture
from benchmarks.ingest import Measured, bars, figures
from benchmarks.sender import PLACEHOLDERS
from benchmarks.store_sender import Association, File, Sent
from serving.store import readings
from tests.serving.receiver import receiving


def test_the_sender_sends_each_time_another_instance(tmp_path: Path) -> None:
    """128 x 128 pixels of 12 bits and an 8-bit JPEG, in turns."""
    jpeg = next(syntax for syntax in SYNTAXES if syntax.transfer_syntax.keyword == "JPEGBaseline8Bit")
    for name, syntax in (("plain", SYNTAXES[0]), ("jpeg", jpeg)):
        (tmp_path / name).write_bytes(dicom(picture(128, 128), syntax, PLACEHOLDERS))
    with receiving() as (port, store):
        sent = Sent()
        files = [File.read(tmp_path / name) for name in ("plain", "jpeg")]
        Association(("127.0.0.1", port), "HILUM", files, 0).send_each(time.time() + 1, sent)
        kept = store.database.all("study_instances", studies=list(range(1000)))
        assert sent.refused == []
        assert len(sent.at) == len(kept) >= 2
        entry = readings.find(store, kept[0]["sop_instance_uid"])
        assert entry
        assert entry.study_instance_uid.startswith("2.25.3")


@pytest.mark.parametrize(
    ("ours", "theirs", "value", "holds"),
    [([30.0, 60.0], [10.0, 15.0], 3.5, True), ([29.0, 20.0], [10.0, 10.0], 2.45, False)],
)
def test_a_bar_is_the_median_of_the_rounds_ratios(
    ours: list[float], theirs: list[float], value: float, holds: bool
) -> None:
    measured = Measured()
    measured.rates["10 MB", 4, "Hilum"] += ours
    measured.rates["10 MB", 4, "Orthanc"] += theirs
    made = bars(measured)
    assert list(made) == ["files_over_orthanc_at_4"]  # who was left out has no bar
    assert (made["files_over_orthanc_at_4"].value, made["files_over_orthanc_at_4"].holds) == (value, holds)
    assert figures(measured)["files: 10 MB, 4 associations, Hilum, a second"] == sum(ours) / 2
