"""Every file of the corpus gets its answer, and costs no more memory than a good one of its size."""

import tracemalloc

import pytest

from model.errors import NotReadable
from model.radiograph import Radiograph
from serving.instances import identify
from tests.hostile.corpus import CORPUS
from tests.hostile.names import UIDS
from tests.hostile.structure import MIB, nested
from tests.hostile.writing import Hostile, written

#: What these are inflated to is as large as a file may be: it is there twice while the limit is looked at.
_LARGE = {name: 600 * MIB for name in CORPUS if name.startswith("deflate: 300 MB")}
#: Tracing makes a walk over a million headers slow; these keep none of them.
_UNTRACED = {"a million times the same element", "a million items"}


def answered(data: bytes) -> str:
    try:
        Radiograph.from_bytes(data)
    except NotReadable as refused:
        return str(refused.code)
    return "read"


@pytest.mark.filterwarnings("ignore")  # pydicom's, of character sets
@pytest.mark.parametrize(("name", "hostile"), CORPUS.items(), ids=CORPUS.keys())
def test_it_gets_its_answer(name: str, hostile: Hostile) -> None:
    if name in _UNTRACED:
        assert answered(hostile.data) == hostile.answer
        return
    tracemalloc.start()
    try:
        assert answered(hostile.data) == hostile.answer
        identify(hostile.data, 256 * MIB)
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert taken < _LARGE.get(name, 64 * MIB)


def test_the_corpus_says_something() -> None:
    answers = {hostile.answer for hostile in CORPUS.values()}
    assert answers == {"read", "corrupt", "too-large", "unsupported-syntax", "not-radiograph"}


def test_what_it_changes_is_good_without_the_change() -> None:
    assert answered(written()) == "read"
    assert identify(written(), MIB).is_complete


@pytest.mark.parametrize("text", UIDS.values(), ids=UIDS.keys())
def test_a_uid_that_is_none_names_nothing(text: str) -> None:
    found = identify(written(SOPInstanceUID=text, SeriesInstanceUID=text, StudyInstanceUID=text), MIB)
    assert not found.is_complete
    for uid in (found.sop_instance_uid, found.series_instance_uid, found.study_instance_uid):
        assert uid.startswith("2.25.")


@pytest.mark.parametrize("defined", [True, False])
def test_a_sequence_as_deep_as_it_may_be(defined: bool) -> None:
    assert answered(written(between=nested(32, defined=defined))) == "read"
    assert answered(written(between=nested(40, defined=False))) == "corrupt"
