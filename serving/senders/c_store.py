"""C-STORE to a PACS: the other side of ``doors/dimse.py`` (PS3.4, annex B; PS3.7, 9.1.1)."""

import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom import AE
from pynetdicom.association import Association

from model.errors import Unavailable
from serving.ae_address import ae_address
from serving.presentations.kinds import sop_classes
from serving.senders.sender import Address, Parcel, Rejected
from serving.senders.statuses import Verdict, verdict
from serving.settings import Settings
from serving.tls import sender_context

_CONNECT_SECONDS, _ANSWER_SECONDS = 5, 30
_MAX_PDU = 131072
_VERIFICATION = "1.2.840.10008.1.1"


@dataclass(frozen=True, kw_only=True)
class Pacs:
    """An Application Entity that stores what it is sent."""

    title: str
    host: str
    port: int
    our_title: str
    #: None: without TLS.
    tls: ssl.SSLContext | None = None
    #: Of ``kinds.DICOM_KINDS``.
    kinds: tuple[str, ...]

    def send(self, parcel: Parcel) -> None:
        """In one association; nobody is bothered by one for nothing."""
        made = parcel.instances(self.kinds)
        first = next(made, None)
        if first is None:
            return
        with self._association(sop_classes(self.kinds)) as association:
            rejected = [words for one in chain([first], made) if (words := _store(association, one))]
        if rejected:
            raise Rejected(" ".join(dict.fromkeys(rejected)))

    def check(self) -> str:
        """C-ECHO (PS3.4, annex A), and whether it takes what it is to be sent."""
        wanted = sop_classes(self.kinds)
        with self._association([_VERIFICATION, *wanted]) as association:
            accepted = {context.abstract_syntax for context in association.accepted_contexts}
            if missing := [one.name for one in wanted if one not in accepted]:
                raise Rejected(f"The PACS must accept {' and '.join(missing)}, but does not.")
            if _VERIFICATION not in accepted:
                return "It takes what it is sent, but does not answer C-ECHO."
            status = _status(association.send_c_echo)
        if status != 0x0000:
            raise Rejected(f"The PACS must answer C-ECHO with success, but answered 0x{status:04X}.")
        return "It answered C-ECHO and takes what it is sent."

    @contextmanager
    def _association(self, contexts: Sequence[str]) -> Iterator[Association]:
        entity = AE(ae_title=self.our_title)
        entity.connection_timeout = _CONNECT_SECONDS
        entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = _ANSWER_SECONDS
        for abstract_syntax in contexts:
            entity.add_requested_context(abstract_syntax, [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
        tls = (self.tls, self.host) if self.tls else None
        association = entity.associate(self.host, self.port, ae_title=self.title, max_pdu=_MAX_PDU, tls_args=tls)
        if not association.is_established:
            why = "rejected the association" if association.is_rejected else "is not reachable or ended the association"
            raise Unavailable(f"The PACS must accept our association, but {why}.")
        try:
            yield association
        finally:
            if association.is_established:
                association.release()


def make(address: Address, settings: Settings) -> Pacs:
    """Of ``dicom://AETITLE@host:port``, or ``dicoms://`` for one that speaks TLS.

    Raises:
        ValueError: in words.
    """
    parts = address.parts
    named = ae_address(parts)
    if named is None:
        raise ValueError("must name a PACS as dicom://AETITLE@host:port")
    if parts.query or parts.path.strip("/"):
        raise ValueError("must name a PACS as dicom://AETITLE@host:port, and nothing after it")
    return Pacs(
        **named._asdict(),
        our_title=settings.ae_title,
        tls=sender_context(settings) if parts.scheme == "dicoms" else None,
        kinds=address.presentations,
    )


def _store(association: Association, result: Dataset) -> str | None:
    """None when it was stored; why not, when it never will be."""
    name = result.SOPClassUID.name
    accepted = [one for one in association.accepted_contexts if one.abstract_syntax == result.SOPClassUID]
    if not accepted:
        if not association.is_established:
            raise Unavailable("The PACS must keep the association until all is sent, but ended it.")
        return f"The PACS must accept {name}, but does not."
    result.file_meta.TransferSyntaxUID = accepted[0].transfer_syntax[0]
    status = _status(lambda: association.send_c_store(result))
    said = verdict(status)
    if said is Verdict.STORED:
        return None
    words = f"The PACS must store {name}, but answered 0x{status:04X}."
    if said is Verdict.NEVER:
        return words
    raise Unavailable(words)


def _status(ask: Callable[[], Dataset]) -> int:
    """
    Raises:
        Unavailable: when no answer came.
    """
    try:
        status = ask().get("Status")
    except RuntimeError:  # the association ended meanwhile
        status = None
    if status is None:
        raise Unavailable(f"The PACS must answer within {_ANSWER_SECONDS} seconds, but did not.")
    return int(status)
