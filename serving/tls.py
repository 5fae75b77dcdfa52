"""TLS, of DICOM (PS3.15, B.12: BCP 195) and of HTTP: our certificates, and the authority that we believe."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

from model.errors import Misconfigured
from serving.settings import Settings

#: Of TLS 1.2 (RFC 9325, 4.2), what TLS 1.3 has anyway: forward secrecy, authenticated encryption.
_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
_WRONG = "{} must be a file in PEM that can be read{}: {}."


def https_context(settings: Settings) -> ssl.SSLContext | None:
    """Of the HTTP port; None: it speaks without TLS.

    Raises:
        Misconfigured: when a file of the settings is not what it must be.
    """
    if settings.tls_certificate is None:
        if settings.tls_key:
            raise Misconfigured("HILUM_TLS_CERTIFICATE must be set with HILUM_TLS_KEY.")
        return None
    context = _bounded(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
    _load_ours(context, settings.tls_certificate, settings.tls_key, "HILUM_TLS")
    context.set_alpn_protocols(["http/1.1"])
    return context


def receiver_context(settings: Settings) -> ssl.SSLContext | None:
    """Of the C-STORE port; None: it speaks without TLS. With an authority, a peer must show a certificate of it.

    Raises:
        Misconfigured: when a file of the settings is not what it must be.
    """
    if settings.dimse_tls_certificate is None:
        if settings.dimse_tls_key or settings.dimse_tls_ca:
            raise Misconfigured(
                "HILUM_DIMSE_TLS_CERTIFICATE must be set with HILUM_DIMSE_TLS_KEY or HILUM_DIMSE_TLS_CA."
            )
        return None
    context = _for_dicom(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), settings)
    if settings.dimse_tls_ca:
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def sender_context(settings: Settings) -> ssl.SSLContext:
    """For a peer that speaks TLS: it must have a certificate for its host, of the authority or of one the system knows.

    Raises:
        Misconfigured: when a file of the settings is not what it must be.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if settings.dimse_tls_ca is None:
        context.load_default_certs()
    return _for_dicom(context, settings)


def days_left(certificate: Path) -> float:
    """Until it expires."""
    # The one decoder of a certificate file that Python's library has; a context tells only of authorities.
    found = ssl._ssl._test_decode_cert(str(certificate))  # type: ignore[attr-defined]
    return float((ssl.cert_time_to_seconds(found["notAfter"]) - datetime.now(UTC).timestamp()) / 86400)


def _for_dicom(context: ssl.SSLContext, settings: Settings) -> ssl.SSLContext:
    _bounded(context)
    if settings.dimse_tls_certificate:
        _load_ours(context, settings.dimse_tls_certificate, settings.dimse_tls_key, "HILUM_DIMSE_TLS")
    if settings.dimse_tls_ca:
        try:
            context.load_verify_locations(settings.dimse_tls_ca)
        except OSError as error:
            raise Misconfigured(_WRONG.format("HILUM_DIMSE_TLS_CA", "", _why(error))) from None
    return context


def _bounded(context: ssl.SSLContext) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    return context


def _load_ours(context: ssl.SSLContext, certificate: Path, key: Path | None, setting: str) -> None:
    try:
        # A key with a password would be asked for on the terminal: nobody sits there.
        context.load_cert_chain(certificate, key, password=lambda: "")
    except OSError as error:  # ssl.SSLError is one
        words = _WRONG.format(f"{setting}_CERTIFICATE", f", with its {setting}_KEY", _why(error))
        raise Misconfigured(words) from None


def _why(error: OSError) -> str:
    return getattr(error, "reason", None) or error.strerror or type(error).__name__
