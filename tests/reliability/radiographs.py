"""Radiographs to send: the samples that ship, each under UIDs of its own."""

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

from pydicom import dcmread
from pydicom.uid import generate_uid

_SAMPLES = Path("data_samples")
#: The small ones, in three transfer syntaxes; the reader refuses the last two.
_FILES = ("eight_bit_pa", "mirrored_truthful_pa", "turned_truthful_pa", "monochrome1_pa", "child_ap", "hand_pa")
#: Radiographs of one study: they come one after the other, with others in between.
_IN_STUDY = 3


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One radiograph as a file."""

    sop_instance_uid: str
    study_instance_uid: str
    sample: str
    content: bytes

    @property
    def content_hash(self) -> str:
        return content_hash(self.content)

    @property
    def expected(self) -> str:
        """What a reading of it must come to: "read", or "refused"."""
        return _expected()[f"{self.sample}.dcm"]


def radiographs(seed: object) -> Iterator[Sent]:
    """No two alike; the same ones for the same seed."""
    for number in count():
        sample = _FILES[number % len(_FILES)]
        study = number // (_IN_STUDY * len(_FILES))
        dataset = dcmread(io.BytesIO(_content(sample)))
        dataset.StudyInstanceUID = generate_uid(prefix=None, entropy_srcs=[str(seed), sample, "study", str(study)])
        dataset.SeriesInstanceUID = generate_uid(prefix=None, entropy_srcs=[str(seed), sample, "series", str(study)])
        dataset.SOPInstanceUID = generate_uid(prefix=None, entropy_srcs=[str(seed), "instance", str(number)])
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        file = io.BytesIO()
        dataset.save_as(file, enforce_file_format=True)
        yield Sent(
            sop_instance_uid=str(dataset.SOPInstanceUID),
            study_instance_uid=str(dataset.StudyInstanceUID),
            sample=sample,
            content=file.getvalue(),
        )


def content_hash(content: bytes) -> str:
    """SHA-256 of a DICOM file's transfer syntax and data set: the rest (PS3.10, 7.1) is each sender's own."""
    length = int.from_bytes(content[140:144], "little")  # (0002,0000) is the first element, at 132
    syntax = str(dcmread(io.BytesIO(content), stop_before_pixels=True).file_meta.TransferSyntaxUID)
    return hashlib.sha256(syntax.encode() + content[144 + length :]).hexdigest()


@cache
def _content(sample: str) -> bytes:
    return (_SAMPLES / f"{sample}.dcm").read_bytes()


@cache
def _expected() -> dict[str, str]:
    listed = json.loads((_SAMPLES / "expected.json").read_text(encoding="utf-8"))
    return {one["file"]: one["outcome"] for one in listed}
