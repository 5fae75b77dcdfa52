"""A webhook: the completion as a document, signed with the time of sending, so that an old one cannot be sent anew."""

import hashlib
import hmac
import time
from dataclasses import dataclass, field

from serving.presentations.documents import Document
from serving.senders.http import ask, expect_success, plain_url
from serving.senders.sender import Address, Parcel, Rejected
from serving.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Webhook:
    url: str = field(repr=False)
    secret: str | None = field(repr=False)
    #: Of ``kinds.DOCUMENT_KINDS``; a request each.
    presentations: tuple[str, ...]

    def send(self, parcel: Parcel) -> None:
        for name in self.presentations:
            made = parcel.document(name)
            if made is not None:
                self._post(made, parcel.uid if name == "json" else f"{parcel.uid}/{name}")

    def check(self) -> str:
        """Any answer will do, but one that says that it does not know us: what a webhook says to HEAD is its own."""
        status = ask("HEAD", self.url, headers={}).status_code
        if status in {401, 403, 407}:
            raise Rejected(f"The destination must let us in, but answered {status}.")
        return f"It answers ({status} to HEAD)."

    def _post(self, made: Document, key: str) -> None:
        headers = {"Content-Type": made.kind.media_type, "Idempotency-Key": key}
        if self.secret is not None:
            headers |= signed(self.secret, made.body, int(time.time()))
        expect_success(ask("POST", self.url, body=made.body, headers=headers))


def signed(secret: str, body: bytes, now: int) -> dict[str, str]:
    """The signature's headers: HMAC-SHA256 of ``<timestamp>.<body>``; ``now`` in seconds since 1970."""
    signature = hmac.new(secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Hilum-Timestamp": str(now), "X-Hilum-Signature": f"sha256={signature}"}


def make(address: Address, settings: Settings) -> Webhook:
    """Of ``http(s)://host/path``.

    Raises:
        ValueError: in words.
    """
    secret = address.secret if address.secret is not None else settings.webhook_secret
    return Webhook(url=plain_url(address), secret=secret, presentations=address.presentations)
