"""The plumbing of the audit trail's benchmark: each way receives, and notes as it says."""

import itertools
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.audit import WAYS, files_a_second, instances, stores
from serving.store import chain


def test_every_way_receives_and_notes_as_it_says() -> None:
    numbers = itertools.count(1)
    with TemporaryDirectory(prefix="hilum-a-") as folder, stores(Path(folder)) as opened:
        for store in opened.values():
            assert files_a_second(store, instances(numbers, 8)) > 0
        noted = [chain.head_of(opened[way]).position for way in WAYS]
    assert noted == [0, 8, 8]
