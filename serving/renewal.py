"""Certificates that are renewed while we run: new connections get the new one, nothing is dropped.

A context that serves is not loaded anew: between its new certificate and the key, handshakes would fail. Each handshake
is handed the newest context instead, of which OpenSSL takes the certificate and its key alone (SSL_set_SSL_CTX).
"""

import logging
import ssl
import threading
from functools import partial
from pathlib import Path

log = logging.getLogger("hilum.tls")

#: Seconds between looks.
_PAUSE = 30.0


def renewed(context: ssl.SSLContext, certificate: Path, key: Path | None, *, pause: float = _PAUSE) -> threading.Event:
    """From now on, have ``context`` show what is in these files whenever they change; setting the event ends it.

    Files that do not fit yet, as while they are being replaced, are looked at again; what was taken stays meanwhile.
    """
    stop = threading.Event()
    arguments = (context, certificate, key, pause, stop)
    threading.Thread(target=_look_after, args=arguments, name="renewal", daemon=True).start()
    return stop


def _look_after(
    context: ssl.SSLContext, certificate: Path, key: Path | None, pause: float, stop: threading.Event
) -> None:
    files = [path for path in (certificate, key) if path]
    known = _state(files)
    while not stop.wait(pause):
        now = _state(files)
        if now == known:
            continue
        newest = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            newest.load_cert_chain(certificate, key, password=_no_password)
        except OSError as error:  # ssl.SSLError is one
            log.warning("the renewed certificate cannot be taken yet: %s", type(error).__name__)
        else:
            context.sni_callback = partial(_show, newest)
            known = now
            log.info("a renewed certificate is taken")


def _show(newest: ssl.SSLContext, handshake: ssl.SSLSocket | ssl.SSLObject, _name: object, _context: object) -> None:
    handshake.context = newest


def _state(files: list[Path]) -> list[tuple[int, int]]:
    """Changes when one of them does."""
    try:
        return [(found.st_mtime_ns, found.st_ino) for found in (path.stat() for path in files)]
    except OSError:
        return []


def _no_password() -> str:
    return ""
