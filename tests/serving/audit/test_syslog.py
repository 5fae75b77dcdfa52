"""The audit trail arrives at a collector, whole and in order, whatever happens: at a fake one and at rsyslog."""

import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from model.errors import Misconfigured, Unavailable
from serving.audit.forwarding import Forwarder
from serving.audit.syslog import collector_of, syslog_message
from serving.settings import Settings
from serving.store import chain
from serving.store.audit import Act, Action, note_alone
from serving.store.store import Store
from serving.who import service
from tests.serving.audit.test_message import row
from tests.serving.live import new_store, working
from tests.serving.test_worker import StubReader, until

RSYSLOGD = shutil.which("rsyslogd", path="/usr/sbin:/usr/bin:/sbin:/bin")
_FRAME = re.compile(rb"(\d+) ")


@dataclass
class FakeCollector:
    """Keeps what it reads of octet-counted streams; ``hangs_up`` streams are cut without being read to their end."""

    port: int = 0
    hangs_up: int = 0
    messages: list[bytes] = field(default_factory=list)


@contextmanager
def collecting(context: ssl.SSLContext | None = None, hangs_up: int = 0) -> Iterator[FakeCollector]:
    fake = FakeCollector(hangs_up=hangs_up)
    listening = socket.create_server(("127.0.0.1", 0))
    fake.port = listening.getsockname()[1]

    def serve() -> None:
        while True:
            try:
                plain, _ = listening.accept()
            except OSError:
                return
            try:
                stream = context.wrap_socket(plain, server_side=True) if context else plain
                _take(fake, stream)
            except OSError:
                pass
            finally:
                plain.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield fake
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def _take(fake: FakeCollector, stream: socket.socket) -> None:
    if fake.hangs_up:
        fake.hangs_up -= 1
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # closing resets the connection
        stream.recv(10)
        stream.close()
        return
    data = b""
    while piece := stream.recv(65536):
        data += piece
    while head := _FRAME.match(data):
        end = head.end() + int(head[1])
        fake.messages.append(data[head.end() : end])
        data = data[end:]
    if isinstance(stream, ssl.SSLSocket):
        stream.unwrap()
    stream.close()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def _server_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def noted(store: Store, count: int) -> None:
    for number in range(count):
        note_alone(store, Act(who=service("test"), action=Action.SAW, study_instance_uid=f"1.2.{number}"))
    chain.chain_all(store)


def sequence(messages: list[bytes]) -> list[int]:
    found = [re.search(rb'sequenceId="(\d+)"', one) for one in messages]
    return [int(one[1]) for one in found if one]


def test_a_message_is_as_rfc_5424_and_the_standard_have_it() -> None:
    message = syslog_message(row(Action.SAW, position=2**31), "HILUM")
    head, xml = message.split(b"\xef\xbb\xbf", 1)
    words = head.decode().split(" ")
    assert words[0] == "<85>1"  # facility 10, severity 5, version 1
    assert words[1] == "2026-01-02T03:04:05.678901Z"
    assert (words[3], words[5]) == ("hilum", "DICOM+RFC3881")
    assert words[6:] == ["[meta", 'sequenceId="1"]', ""]  # it has gone round
    assert xml.startswith(b"<AuditMessage>")
    assert syslog_message(row(Action.SAW, success=False, at=datetime(2026, 1, 1, tzinfo=UTC)), "H").startswith(b"<84>1")


@pytest.mark.parametrize("scheme", ["tcp", "tls"])
def test_everything_arrives_once_and_in_order(scheme: str, authority: trustme.CA, ca: Path) -> None:
    context = _server_context(authority) if scheme == "tls" else None
    with new_store(audit_syslog_ca=ca) as (settings, store), collecting(context) as fake:
        collector = collector_of(Settings(audit_syslog=f"{scheme}://127.0.0.1:{fake.port}", audit_syslog_ca=ca))
        assert collector
        forwarder = Forwarder(store, collector, settings.ae_title)
        for count in (450, 0, 3):
            noted(store, count)
            forwarder.forward()
        assert sequence(fake.messages) == list(range(1, 454))
        assert store.database.all("audit_figures")[0]["forwarded"] == 453


def test_what_a_collector_did_not_read_is_sent_again() -> None:
    with new_store() as (settings, store), collecting(hangs_up=2) as fake:
        noted(store, 300)
        collector = collector_of(Settings(audit_syslog=f"tcp://127.0.0.1:{fake.port}"))
        assert collector
        for _ in range(2):
            Forwarder(store, collector, settings.ae_title).forward()  # it says so in the log, and raises nothing
        assert store.database.all("audit_figures")[0]["forwarded"] == 0
        Forwarder(store, collector, settings.ae_title).forward()
        assert sequence(fake.messages) == list(range(1, 301))


def test_a_collector_that_is_away_is_not_asked_all_the_time() -> None:
    with new_store() as (settings, store):
        noted(store, 1)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        collector = collector_of(Settings(audit_syslog=f"tcp://127.0.0.1:{port}"))
        assert collector
        forwarder = Forwarder(store, collector, settings.ae_title)
        forwarder.forward()
        with collecting() as fake:
            fake_collector = collector_of(Settings(audit_syslog=f"tcp://127.0.0.1:{fake.port}"))
            forwarder._collector = fake_collector  # it is back
            forwarder.forward()
            assert fake.messages == []
            until(lambda: (forwarder.forward(), fake.messages)[1])


def test_udp_takes_one_datagram_a_message() -> None:
    with new_store() as (settings, store), socket.socket(type=socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(20)
        noted(store, 3)
        collector = collector_of(Settings(audit_syslog=f"udp://127.0.0.1:{listening.getsockname()[1]}"))
        assert collector
        Forwarder(store, collector, settings.ae_title).forward()
        assert sequence([listening.recv(65536) for _ in range(3)]) == [1, 2, 3]


def test_a_collector_of_another_authority_gets_nothing(ca: Path) -> None:
    with collecting(_server_context(trustme.CA())) as fake:
        collector = collector_of(Settings(audit_syslog=f"tls://127.0.0.1:{fake.port}", audit_syslog_ca=ca))
        assert collector
        with pytest.raises(Unavailable, match="SSLCertVerificationError"):
            collector.send([b"x"])
        assert fake.messages == []


@pytest.mark.parametrize("url", ["https://h", "tls://", "tls://h:x", "tls://h:1/path", "host:514", "tcp://h:99999"])
def test_what_is_no_collector_is_said(url: str) -> None:
    with pytest.raises(Misconfigured, match="HILUM_AUDIT_SYSLOG must be"):
        collector_of(Settings(audit_syslog=url))


def test_certificates_that_are_none_are_said(tmp_path: Path) -> None:
    for changes in ({"audit_syslog_ca": tmp_path / "none"}, {"audit_syslog_certificate": tmp_path / "none"}):
        with pytest.raises(Misconfigured, match="FileNotFoundError"):
            collector_of(Settings(audit_syslog="tls://h", **changes))


_RSYSLOG = """
global(workDirectory="{folder}" maxMessageSize="64k" net.enableDNS="off"
       defaultNetstreamDriverCAFile="{folder}/ca.pem" defaultNetstreamDriverCertFile="{folder}/server.pem"
       defaultNetstreamDriverKeyFile="{folder}/server.key")
module(load="imtcp" StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="x509/certvalid")
template(name="whole" type="string" string="%syslogseverity% %app-name% %msgid% %structured-data% %msg%\\n")
input(type="imtcp" address="127.0.0.1" port="{port}" ruleset="audit")
ruleset(name="audit") {{ action(type="omfile" file="{folder}/audit.log" template="whole") }}
"""


@contextmanager
def rsyslog(folder: Path, authority: trustme.CA) -> Iterator[int]:
    """A real one, which wants a certificate of its peers; the port. It may be started again over the same folder."""
    port_file = folder / "port"
    if not port_file.exists():
        with socket.create_server(("127.0.0.1", 0)) as free:
            port_file.write_text(str(free.getsockname()[1]))
        authority.cert_pem.write_to_path(str(folder / "ca.pem"))
        certificate = authority.issue_cert("127.0.0.1")
        certificate.private_key_pem.write_to_path(str(folder / "server.key"))
        certificate.cert_chain_pems[0].write_to_path(str(folder / "server.pem"))
        authority.issue_cert("hilum").private_key_and_cert_chain_pem.write_to_path(str(folder / "ours.pem"))
    port = int(port_file.read_text())
    (folder / "rsyslog.conf").write_text(_RSYSLOG.format(folder=folder, port=port))
    command = [str(RSYSLOGD), "-n", "-f", str(folder / "rsyslog.conf"), "-i", str(folder / "pid")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: _listens(port) or process.poll() is not None)
        assert process.poll() is None, "rsyslogd ended"
        yield port
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def test_rsyslog_gets_everything_by_tls_also_what_was_noted_while_it_was_away(
    tmp_path: Path, authority: trustme.CA
) -> None:
    if not RSYSLOGD or not list(Path("/usr/lib").glob("*/rsyslog/lmnsd_gtls.so")):
        pytest.skip("rsyslog with gtls is not installed (apt-get install rsyslog-gnutls)")
    with rsyslog(tmp_path, authority) as port:
        pass
    kept = tmp_path / "audit.log"
    settings = {
        "audit_syslog": f"tls://127.0.0.1:{port}",
        "audit_syslog_ca": tmp_path / "ca.pem",
        "audit_syslog_certificate": tmp_path / "ours.pem",
    }
    with new_store(**settings) as (made, store), working(made, store, StubReader()):
        with rsyslog(tmp_path, authority):
            noted(store, 250)
            until(lambda: _kept(kept) >= 250, 60)
        noted(store, 30)  # nobody listens
        time.sleep(1.5)
        with rsyslog(tmp_path, authority):
            noted(store, 5)
            until(lambda: _kept(kept) >= 285, 60)
    lines = kept.read_text(encoding="utf-8-sig").splitlines()
    positions = [int(found[1]) for line in lines if (found := re.search(r'sequenceId="(\d+)"', line))]
    assert sorted(set(positions)) == list(range(1, 286))
    assert all(line.startswith('5 hilum DICOM+RFC3881 [meta sequenceId="') for line in lines)
    assert all("</AuditMessage>" in line for line in lines)


def _kept(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines()) if file.exists() else 0
