"""The table of presentations, and what reads it."""

import os
import subprocess
import sys
from pathlib import Path

from serving import dicom_results
from serving.presentations import documents
from serving.presentations.kinds import DICOM_KINDS, DOCUMENT_KINDS, KINDS, sop_classes

DOCS = Path("docs/presentations.md")


def test_each_kind_is_made_and_documented() -> None:
    assert set(dicom_results.MAKERS) == set(DICOM_KINDS)
    assert set(documents.MAKERS) == set(DOCUMENT_KINDS)
    text = DOCS.read_text(encoding="utf-8")
    for name, kind in KINDS.items():
        assert f"`{name}`" in text
        assert kind.series_number is None or f"series {kind.series_number}" in text


def test_no_two_kinds_share_a_series_or_the_end_of_a_file_name() -> None:
    numbers = [kind.series_number for kind in KINDS.values() if kind.series_number]
    assert len(numbers) == len(set(numbers)) == len(DICOM_KINDS)
    suffixes = [KINDS[name].suffix for name in DOCUMENT_KINDS]
    assert len(suffixes) == len(set(suffixes))


def test_sop_classes_are_those_of_the_kinds_in_dicom() -> None:
    assert [uid.keyword for uid in sop_classes(("sr", "json", "sr"))] == ["ComprehensiveSRStorage"]


def test_each_kind_is_the_same_in_every_process() -> None:
    """What is tried again is seldom tried by the process that tried it first."""
    command = [sys.executable, "-m", "tests.serving.presentations.digests"]
    first, second = (
        subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True, timeout=110
        ).stdout.splitlines()
        for seed in ("1", "2")
    )
    assert first == second
    assert len(set(first)) == 2 * len(KINDS)  # a review makes another one of each
