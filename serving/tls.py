"""DICOM over TLS (PS3.15, B.12: BCP 195): our certificate, and the authority whose certificates we believe."""

import ssl
from datetime import UTC, datetime

from model.errors import Misconfigured
from serving.settings import Settings

#: Of TLS 1.2 (RFC 9325, 4.2), what TLS 1.3 has anyway: forward secrecy, authenticated encryption.
_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"


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
    context = _with_our_certificate(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), settings)
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
    return _with_our_certificate(context, settings)


def days_left(settings: Settings) -> float | None:
    """Until our certificate expires; None without one."""
    if settings.dimse_tls_certificate is None:
        return None
    # The one decoder of a certificate file that Python's library has; a context tells only of authorities.
    found = ssl._ssl._test_decode_cert(str(settings.dimse_tls_certificate))  # type: ignore[attr-defined]
    return (ssl.cert_time_to_seconds(found["notAfter"]) - datetime.now(UTC).timestamp()) / 86400


def _with_our_certificate(context: ssl.SSLContext, settings: Settings) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    wrong = "HILUM_DIMSE_TLS_{} must be a file in PEM that can be read{}: {}."
    if settings.dimse_tls_certificate:
        try:
            # A key with a password would be asked for on the terminal: nobody sits there.
            context.load_cert_chain(settings.dimse_tls_certificate, settings.dimse_tls_key, password=lambda: "")
        except OSError as error:  # ssl.SSLError is one
            raise Misconfigured(wrong.format("CERTIFICATE", ", with its HILUM_DIMSE_TLS_KEY", _why(error))) from None
    if settings.dimse_tls_ca:
        try:
            context.load_verify_locations(settings.dimse_tls_ca)
        except OSError as error:
            raise Misconfigured(wrong.format("CA", "", _why(error))) from None
    return context


def _why(error: OSError) -> str:
    return getattr(error, "reason", None) or error.strerror or type(error).__name__
