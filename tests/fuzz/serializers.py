"""What schemathesis must know to write our bodies: loaded by its ``SCHEMATHESIS_HOOKS``."""

import schemathesis


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.serializer("application/dicom", "application/zip", "image/png", "image/jpeg")
def as_bytes(_: object, value: object) -> bytes:
    return _bytes(value)


@schemathesis.serializer("multipart/related")
def as_part(_: object, value: object) -> bytes:
    """One part around it."""
    return b"--b\r\nContent-Type: application/dicom\r\n\r\n" + _bytes(value) + b"\r\n--b--\r\n"
