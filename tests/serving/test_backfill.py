"""A backfill: below what is live, bounded, and it goes on where it was."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from serving.backfill import backfill_folder, files, reread
from serving.cli import cli
from serving.instances import Origin, identify
from serving.outcome import State
from serving.running import make_services
from serving.services import Services
from serving.store import backfills, readings
from serving.store.reception import receive
from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import new_store, working
from tests.serving.test_worker import until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve radiographs in two folders, a hidden file, and one that is too large."""
    for number in range(12):
        path = tmp_path / "old" / f"{number % 2}" / f"{number:02}.dcm"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(dicom(f"1.2.8.{number}"))
    (tmp_path / "old" / ".hidden").write_bytes(b"x")
    (tmp_path / "old" / "z.dcm").write_bytes(b"x" * 200_000)
    return tmp_path / "old"


def test_names_come_in_an_order_that_holds(folder: Path) -> None:
    names = list(files(folder))
    assert names == sorted(names, key=lambda name: name.split("/"))
    assert (len(names), names[0], names[-1]) == (13, "0/00.dcm", "z.dcm")


@contextmanager
def running(services: Services, folder: Path, window: int) -> Iterator[threading.Thread]:
    """A backfill in a thread of its own, stopped at the end."""
    stop = threading.Event()
    thread = threading.Thread(target=backfill_folder, args=(services, folder, window, stop))
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join()


def test_a_folder_is_received_bounded_and_below_what_is_live(folder: Path) -> None:
    reader = StubReader()
    with new_store(max_instance_bytes=100_000) as (settings, store):
        live = dicom("1.2.9")
        receive(store, identify(live, 10**6), Origin(door="http"), live)
        with running(make_services(settings, store), folder, 4) as thread:
            until(lambda: backfills.waiting(store, 99) == 4)
            thread.join(1)
            assert backfills.waiting(store, 99) == 4  # and no more, since nobody reads
            with working(settings, store, reader):
                until(lambda: len(reader.read_uids) == 13)
                until(lambda: not thread.is_alive())
    assert reader.read_uids.index("1.2.9") < 2  # two are fetched at a time
    assert sorted(str(uid) for uid in reader.read_uids) == sorted(["1.2.9", *(f"1.2.8.{n}" for n in range(12))])


def test_a_backfill_that_was_stopped_goes_on_where_it_was(folder: Path) -> None:
    with new_store(max_instance_bytes=100_000) as (settings, store):
        services = make_services(settings, store)
        with running(services, folder, 5):
            until(lambda: backfills.waiting(store, 99) == 5)
        before = backfills.standing(store, f"folder:{folder}")
        assert before.done == 5
        tally = backfill_folder(services, folder, 99, threading.Event())
        assert (tally.received, tally.known, tally.too_large) == (12 - 5, 0, 1)
        assert backfills.waiting(store, 99) == 12
        assert backfills.standing(store, f"folder:{folder}").done == 13


def test_what_the_next_reader_has_not_read_is_read_again() -> None:
    with new_store() as (settings, store):
        for number in range(3):
            data = dicom(f"1.2.8.{number}")
            receive(store, identify(data, 10**6), Origin(door="http"), data)
        with working(settings, store, StubReader(name="stub 1")):
            until(lambda: not readings.pending(store, [f"1.2.8.{n}" for n in range(3)]))
        second = StubReader(name="stub 2")
        assert reread(store, second.name, 99, threading.Event()) == 3
        assert reread(store, second.name, 99, threading.Event()) == 0
        with working(settings, store, second):
            until(lambda: len(second.read_uids) == 3)
            until(lambda: (entry := readings.find(store, "1.2.8.2")) and entry.document["reader"] == "stub 2")
        entry = readings.find(store, "1.2.8.0")
        assert entry
        assert entry.state is State.READ


@pytest.mark.parametrize("arguments", [["backfill"], ["backfill", ".", "--reread"]])
def test_one_of_the_two_must_be_named(arguments: list[str]) -> None:
    run = CliRunner().invoke(cli, arguments)
    assert run.exit_code == 2
    assert "one of the two" in run.output


def test_without_a_service_it_says_what_must_run(tmp_path: Path) -> None:
    run = CliRunner().invoke(cli, ["backfill", "--reread", "--data", str(tmp_path)])
    assert run.exit_code == 1
    assert "`hilum serve` must run" in run.output
