"""Prints a digest of each presentation of one reading, before and after a review: ``python -m`` in another process."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from serving.dicom_results import MAKERS
from serving.presentations import documents
from serving.presentations.dicom_result import encoded
from serving.presentations.review import Review
from tests.fakes import StubReader
from tests.serving.presentations.answers import answer_of, sample
from tests.serving.presentations.completions import completion, outcomes
from tests.serving.presentations.reviews import said


def presentations() -> Iterator[tuple[str, bytes]]:
    answer, rows = answer_of(StubReader(), sample("effusion_pa")), outcomes()
    rows[0]["document"] |= {"timings_ms": {}}  # measured anew each time that something is read
    for review in (None, Review.of(said(), "Radiologist")):
        for kind, make in MAKERS.items():
            result = make(replace(answer, review=review))
            assert result is not None
            yield kind, encoded(result)
        for kind in documents.MAKERS:
            made = documents.document(kind, completion(), rows, review)
            assert made is not None
            yield kind, made.body


if __name__ == "__main__":
    for name, data in presentations():
        print(name, hashlib.sha256(data).hexdigest())
