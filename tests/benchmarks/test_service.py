"""The plumbing of the service's benchmark; nothing is measured here."""

import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.files import SYNTAXES, dicom, picture
from benchmarks.floor import Runs
from benchmarks.processes import descendants, memory_megabytes, processor_seconds
from benchmarks.sender import PLACEHOLDERS, Heads, Sender, arrivals, steady
from benchmarks.service import Measured, bars, figures
from serving.instances import identify
from tests.threaded import threaded


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "radiograph.dcm"
    path.write_bytes(dicom(picture(64, 64), SYNTAXES[0], PLACEHOLDERS))
    return path


def test_each_post_is_another_instance_of_another_study(file: Path) -> None:
    data, heads = file.read_bytes(), Heads(file)
    made = [heads.new() for _ in range(2)]
    whole = [identify(head + data[len(head) :], 10**6) for _, head in made]
    assert [one.sop_instance_uid for one in whole] == [uid for uid, _ in made]
    assert all(len(head) == min(len(data), 4096) for _, head in made)
    for name in ("sop_instance_uid", "series_instance_uid", "study_instance_uid", "content_hash"):
        assert len({getattr(one, name) for one in whole}) == 2


def test_a_file_without_the_placeholders_is_not_posted(tmp_path: Path) -> None:
    path = tmp_path / "other.dcm"
    path.write_bytes(dicom(picture(64, 64), SYNTAXES[0]))
    with pytest.raises(AssertionError, match="must have the UIDs"):
        Heads(path)


def test_arrivals_come_at_random_at_the_rate() -> None:
    dues = list(arrivals(100, 20))
    assert len(dues) == pytest.approx(2000, rel=0.1)
    gaps = [later - earlier for earlier, later in pairwise(dues)]
    assert min(gaps) < 0.001
    assert max(gaps) > 0.03


def test_steady_ends() -> None:
    assert list(steady(0)) == []


class _Service(BaseHTTPRequestHandler):
    """Takes the first two posts and tells that they are read; refuses the third."""

    protocol_version = "HTTP/1.1"
    received: list[bytes]

    def do_POST(self) -> None:
        self.received.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(202 if len(self.received) < 3 else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"event: everything\ndata: {}\n\n")
        told = 0
        while told < 2:
            if len(self.received) > told:
                uid = identify(self.received[told], 10**6).sop_instance_uid
                self.wfile.write(f'event: progress\ndata: {{"sop_instance_uid": "{uid}"}}\n\n'.encode())
                told += 1
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def service() -> Iterator[tuple[int, list[bytes]]]:
    received: list[bytes] = []
    handler = type("Handler", (_Service,), {"received": received})
    with threaded(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as server:
        yield server.server_port, received


@pytest.mark.parametrize("answered_is_read", [True, False])
def test_the_sender_notes_what_is_read_and_what_is_not_taken(
    file: Path, service: tuple[int, list[bytes]], answered_is_read: bool
) -> None:
    port, received = service
    sender = Sender("127.0.0.1", port, "/api/instances", file, pending=2, answered_is_read=answered_is_read)
    sender.send(iter([0.0, 0.0, 0.0]), connections=1)
    assert sender.refused == 1
    assert len(sender.posts) == 2
    assert all(post.answered and post.read for post in sender.posts.values())
    assert {len(data) for data in received} == {file.stat().st_size}


def test_processes_are_found_and_counted() -> None:
    assert os.getpid() in descendants(os.getpid())
    assert processor_seconds([os.getpid()])[os.getpid()] > 0
    memory = memory_megabytes(os.getpid())
    assert 0 < memory["PSS"] <= memory["RSS"] * 1.01
    assert memory["RSS"] <= memory["peak RSS"]


def test_figures_and_bars() -> None:
    measured = Measured(memory={"RSS": 400.0, "peak RSS": 450.0, "PSS": 300.0})
    a_core = [Runs(70.0, 26.0), Runs(80.0, 24.0), Runs(75.0, 25.0)]
    measured.floor.update({"one session a core": a_core, "one session over all cores": [Runs(50.0, 40.0)]})
    measured.a_second.update({"15 MB": [30.0], "2 MB": [62.0, 60.0, 58.0]})
    measured.cost["2 MB"].update({"api": [10.0], "worker": [39.0, 40.0, 41.0]})
    measured.waited.update({size: [0.1] * 99 + [2.0] for size in ("15 MB", "2 MB")})
    measured.cold.update({"a new data folder": [5.0], "the same folder again": [9.0]})
    found = figures(measured)
    assert found["sustained: 2 MB, of the network alone"] == 60 / 75  # medians
    assert found["processor time a reading, 2 MB: the network's share, of 1"] == 25 / 50
    assert found["sent to read at 60% load, 2 MB: p95, s"] == pytest.approx(0.1)
    assert {name: bar.holds for name, bar in bars(found).items()} == {
        "sustained_15_MB_over_network_alone": False,  # 30 / 75
        "sustained_2_MB_over_network_alone": True,
        "sent_to_read_15_MB_p95_seconds": True,
        "sent_to_read_2_MB_p95_seconds": True,
        "worker_peak_megabytes": True,
        "cold_start_seconds": False,  # the slower of the two
    }
