"""``hilum send``, to a service that has users."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from serving.cli import cli
from serving.sending import send
from serving.settings import Settings
from tests.serving.files import dicom
from tests.serving.users.people import Guarded
from tests.threaded import threaded


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "outbox" / "one").mkdir(parents=True)
    (tmp_path / "outbox" / "one" / "NAME OF A PATIENT.dcm").write_bytes(dicom("2.25.1"))
    (tmp_path / "outbox" / "two.dcm").write_bytes(dicom("2.25.2"))
    return tmp_path / "outbox"


def hilum_send(service: Guarded, *arguments: str, key: str | None) -> Result:
    environment = {"HILUM_SEND_KEY": key, "HILUM_SEND_URL": str(service.nobody.base_url)}
    return CliRunner().invoke(cli, ["send", *arguments], env=environment)


def a_key(service: Guarded, name: str, *scopes: str) -> str:
    return service.machine(name, *scopes).headers["Authorization"].removeprefix("Bearer ")


def test_a_folder_is_sent_and_its_readings_told(service: Guarded, folder: Path) -> None:
    key = a_key(service, "modality", "send", "read")
    settings = Settings(send_url=str(service.nobody.base_url), send_key=key)
    told = [one for outcome in send(settings, [folder], wait=20) for one in outcome.instances]
    assert [(one["receipt"], one["sop_instance_uid"], one["reading"]["state"]) for one in told] == [
        ("received", "2.25.1", "read"),
        ("received", "2.25.2", "read"),
    ]
    with service.store.database.connection() as connection:
        senders = connection.execute("SELECT DISTINCT sender FROM instance").fetchall()
    assert senders == [{"sender": "modality"}]


def test_each_file_is_a_line(service: Guarded, folder: Path) -> None:
    key = a_key(service, "lines", "send")
    plain = hilum_send(service, str(folder), key=key).output.splitlines()
    assert [line.split()[0] for line in plain] == ["duplicate", "duplicate"]
    told = [json.loads(line) for line in hilum_send(service, str(folder), "--json", key=key).output.splitlines()]
    assert [(one["receipt"], Path(one["file"]).name) for one in told][1] == ("duplicate", "two.dcm")


@pytest.mark.parametrize("scopes", [(), ("read",)])
def test_without_a_key_that_may_send_nothing_is_sent(service: Guarded, folder: Path, scopes: tuple[str, ...]) -> None:
    key = a_key(service, "reads", *scopes) if scopes else None
    result = hilum_send(service, str(folder), key=key)
    assert result.exit_code == 1
    assert result.output.startswith("Error: HILUM_SEND_KEY must be a key that may send.")


def test_what_is_not_taken_is_told(service: Guarded, tmp_path: Path) -> None:
    key = a_key(service, "conflicts", "send")
    for shade, exit_code in ((1, 0), (2, 1)):
        (tmp_path / "a.dcm").write_bytes(dicom("2.25.3", shade=shade))
        result = hilum_send(service, str(tmp_path), key=key)
        assert result.exit_code == exit_code
    assert result.output.startswith("conflict")


class _Busy(BaseHTTPRequestHandler):
    """Takes the second time what it could not take the first time."""

    asked = 0

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        type(self).asked += 1
        busy = self.asked == 1
        body = {"detail": "Not now."} if busy else {"instances": [{"receipt": "received", "problem": None}]}
        self.send_response(503 if busy else 202)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def busy() -> Iterator[str]:
    with threaded(ThreadingHTTPServer(("127.0.0.1", 0), _Busy)) as server:
        yield f"http://127.0.0.1:{server.server_port}"


def test_what_cannot_be_taken_now_is_tried_again(busy: str, tmp_path: Path) -> None:
    (tmp_path / "a.dcm").write_bytes(b"a")
    (outcome,) = send(Settings(send_url=busy), [tmp_path], wait=0, first_pause=0.01)
    assert (outcome.taken, _Busy.asked) == (True, 2)


def test_a_service_that_is_away_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.dcm").write_bytes(b"a")
    (outcome,) = send(Settings(send_url="http://127.0.0.1:9"), [tmp_path], wait=0, first_pause=0.001)
    assert not outcome.taken
    assert outcome.problem == "The service must be reachable, but is not (ConnectError)."
