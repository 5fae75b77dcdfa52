"""Coded concepts, identifiers and dates as FHIR has them, alike in R4 and R5."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from serving.presentations.told import SCHEME, SCHEME_UID

Json = dict[str, Any]

#: Coding Scheme Designator to the system that FHIR knows it by (PS3.16, table 8-1).
_SYSTEMS = {
    "SCT": "http://snomed.info/sct",
    "DCM": "http://dicom.nema.org/resources/ontology/DCM",
    "UCUM": "http://unitsofmeasure.org",
    SCHEME: f"urn:oid:{SCHEME_UID}",
}
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
_DA = re.compile(r"\d{8}")


def concept(scheme: str, value: str, meaning: str) -> Json:
    return coded(_SYSTEMS.get(scheme, f"urn:hilum:scheme:{scheme}"), value, meaning)


def of_code(code: Mapping[str, str]) -> Json:
    """Of a document's code."""
    return concept(code["scheme"], code["value"], code["meaning"])


def coded(system: str, code: str, display: str) -> Json:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def hl7(system: str, code: str, display: str) -> Json:
    """Of one of HL7's own code systems."""
    return coded(f"{_TERMINOLOGY}/{system}", code, display)


def ours(value: str, meaning: str) -> Json:
    return concept(SCHEME, value, meaning)


def identifier(kind: str, value: str) -> Json:
    """Of a type of HL7's table 0203: MR is a patient's, ACSN an accession number."""
    return {"type": {"coding": [{"system": f"{_TERMINOLOGY}/v2-0203", "code": kind}]}, "value": value}


def dicom_uid(uid: str) -> Json:
    return {"system": "urn:dicom:uid", "value": f"urn:oid:{uid}"}


def day(da: str) -> str | None:
    """A date from DICOM's DA; None where it is none."""
    if not _DA.fullmatch(da):
        return None
    try:
        return date(int(da[:4]), int(da[4:6]), int(da[6:])).isoformat()
    except ValueError:
        return None


def filled(resource: Json) -> Json:
    """Without what is empty: FHIR allows no null, no empty list and no empty text."""
    return {name: value for name, value in resource.items() if value not in (None, "", [], {})}
