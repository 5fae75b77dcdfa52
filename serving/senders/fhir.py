"""A FHIR server: each completion is one transaction, which is done whole or not at all (FHIR R4 and R5, 3.2.0.11)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from model.errors import Unavailable
from serving.presentations.documents import Document
from serving.senders.http import ask, authorization, expect_success, plain_url
from serving.senders.sender import Address, Parcel, Rejected
from serving.settings import Settings

#: Presentation to the beginning of what a server that knows it calls its version.
RELEASES = {"fhir-r4": "4.", "fhir-r5": "5."}
_JSON = "application/fhir+json"


@dataclass(frozen=True, kw_only=True)
class Fhir:
    #: The base URL.
    url: str = field(repr=False)
    secret: str | None = field(repr=False)
    presentation: str

    def send(self, parcel: Parcel) -> None:
        made = parcel.document(self.presentation)
        if made is not None:
            self._post(made)

    def check(self) -> str:
        """Its CapabilityStatement, and that it speaks the release that it is to be sent."""
        answer = ask("GET", f"{self.url}/metadata", headers=self._headers())
        expect_success(answer)
        version = str(_resource(answer).get("fhirVersion", ""))
        if not version.startswith(RELEASES[self.presentation]):
            raise Rejected(f"The server must speak {self.presentation}, but says that its version is {version[:8]!r}.")
        return f"It is a FHIR server of version {version[:8]}."

    def _post(self, made: Document) -> None:
        answer = ask("POST", self.url, body=made.body, headers={"Content-Type": _JSON, **self._headers()})
        expect_success(answer)
        said = _resource(answer)
        if said.get("type") != "transaction-response":
            raise Unavailable("The server must answer a transaction with a transaction-response, but does not.")
        if not all(_is_done(entry) for entry in said.get("entry", [])):
            raise Rejected("The server must do all of a transaction, but says that it did only some.")

    def _headers(self) -> dict[str, str]:
        return {"Accept": _JSON, **authorization(self.secret)}


def make(address: Address, _: Settings) -> Fhir:
    """Of ``fhir+http(s)://host/base``.

    Raises:
        ValueError: in words.
    """
    if len(address.presentations) != 1:
        raise ValueError("must be sent one of fhir-r4, fhir-r5: a FHIR server speaks one release")
    url = plain_url(address, "fhir+").rstrip("/")
    if address.parts.query:
        raise ValueError("must name a FHIR server as fhir+https://host/base, and nothing after it")
    return Fhir(url=url, secret=address.secret, presentation=address.presentations[0])


def _resource(answer: httpx.Response) -> Mapping[str, Any]:
    """
    Raises:
        Unavailable: when it is none: something else stands where the server should.
    """
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict) or "resourceType" not in found:
        raise Unavailable("The server must answer with a FHIR resource in JSON, but does not.")
    return found


def _is_done(entry: Mapping[str, Any]) -> bool:
    return str(entry.get("response", {}).get("status", "")).startswith("2")
