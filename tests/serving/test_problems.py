from pathlib import Path

import pytest

from model.errors import HilumError
from serving.problems import ERRORS, KINDS, STATUSES, Problem, StorageFull, problem_of
from serving.store.database import Contended


def subclasses(kind: type[HilumError]) -> set[type[HilumError]]:
    return {one for child in kind.__subclasses__() for one in {child, *subclasses(child)}}


def test_every_error_of_ours_has_a_row_or_its_class_has() -> None:
    assert all(set(kind.__mro__) & set(ERRORS) for kind in subclasses(HilumError))
    assert problem_of(Contended("x")).slug == "busy"
    assert problem_of(StorageFull("x")).slug == "storage-full"
    assert set(ERRORS.values()) <= set(KINDS)


def test_every_kind_stands_in_the_documentation_with_its_status() -> None:
    written = Path("docs/api.md").read_text(encoding="utf-8")
    for slug, kind in KINDS.items():
        assert f"| `urn:hilum:problem:{slug}` | {kind.status} |" in written


@pytest.mark.parametrize(("status", "slug"), STATUSES.items())
def test_the_frameworks_statuses_are_kept(status: int, slug: str) -> None:
    assert KINDS[slug].status == status


def test_a_problem_document_has_the_members_of_rfc_9457() -> None:
    assert Problem("too-large", "At most 3.", limit=3).document() == {
        "type": "urn:hilum:problem:too-large",
        "title": "The upload is too large",
        "status": 413,
        "detail": "At most 3.",
        "limit": 3,
    }


@pytest.mark.parametrize("error", [kind for kind in ERRORS if kind.__init__ is Exception.__init__])
def test_errors_of_ours_keep_their_words(error: type[HilumError]) -> None:
    assert problem_of(error("why")).detail == "why"
