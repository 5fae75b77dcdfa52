"""``hilum doctor`` looks at where the service stands: folders, clock, and settings that let others in."""

import ctypes
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from model.errors import Misconfigured
from serving.audit.syslog import collector_of
from serving.checks import Check
from serving.destinations import configured
from serving.settings import LOOPBACK, Settings, names
from serving.tls import days_left

_LEAST_INODES = 0.05
_LEAST_DAYS = 30
#: URL schemes that anybody on the way can read.
_PLAIN = {"http", "stow+http", "fhir+http", "dicom", "mllp", "dicomweb+http", "tcp", "udp"}
#: Encrypted or local connections to PostgreSQL (libpq, sslmode).
_ENCRYPTED = {"require", "verify-ca", "verify-full"}
_NOT_SYNCHRONISED = 5  # adjtimex(2): TIME_ERROR


def place_checks(settings: Settings) -> list[Check]:
    return [*_folders(settings), _kernel_clock(), *_collector_certificate(settings), *risks(settings)]


def _folders(settings: Settings) -> Iterator[Check]:
    if settings.data.is_dir():
        room = os.statvfs(settings.data)
        yield inodes(room.f_favail, room.f_files)
        yield permissions(settings.data)


def inodes(free: int, total: int) -> Check:
    """A file system can have room and no place for another file; some count none."""
    right = not total or free / total >= _LEAST_INODES
    words = f"{free} of {total} free" if total else "not counted by this file system"
    cure = "Remove small files from the data folder's disk, or move HILUM_DATA: each radiograph takes one."
    return Check(name="inodes", right=right, words=words, cure=cure, mild=bool(free))


def permissions(folder: Path) -> Check:
    """The data folder is ours to write, and nobody else's to read."""
    name, mode = "data folder", stat.S_IMODE(folder.stat().st_mode)
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        cure = f"Make it the service's own: chown -R USER {folder}"
        return Check(name=name, right=False, words=f"{folder} cannot be written by this user", cure=cure)
    right = not mode & (stat.S_IRWXO | stat.S_IWGRP)
    words = f"{folder} is {mode:04o}"
    cure = f"It holds patients' data, and others may look into it: chmod 0750 {folder}"
    return Check(name=name, right=right, words=words, cure=cure, mild=True)


def _kernel_clock() -> Check:
    """Whether the kernel's clock is kept by NTP or the like; asked of the kernel, where it can be."""
    name, cure = "clock", "Have the machine's clock kept by NTP: systemd-timesyncd, chrony."
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
    except (OSError, AttributeError):
        return Check(name=name, right=True, words="whether it is kept by NTP is not known here")
    if state < 0:
        return Check(name=name, right=True, words="whether it is kept by NTP is not known here")
    right = state != _NOT_SYNCHRONISED
    words = "kept by NTP" if right else "not kept by NTP, says the kernel"
    return Check(name=name, right=right, words=words, cure=cure, mild=True)


def _collector_certificate(settings: Settings) -> Iterator[Check]:
    name, cure = "audit collector's TLS", "Look at HILUM_AUDIT_SYSLOG and its certificates (docs/operations.md)."
    try:
        collector_of(settings)
    except Misconfigured as error:
        yield Check(name=name, right=False, words=str(error), cure=cure)
        return
    if settings.audit_syslog_certificate:
        days = days_left(settings.audit_syslog_certificate)
        words = f"our certificate expires in {days:.0f} days" if days > 0 else "our certificate has expired"
        yield Check(name=name, right=days > _LEAST_DAYS, words=words, cure="Have it renewed.", mild=days > 0)


def risks(settings: Settings) -> Iterator[Check]:
    """One warning for each setting that lets others in, or shows them what is on the way."""
    for words, cure in _risks(settings):
        yield Check(name="risk", right=False, words=words, cure=cure, mild=True)


def _risks(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.demo:
        yield "HILUM_DEMO lets anybody on this machine do everything", "Leave it out, and make accounts: hilum users."
    if settings.host not in LOOPBACK and not settings.tls_certificate and not settings.trusted_proxies:
        cure = "Set HILUM_TLS_CERTIFICATE, or stand behind a proxy that speaks HTTPS, on 127.0.0.1."
        yield f"HTTP at {settings.host} is not encrypted", cure
    if "*" in names(settings.allowed_hosts):
        yield "HILUM_ALLOWED_HOSTS allows every Host", "Name the host names by which the service is reached."
    if settings.dimse_port and settings.dimse_host not in LOOPBACK and not settings.dimse_tls_certificate:
        cure = "Where the network is not your own: HILUM_DIMSE_TLS_CERTIFICATE, or a VPN."
        yield f"DICOM at {settings.dimse_host} is not encrypted", cure
    yield from _plain_ways(settings)


def _plain_ways(settings: Settings) -> Iterator[tuple[str, str]]:
    """What goes to other machines as it is."""
    try:
        sent = {f"destination {name}": one.address.url for name, one in configured(settings).items()}
    except Misconfigured:
        sent = {}
    ways = {**sent, "HILUM_PRIORS": settings.priors, "HILUM_AUDIT_SYSLOG": settings.audit_syslog}
    for name, url in ways.items():
        parts = urlsplit(url or "")
        if parts.scheme in _PLAIN and parts.hostname not in LOOPBACK:
            yield f"{name} is reached without encryption ({parts.scheme})", "Use its TLS form, or a VPN."
    if settings.database_url is not None and _is_plain(settings.database_url):
        yield "the database is reached without demanding encryption", "Add ?sslmode=verify-full to HILUM_DATABASE_URL."


def _is_plain(url: str) -> bool:
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError:
        return False
    host = str(parts.get("host") or "/")
    return not host.startswith("/") and host not in LOOPBACK and parts.get("sslmode") not in _ENCRYPTED
