"""STOW-RS to a PACS (PS3.18, 10.5): some instances a request, and an answer that speaks of each of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from model.errors import Unavailable
from serving.presentations.dicom_result import encoded
from serving.senders.http import ask, authorization, expect_success, plain_url
from serving.senders.sender import Address, Parcel, Rejected
from serving.senders.statuses import Verdict, verdict
from serving.settings import Settings

_JSON = "application/dicom+json"
#: Bytes of a request, unless one instance alone is more.
_MOST_BYTES = 32 * 2**20
_FAILED, _REFERENCED_UID, _FAILURE_REASON = "00081198", "00081155", "00081197"
_PROCESSING_FAILURE = 0x0110

#: SOP Instance UID and the file.
Named = tuple[str, bytes]


@dataclass(frozen=True, kw_only=True)
class Stow:
    """The base URL of a DICOMweb server."""

    url: str = field(repr=False)
    secret: str | None = field(repr=False)
    kinds: tuple[str, ...]

    def send(self, parcel: Parcel) -> None:
        rejected: list[str] = []
        for batch in _batches((one.SOPInstanceUID, encoded(one)) for one in parcel.instances(self.kinds)):
            rejected += self._store(batch, parcel.uid)
        if rejected:
            raise Rejected(" ".join(dict.fromkeys(rejected)))

    def check(self) -> str:
        """Ask for one study (QIDO-RS): a server that stores need not answer that, but it says whether it knows us."""
        answer = ask("GET", f"{self.url}/studies?limit=1", headers={"Accept": _JSON, **authorization(self.secret)})
        if answer.status_code in {404, 405, 501}:
            return f"It answers, but does not search ({answer.status_code})."
        expect_success(answer)
        return "It answered a search."

    def _store(self, batch: Sequence[Named], boundary: str) -> list[str]:
        """Why some of them will never be stored."""
        headers = {
            "Content-Type": f'multipart/related; type="application/dicom"; boundary={boundary}',
            "Accept": _JSON,
            **authorization(self.secret),
        }
        answer = ask("POST", f"{self.url}/studies", body=_multipart(batch, boundary), headers=headers)
        return _never_stored(answer, [uid for uid, _ in batch])


def make(address: Address, _: Settings) -> Stow:
    """Of ``stow+http(s)://host/dicom-web``.

    Raises:
        ValueError: in words.
    """
    url = plain_url(address, "stow+").rstrip("/")
    if address.parts.query:
        raise ValueError("must name a DICOMweb server as stow+https://host/path, and nothing after it")
    return Stow(url=url, secret=address.secret, kinds=address.presentations)


def _batches(files: Iterable[Named]) -> Iterator[list[Named]]:
    batch: list[Named] = []
    for one in files:
        if batch and sum(len(file) for _, file in batch) + len(one[1]) > _MOST_BYTES:
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch


def _multipart(batch: Sequence[Named], boundary: str) -> bytes:
    """RFC 2387. The boundary is a UID longer than any line of ours that begins with two hyphens."""
    head = f"--{boundary}\r\nContent-Type: application/dicom\r\n\r\n".encode()
    return b"".join(head + file + b"\r\n" for _, file in batch) + f"--{boundary}--\r\n".encode()


def _never_stored(answer: httpx.Response, sent: Sequence[str]) -> list[str]:
    """
    Raises:
        Unavailable: when some may be stored later.
    """
    reasons = [reason for reason in _failed(answer, sent).values() if verdict(reason) is not Verdict.STORED]
    words = [f"The PACS must store what it is sent, but failed one with 0x{reason:04X}." for reason in reasons]
    if any(verdict(reason) is Verdict.LATER for reason in reasons):
        raise Unavailable(" ".join(dict.fromkeys(words)))
    return words


def _failed(answer: httpx.Response, sent: Sequence[str]) -> dict[str, int]:
    """SOP Instance UID to Failure Reason of those that were not stored (PS3.18, 10.5.3.2).

    Raises:
        Unavailable: when it may be stored later, or it stored some and does not say which.
        Rejected: when it stored none, and does not say why.
    """
    try:
        failed = _named(answer.json())
    except (ValueError, LookupError, TypeError, AttributeError):
        failed = None
    if answer.status_code == httpx.codes.ACCEPTED and failed is None:
        raise Unavailable("The PACS answered 202, and must say which instances failed, but does not.")
    if answer.is_success or (failed and failed.keys() >= set(sent)):  # Orthanc says why with 400 too
        return failed or {}
    if answer.status_code == httpx.codes.CONFLICT:
        raise Rejected("The PACS stored nothing (409), and must say why of each instance, but does not.")
    expect_success(answer)
    return {}


def _named(response: Mapping[str, Any]) -> dict[str, int]:
    """From the response module in DICOM JSON (PS3.18, annex F and I.2)."""
    return {
        item[_REFERENCED_UID]["Value"][0]: int(item.get(_FAILURE_REASON, {}).get("Value", [_PROCESSING_FAILURE])[0])
        for item in response.get(_FAILED, {}).get("Value", [])
    }
