"""What came piece by piece is put whole, into a folder or elsewhere, and leaves nothing when it is not put."""

import os
from pathlib import Path

import pytest
from obstore.store import LocalStore, MemoryStore

from serving.store import staged as module
from serving.store.objects import Objects, content_name

NAME = content_name("ab" * 32)
PIECES = [bytes([number]) * 700_000 for number in range(5)]


@pytest.fixture(params=["folder", "folder without O_TMPFILE", "elsewhere"])
def objects(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Objects:
    if request.param == "folder without O_TMPFILE":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
        monkeypatch.setattr("tempfile._O_TMPFILE_WORKS", False)
    if request.param == "elsewhere":
        return Objects(MemoryStore(), tmp_path / "incoming")
    return Objects(LocalStore(tmp_path), tmp_path)


def stage(objects: Objects) -> module.Staged:
    staged = objects.stage()
    for piece in PIECES:
        staged.write(piece)
    return staged


def test_it_is_put_whole(objects: Objects) -> None:
    staged = stage(objects)
    assert len(staged) == 5 * 700_000
    with staged.mapped() as found:
        assert found[:3] == b"\0\0\0"
        assert found[-1:] == b"\4"
    objects.put(NAME, staged)
    staged.close()
    assert objects.get(NAME) == b"".join(PIECES)
    assert objects.has(NAME)


def test_it_takes_the_place_of_what_was_left_under_its_name(objects: Objects) -> None:
    objects.put(NAME, b"half of it, when the power went")
    staged = stage(objects)
    objects.put(NAME, staged)
    staged.close()
    assert objects.get(NAME) == b"".join(PIECES)


def test_what_is_not_put_leaves_nothing(objects: Objects, tmp_path: Path) -> None:
    stage(objects).close()
    assert not objects.has(NAME)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []
