"""DICOM TLS both ways: DCMTK sends to us, and we send, with certificates that are believed and some that are not."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from model.errors import Misconfigured, Unavailable
from serving.doctor import examine
from serving.senders import c_store
from serving.senders.sender import Address
from serving.settings import Settings
from serving.store import readings
from serving.store.store import Store
from serving.tls import receiver_context
from tests.quiet import without_what_pynetdicom_says
from tests.serving.files import dicom
from tests.serving.raw_peer import ACCEPT, RawPeer
from tests.serving.receiver import receiving

DCMTK = pytest.mark.skipif(shutil.which("storescu") is None, reason="DCMTK is not installed")


#: pynetdicom leaves the sockets of what failed to the collector, and a log that keeps its errors keeps them, too.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed .socket:ResourceWarning")


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with without_what_pynetdicom_says():
        yield


@dataclass
class Files:
    """Where the certificates of a hospital are, and those of somebody else."""

    folder: Path
    expires: datetime | None = None

    def __post_init__(self) -> None:
        for name in ("hospital", "stranger"):
            authority = trustme.CA()
            authority.cert_pem.write_to_path(self.folder / f"{name}-ca.pem")
            issued = authority.issue_cert("127.0.0.1", "localhost", not_after=self.expires)
            issued.private_key_and_cert_chain_pem.write_to_path(self.folder / f"{name}.pem")
            issued.private_key_pem.write_to_path(self.folder / f"{name}-key.pem")
            issued.cert_chain_pems[0].write_to_path(self.folder / f"{name}-cert.pem")

    def settings(self, who: str = "hospital", *, mutual: bool = True) -> dict[str, object]:
        own = {"dimse_tls_certificate": self.folder / f"{who}.pem"}
        return {**own, "dimse_tls_ca": self.folder / f"{who}-ca.pem"} if mutual else own


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def receiver(files: Files) -> Iterator[tuple[int, Store]]:
    with receiving(**files.settings()) as found:
        yield found


def storescu(port: int, files: Files, tmp_path: Path, uid: str, *tls: str) -> int:
    (tmp_path / "one.dcm").write_bytes(dicom(uid))
    command = ["storescu", *tls, "127.0.0.1", str(port), str(tmp_path / "one.dcm")]
    return subprocess.run(command, cwd=files.folder, capture_output=True, timeout=60, check=False).returncode


@DCMTK
@pytest.mark.parametrize(
    ("tls", "stored"),
    [
        (["+tls", "hospital-key.pem", "hospital-cert.pem", "+cf", "hospital-ca.pem"], True),
        (["+tls", "stranger-key.pem", "stranger-cert.pem", "+cf", "hospital-ca.pem"], False),  # who are you?
        (["+tla", "+cf", "hospital-ca.pem"], False),  # without a certificate
        (["+tls", "hospital-key.pem", "hospital-cert.pem", "+cf", "stranger-ca.pem"], False),  # does not believe us
        ([], False),  # without TLS
    ],
)
def test_dcmtk_sends_with_a_certificate_that_we_believe(
    receiver: tuple[int, Store], files: Files, tmp_path: Path, tls: list[str], stored: bool
) -> None:
    port, store = receiver
    uid = f"1.2.13.{len(tls)}.{int(stored)}"
    assert (storescu(port, files, tmp_path, uid, *tls) == 0) is stored
    assert (readings.find(store, uid) is not None) is stored


@DCMTK
def test_without_an_authority_everybody_may_send_by_tls(files: Files, tmp_path: Path) -> None:
    with receiving(**files.settings(mutual=False)) as (port, _):
        assert storescu(port, files, tmp_path, "1.2.13.9", "+tla", "+cf", "hospital-ca.pem") == 0


@pytest.mark.parametrize(
    ("version", "agreed"),
    [(ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_tls_is_of_version_1_2_or_1_3(
    receiver: tuple[int, Store], files: Files, version: ssl.TLSVersion, agreed: bool
) -> None:
    context = ssl.create_default_context(cafile=files.folder / "hospital-ca.pem")
    context.load_cert_chain(files.folder / "hospital.pem")
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with socket.create_connection(("127.0.0.1", receiver[0]), timeout=30) as plain:
        if not agreed:
            with pytest.raises((ssl.SSLError, ConnectionResetError)):
                context.wrap_socket(plain, server_hostname="localhost")
            return
        with context.wrap_socket(plain, server_hostname="localhost") as secured:
            assert RawPeer(secured).associate()[0] == ACCEPT


@pytest.mark.parametrize(
    ("who", "scheme", "works"),
    [("hospital", "dicoms", True), ("stranger", "dicoms", False), ("hospital", "dicom", False)],
)
def test_we_send_by_tls_too(receiver: tuple[int, Store], files: Files, who: str, scheme: str, works: bool) -> None:
    address = Address(url=f"{scheme}://HILUM@127.0.0.1:{receiver[0]}", presentations=("sr",))
    sender = c_store.make(address, Settings(**files.settings(who)))  # type: ignore[arg-type]
    if works:
        assert "answered C-ECHO" in sender.check()
    else:
        with pytest.raises(Unavailable):
            sender.check()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"dimse_tls_certificate": Path("none.pem")}, "HILUM_DIMSE_TLS_CERTIFICATE must be a file in PEM"),
        ({"dimse_tls_ca": Path("none.pem")}, "HILUM_DIMSE_TLS_CERTIFICATE must be set with"),
    ],
)
def test_what_is_wrong_is_said(changes: dict[str, Path], words: str) -> None:
    with pytest.raises(Misconfigured, match=words):
        receiver_context(Settings(**changes))  # type: ignore[arg-type]


def test_a_key_with_a_password_is_not_asked_for_but_refused(files: Files) -> None:
    plain = serialization.load_pem_private_key((files.folder / "hospital-key.pem").read_bytes(), None)
    locked = plain.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret")
    )
    (files.folder / "locked-key.pem").write_bytes(locked)
    certificate, key = files.folder / "hospital-cert.pem", files.folder / "locked-key.pem"
    with pytest.raises(Misconfigured, match="HILUM_DIMSE_TLS_CERTIFICATE must be a file in PEM"):
        receiver_context(Settings(dimse_tls_certificate=certificate, dimse_tls_key=key))


@pytest.mark.parametrize(("days", "right"), [(100, True), (10, False), (-1, False)])
def test_the_doctor_says_when_a_certificate_expires(tmp_path: Path, days: int, right: bool) -> None:
    files = Files(tmp_path, expires=datetime.now(UTC) + timedelta(days=days, hours=1))
    settings = Settings(data=tmp_path, **files.settings())  # type: ignore[arg-type]
    found = {check.name: check for check in examine(settings)}["DICOM TLS"]
    assert found.right is right
    assert ("has expired" if days < 0 else f"in {days} days") in found.words
