"""What a conformance statement says of associations, asked of a receiver that runs."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pydicom.uid import UID, AllTransferSyntaxes, ExplicitVRLittleEndian
from pynetdicom import AE, AllStoragePresentationContexts
from pynetdicom.association import Association

from model import admission, decoding
from serving.doors.statuses import WHEN
from serving.presentations.kinds import KINDS
from serving.settings import Settings, bounds, environment, settings_table, variable
from tests.serving.live import new_store
from tests.statement.markdown import table

_VERIFICATION = UID("1.2.840.10008.1.1")
_COMMITMENT = UID("1.2.840.10008.1.20.1")
#: Settings that an administrator of a PACS asks for begin so.
_ABOUT = (
    "ae_title",
    "peers",
    "receivers",
    "other_objects",
    "dimse",
    "stat_senders",
    "destinations",
    "dicomweb",
    "cors",
    "priors",
    "verif",
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the receiver answered to an association request."""

    #: SOP classes and transfer syntaxes that it accepted.
    sop_classes: Sequence[UID]
    transfer_syntaxes: Sequence[UID]
    maximum_length: int
    implementation_class_uid: str
    implementation_version_name: str


def ask() -> Asked:
    storage = [UID(str(context.abstract_syntax)) for context in AllStoragePresentationContexts]
    with _receiver() as port:
        accepted: list[UID] = []
        wanted = [_VERIFICATION, _COMMITMENT, *storage]
        for start in range(0, len(wanted), 128):  # presentation contexts of one association (PS3.8, 9.3.2.2)
            chosen = wanted[start : start + 128]
            with _association(port, [(one, ExplicitVRLittleEndian) for one in chosen]) as association:
                accepted += [UID(str(one.abstract_syntax)) for one in association.accepted_contexts]
        pairs = [(storage[0], syntax) for syntax in AllTransferSyntaxes]
        with _association(port, pairs) as association:
            syntaxes = [one.transfer_syntax[0] for one in association.accepted_contexts]
            acceptor = association.acceptor
            return Asked(
                sop_classes=accepted,
                transfer_syntaxes=syntaxes,
                maximum_length=acceptor.maximum_length or 0,
                implementation_class_uid=str(acceptor.implementation_class_uid),
                implementation_version_name=str(acceptor.implementation_version_name),
            )


@contextmanager
def _receiver() -> Iterator[int]:
    """The port of a receiver that runs as it does for its users: `hilum receive`."""
    with new_store(dimse_port=_free_port()) as (settings, _):
        told = {**os.environ, **environment(settings)}
        running = subprocess.Popen([sys.executable, "-m", "serving", "receive"], env=told)
        try:
            _wait_for(settings.dimse_port)
            yield settings.dimse_port
        finally:
            running.terminate()
            running.wait(30)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _wait_for(port: int) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert time.monotonic() < end, "the receiver must listen"
            time.sleep(0.1)


@contextmanager
def _association(port: int, pairs: Sequence[tuple[UID, str]]) -> Iterator[Association]:
    entity = AE(ae_title="STATEMENT")
    for sop_class, syntax in pairs:
        entity.add_requested_context(sop_class, syntax)
    association = entity.associate("127.0.0.1", port, ae_title=Settings().ae_title)
    assert association.is_established
    try:
        yield association
    finally:
        association.release()


def tables() -> dict[str, str]:
    asked = ask()
    return {
        "association": _association_table(asked),
        "statuses": _statuses(),
        "accepted-classes": _classes(asked),
        "accepted-syntaxes": _syntaxes(asked),
        "sent-classes": _sent(),
        "settings": _settings(),
    }


def _association_table(asked: Asked) -> str:
    settings = Settings()
    rows = [
        ("Application Context Name", "1.2.840.10008.3.1.1.1"),
        ("AE title", f"`{settings.ae_title}` (`{variable('ae_title')}`)"),
        ("TCP port", f"{settings.dimse_port} (`{variable('dimse_port')}`)"),
        ("Maximum PDU length that is received", f"{asked.maximum_length} bytes"),
        (
            "Associations at the same time",
            f"{settings.dimse_associations} on one machine (`{variable('dimse_associations')}`)",
        ),
        ("Asynchronous operations window", "not supported: one operation at a time"),
        ("Implementation Class UID", f"`{asked.implementation_class_uid}`"),
        ("Implementation Version Name", f"`{asked.implementation_version_name}`"),
    ]
    return table(("what", "value"), rows)


def _statuses() -> str:
    return table(("status", "when"), [(f"0x{status:04X}", when) for status, when in WHEN.items()])


def _classes(asked: Asked) -> str:
    read = admission._RADIOGRAPHS | admission._CAPTURES
    rows = [
        (one.name, f"`{one}`", _purpose(one, read))
        for one in sorted(asked.sop_classes, key=lambda one: (one not in read, one == _VERIFICATION, one.name))
    ]
    return table(("SOP class", "UID", "what becomes of it"), rows)


def _purpose(one: UID, read: Any) -> str:
    if one == _VERIFICATION:
        return "answered"
    if one == _COMMITMENT:
        return "answered (N-ACTION, N-EVENT-REPORT)"
    return "stored and read, if it is a frontal chest radiograph" if one in read else "stored, not read"


def _syntaxes(asked: Asked) -> str:
    rows = [
        (one.name, f"`{one}`", "yes" if one in decoding._DECODERS else "no: refused as `unsupported-syntax`")
        for one in asked.transfer_syntaxes
    ]
    return table(("transfer syntax", "UID", "read"), rows)


def _sent() -> str:
    rows = [
        (f"`{name}`", kind.sop_class_uid.name, f"`{kind.sop_class_uid}`", str(kind.series_number))
        for name, kind in KINDS.items()
        if kind.sop_class_uid is not None
    ]
    return table(("kind", "SOP class", "UID", "Series Number"), rows)


def _settings() -> str:
    rows = [
        (f"`{variable(item.name)}`", bounds(item), f"`{item.default}`" if item.default is not None else "", _help(item))
        for item in settings_table()
        if item.name.startswith(_ABOUT)
    ]
    return table(("setting", "must be", "unless told", "what"), rows)


def _help(item: Any) -> str:
    return str(item.metadata["help"])
