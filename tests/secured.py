"""Certificates of an authority of our own, those who believe them, and what TLS is agreed on with them."""

import socket
import ssl
from pathlib import Path

import pytest
import trustme

#: TLS versions, and whether the service agrees on them.
VERSIONS = [(ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)]


def issue(authority: trustme.CA, file: Path) -> None:
    authority.issue_cert("127.0.0.1", "localhost").private_key_and_cert_chain_pem.write_to_path(file)


def believing(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def agrees(authority: trustme.CA, port: int, version: ssl.TLSVersion) -> bool:
    """Whether who listens there agrees on this version with a client that is content with any cipher.

    Skips the test where OpenSSL would not agree on it even with itself: then a refusal says nothing.
    """
    if not _is_spoken_here(authority, version):
        pytest.skip(f"this machine's OpenSSL does not speak {version.name}")
    context = _content(believing(authority), version)
    with socket.create_connection(("127.0.0.1", port), timeout=30) as plain:
        try:
            context.wrap_socket(plain, server_hostname="localhost").close()
        except (ssl.SSLError, ConnectionResetError):
            return False
    return True


def _content(context: ssl.SSLContext, version: ssl.TLSVersion) -> ssl.SSLContext:
    """With this version and any cipher."""
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    return context


def _is_spoken_here(authority: trustme.CA, version: ssl.TLSVersion) -> bool:
    """Whether a client and a server that are content with any cipher agree on it, in memory."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(server)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = (
        _content(believing(authority), version).wrap_bio(down, up, server_hostname="localhost"),
        _content(server, version).wrap_bio(up, down, server_side=True),
    )
    for side in sides * 3:
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLError:
            return False
    return True
