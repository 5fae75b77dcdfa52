"""The kinds of destinations, by the scheme of their URL. A new one is a file beside this one and a row here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from serving.presentations.kinds import DICOM_KINDS, DOCUMENT_KINDS, KINDS
from serving.senders import c_store, fhir, folder, mllp, stow, webhook
from serving.senders.sender import Address, Sender
from serving.settings import Settings

#: What a PACS is sent unless its destination says otherwise: what every viewer shows.
_USUAL_DICOM = ("sr", "sc")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of destination."""

    #: A sender to an address; raises ValueError, in words that begin with "must", when the URL is not of this kind.
    make: Callable[[Address, Settings], Sender]
    #: The presentations that it can be sent.
    offers: tuple[str, ...]
    #: Those that it is sent unless its destination says otherwise.
    usual: tuple[str, ...]


_WEBHOOK = Kind(make=webhook.make, offers=DOCUMENT_KINDS, usual=("json",))
_FHIR = Kind(make=fhir.make, offers=tuple(fhir.RELEASES), usual=("fhir-r4",))
_C_STORE = Kind(make=c_store.make, offers=DICOM_KINDS, usual=_USUAL_DICOM)
_STOW = Kind(make=stow.make, offers=DICOM_KINDS, usual=_USUAL_DICOM)

SCHEMES: Mapping[str, Kind] = {
    "file": Kind(make=folder.make, offers=tuple(KINDS), usual=("json",)),
    "http": _WEBHOOK,
    "https": _WEBHOOK,
    "dicom": _C_STORE,
    "dicoms": _C_STORE,
    "stow+http": _STOW,
    "stow+https": _STOW,
    "fhir+http": _FHIR,
    "fhir+https": _FHIR,
    "mllp": Kind(make=mllp.make, offers=("oru",), usual=("oru",)),
}
