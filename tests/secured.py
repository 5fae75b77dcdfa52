"""Certificates of an authority of our own, those who believe them, and what TLS is agreed on with them."""

import socket
import ssl
from pathlib import Path

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
    """Whether who listens there agrees on this version with a client that is content with any cipher."""
    context = believing(authority)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with socket.create_connection(("127.0.0.1", port), timeout=30) as plain:
        try:
            context.wrap_socket(plain, server_hostname="localhost").close()
        except (ssl.SSLError, ConnectionResetError):
            return False
    return True
