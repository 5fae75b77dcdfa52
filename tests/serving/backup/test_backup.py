"""A backup is whole or none, copies only what is new, and is restored where nothing is."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from model.errors import Misconfigured, Unavailable
from serving.backup.making import back_up
from serving.backup.manifest import Manifest, read_list, read_manifest
from serving.backup.restoring import restore
from serving.instances import identify
from serving.running import open_store
from serving.settings import Settings
from serving.store import chain, retention
from serving.store.audit import Act, Action, note_alone
from serving.store.database import execute
from serving.store.objects import content_name
from serving.store.store import Store
from serving.training_set.pseudonyms import Pseudonyms
from serving.who import service
from tests.reliability.s3 import s3
from tests.serving.files import dicom
from tests.serving.live import empty_database, new_store
from tests.serving.test_worker import send, until


@contextmanager
def elsewhere(folder: Path) -> Iterator[Settings]:
    """Settings of a service that is to be: an empty database, a folder that is not there."""
    with empty_database() as url:
        yield Settings(database_url=url, data=folder / "elsewhere", min_free_bytes=0)


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    store = open_store(settings)
    try:
        yield store
    finally:
        store.database.close()


def test_what_was_kept_is_there_again(tmp_path: Path) -> None:
    data = [dicom(f"1.2.3.{number}") for number in (1, 2)]
    with new_store() as (ours, store), elsewhere(tmp_path) as settings:
        for one in data:
            send(store, one)
        note_alone(store, Act(who=service("test"), action=Action.SAW, study_instance_uid="1.2.3.30"))
        pseudonym = Pseudonyms.kept_in(ours.data).uid("1.2.3")
        made = back_up(store, tmp_path / "backup", ours.data)
        assert made == read_manifest(tmp_path / "backup")
        send(store, dicom("1.2.3.3"))  # after it
        restored = restore(settings, tmp_path / "backup")
        assert restored == made
        assert Pseudonyms.kept_in(settings.data).uid("1.2.3") == pseudonym
        with opened(settings) as back:
            for one in data:
                assert back.objects.get(content_name(identify(one, 10**6).content_hash)) == one
            assert [row["unread"] for row in back.database.all("count_unread", after=0, reader="r")] == [0]
            assert len(back.database.all("kept_under", uids=[f"1.2.3.{number}" for number in (1, 2, 3)])) == 2
            assert back.database.all("queue_figures")[0]["waiting"] == 2
            verdict = chain.verify(back)
            assert (verdict.fault, chain.anchor(back)) == (None, verdict.head)
            assert [row["action"] for row in chain.rows(back)][-1] == "restored"
            send(back, dicom("1.2.3.3"))  # and it goes on


def test_only_what_is_new_is_copied_and_what_was_pruned_goes(tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    with new_store() as (ours, store):
        send(store, dicom("1.2.3.1"))
        send(store, dicom("1.2.4.1", StudyInstanceUID="1.2.4"))
        back_up(store, backup, ours.data)
        files = {path: path.stat().st_ino for path in (backup / "objects").rglob("*") if path.is_file()}
        assert len(files) == 2
        with store.database.transaction() as connection:
            connection.execute("DELETE FROM study WHERE study_instance_uid = '1.2.4'")
            connection.execute("UPDATE content SET stored_at = now() - interval '1 hour'")
        assert retention.prune_content(store, display_pixels=64) == 1
        send(store, dicom("1.2.3.2"))
        made = back_up(store, backup, ours.data)
        after = {path: path.stat().st_ino for path in (backup / "objects").rglob("*") if path.is_file()}
        kept = set(files.items()) & set(after.items())
        assert (len(after), len(kept)) == (2, 1)
        assert len(list(read_list(backup / made.objects.name))) == 2
        assert sorted(path.suffix for path in backup.glob("*-*.*")) == [".dump", ".jsonl"]


def test_one_that_was_interrupted_goes_on(tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    with new_store() as (ours, store), elsewhere(tmp_path) as settings:
        send(store, dicom("1.2.3.1"))
        made = back_up(store, backup, ours.data)
        (backup / "manifest.json").unlink()  # killed before it was written
        (backup / "objects/half.partial").write_bytes(b"x")
        with pytest.raises(Misconfigured, match="must hold a backup that was finished"):
            restore(settings, backup)
        assert back_up(store, backup, ours.data).made_at > made.made_at
        assert not (backup / "objects/half.partial").exists()
        restore(settings, backup)


def test_nothing_is_pruned_while_a_backup_is_made(tmp_path: Path) -> None:
    with new_store() as (_, store):
        send(store, dicom("1.2.3.1"))
        with store.database.connection() as connection:
            execute(connection, "hold_backup")
            with store.database.transaction() as other:
                other.execute("DELETE FROM study")
                other.execute("UPDATE content SET stored_at = now() - interval '1 hour'")
            assert retention.prune_content(store, display_pixels=64) == 0
            execute(connection, "release_backup")
        assert retention.prune_content(store, display_pixels=64) == 1


def test_two_at_once_are_one_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serving.backup.making._PATIENCE", 0.1)
    with new_store() as (ours, store), store.database.connection() as connection:
        execute(connection, "hold_backup")
        with pytest.raises(Unavailable, match="Another backup"):
            back_up(store, tmp_path / "backup", ours.data)


def _damage_dump(folder: Path, made: Manifest) -> None:
    (folder / made.database.name).write_bytes(b"PGDMP")


def _damage_object(folder: Path, _: Manifest) -> None:
    (path,) = (one for one in (folder / "objects").rglob("*") if one.is_file())
    path.write_bytes(path.read_bytes()[:-1] + b"?")


def _lose_object(folder: Path, _: Manifest) -> None:
    (path,) = (one for one in (folder / "objects").rglob("*") if one.is_file())
    path.unlink()


def _damage_manifest(folder: Path, _: Manifest) -> None:
    (folder / "manifest.json").write_text("{")


def _of_a_newer_format(folder: Path, _: Manifest) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "format": 2}))


def _of_newer_tables(folder: Path, _: Manifest) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "tables": 9999}))


_DAMAGES: list[tuple[Callable[[Path, Manifest], None], str]] = [
    (_damage_dump, "the backup is damaged"),
    (_damage_object, "it is damaged"),
    (_lose_object, "it is damaged"),
    (_damage_manifest, "must be the manifest of a backup"),
    (_of_a_newer_format, "it is of a newer Hilum"),
    (_of_newer_tables, "a newer one"),
]


@pytest.mark.parametrize(("damage", "words"), _DAMAGES)
def test_a_damaged_backup_is_not_restored(damage: Callable[[Path, Manifest], None], words: str, tmp_path: Path) -> None:
    with new_store() as (ours, store), elsewhere(tmp_path) as settings:
        send(store, dicom("1.2.3.1"))
        damage(tmp_path / "backup", back_up(store, tmp_path / "backup", ours.data))
        with pytest.raises(Misconfigured, match=words):
            restore(settings, tmp_path / "backup")
        with empty_database() as other:  # it is as empty as before
            assert other


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    with new_store() as (ours, store), elsewhere(tmp_path) as empty:
        data = dicom("1.2.3.1")
        send(store, data)
        back_up(store, tmp_path / "backup", ours.data)
        with pytest.raises(Misconfigured, match="a restore overwrites nothing"):
            restore(ours, tmp_path / "backup")
        name = content_name(identify(data, 10**6).content_hash)
        with opened(empty) as other:
            other.objects.put(name, b"something else")
        with pytest.raises(Misconfigured, match="a restore overwrites nothing"):
            restore(empty, tmp_path / "backup")
        with opened(empty) as other:
            assert other.objects.get(name) == b"something else"
            other.objects.put(name, data)  # the same is no harm: an earlier try may have put it there
        restore(empty, tmp_path / "backup")


def test_a_folder_of_others_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with new_store() as (ours, store):
        with pytest.raises(Misconfigured, match=r"must be empty or hold a backup, but holds 'thesis\.txt'"):
            back_up(store, tmp_path, ours.data)
        with pytest.raises(Misconfigured, match="but is a file"):
            back_up(store, tmp_path / "thesis.txt", ours.data)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_that_is_missing_makes_no_backup(tmp_path: Path) -> None:
    with new_store() as (ours, store):
        data = dicom("1.2.3.1")
        send(store, data)
        store.objects.delete(content_name(identify(data, 10**6).content_hash))
        with pytest.raises(Unavailable, match="1 are not found"):
            back_up(store, tmp_path / "backup", ours.data)
        assert read_manifest(tmp_path / "backup") is None


def test_a_database_and_an_object_store_of_others_are_backed_up_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3() as server, s3() as other, empty_database() as url:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        with new_store(**server.settings()) as (ours, store):
            data = dicom("1.2.3.1")
            send(store, data)
            back_up(store, tmp_path / "backup", ours.data)
        for name, value in other.environment().items():
            monkeypatch.setenv(name, value)
        settings = Settings(database_url=url, data=tmp_path / "data", **other.settings())  # type: ignore[arg-type]
        restore(settings, tmp_path / "backup")
        assert other.fetch(identify(data, 10**6).content_hash) == data
        with opened(replace(settings)) as back:
            until(lambda: back.database.all("queue_figures"))
