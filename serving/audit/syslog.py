"""Audit messages on their way to a collector: syslog (RFC 5424) over TLS (RFC 5425), TCP (RFC 6587) or UDP (RFC 5426).

Syslog has no answer. What a stream was sent counts once the collector has closed its side after ours: then it has read
all of it. A connection takes one batch.
"""

import os
import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from model.errors import Misconfigured, Unavailable
from serving.audit.events import EVENTS, Outcome
from serving.audit.message import message, outcome
from serving.settings import Settings
from serving.store.audit import Action

_PORTS = {"tls": 6514, "tcp": 601, "udp": 514}
#: Facility 10 (security), severity 5 (notice) or 4 (warning); MSGID: PS3.15, A.6.
_NOTICE, _WARNING = 10 * 8 + 5, 10 * 8 + 4
_MESSAGE_ID = "DICOM+RFC3881"
_SECONDS = 10.0
#: Largest sequenceId (RFC 5424, 7.3.1); it goes round.
_MOST = 2**31 - 1


@dataclass(frozen=True, kw_only=True)
class Collector:
    """Where audit messages go."""

    scheme: str
    host: str
    port: int
    #: How TLS is spoken; None with the others.
    context: ssl.SSLContext | None = None

    def send(self, messages: Sequence[bytes]) -> None:
        """Send some; when this returns, the collector has read them (UDP: they have left).

        Raises:
            Unavailable: when it is not there, or did not read all of them.
        """
        try:
            if self.scheme == "udp":
                self._send_datagrams(messages)
            else:
                self._send_stream(b"".join(b"%d %s" % (len(one), one) for one in messages))
        except OSError as error:
            words = f"The audit collector must read what it is sent, but did not ({type(error).__name__})."
            raise Unavailable(words) from error

    def _send_datagrams(self, messages: Sequence[bytes]) -> None:
        family, kind, protocol, _, address = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind, protocol) as open_socket:
            open_socket.connect(address)
            for one in messages:
                open_socket.send(one)

    def _send_stream(self, data: bytes) -> None:
        with socket.create_connection((self.host, self.port), timeout=_SECONDS) as plain:
            if self.context is None:
                plain.sendall(data)
                _finish(plain)
                return
            with self.context.wrap_socket(plain, server_hostname=self.host) as secured:
                secured.sendall(data)
                with suppress(ssl.SSLEOFError):  # some close the connection only, as rsyslog does: it has read all
                    _finish(secured.unwrap())

    def check(self) -> str:
        """Whether it is there; nothing is sent.

        Raises:
            Unavailable: when it is not.
        """
        if self.scheme == "udp":
            return "UDP: whether anybody listens cannot be known"
        self.send([])
        return "it takes connections"


def _finish(stream: socket.socket) -> None:
    """Say that there is no more, and wait until the other side has read it: it closes then."""
    stream.shutdown(socket.SHUT_WR)
    while stream.recv(4096):
        pass


def collector_of(settings: Settings) -> Collector | None:
    """The collector that the settings name, if they do.

    Raises:
        Misconfigured: when they name none, or its certificates cannot be read.
    """
    if settings.audit_syslog is None:
        return None
    parts = urlsplit(settings.audit_syslog)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or port == -1:
        words = "HILUM_AUDIT_SYSLOG must be tls://host:6514, tcp://host:601 or udp://host:514."
        raise Misconfigured(words)
    context = _context(settings) if parts.scheme == "tls" else None
    return Collector(scheme=parts.scheme, host=parts.hostname, port=port or _PORTS[parts.scheme], context=context)


def _context(settings: Settings) -> ssl.SSLContext:
    """TLS 1.2 or newer; the collector must have a certificate of the authority, and is shown ours if we have one."""
    try:
        context = ssl.create_default_context(cafile=_path(settings.audit_syslog_ca))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if settings.audit_syslog_certificate:
            context.load_cert_chain(settings.audit_syslog_certificate)
    except (OSError, ssl.SSLError) as error:
        words = "HILUM_AUDIT_SYSLOG_CA must be an authority, HILUM_AUDIT_SYSLOG_CERTIFICATE a certificate with its key"
        raise Misconfigured(f"{words}, both PEM files that can be read: {type(error).__name__}.") from None
    return context


def _path(path: Path | None) -> str | None:
    return str(path) if path else None


def syslog_message(row: Mapping[str, Any], source: str) -> bytes:
    """A row of the chain as a syslog message; sequenceId is its position, so that what comes twice is known."""
    failed = outcome(row, EVENTS[Action(row["action"])]) is not Outcome.SUCCESS
    at = row["at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    sequence = (row["position"] - 1) % _MOST + 1
    head = (
        f"<{_WARNING if failed else _NOTICE}>1 {at} {_hostname()} hilum {os.getpid()} {_MESSAGE_ID} "
        f'[meta sequenceId="{sequence}"] '
    )
    return head.encode("ascii") + b"\xef\xbb\xbf" + message(row, source)


def _hostname() -> str:
    """HOSTNAME: printable ASCII without spaces, or the nil value."""
    name = socket.gethostname()[:255]
    return name if name.isascii() and name.isprintable() and name and " " not in name else "-"
