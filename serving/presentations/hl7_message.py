"""A completion as an HL7 v2.5.1 message ORU^R01: an order a radiograph, an observation a finding.

Written by hand, since it is a few lines of text; the tests read it with a library. Everything in it is derived or was
stored, so that what is sent again is the same.
"""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid5

from serving.instances import OWN_MANUFACTURER
from serving.presentations.completion_json import uid_of
from serving.presentations.report_codes import REFUSALS, SIDES, VERDICTS, ZONES
from serving.presentations.review import Review, Status
from serving.presentations.told import NAMESPACE, SCHEME, Told, place_of, told

#: What has a meaning of its own in a message, and how it is written instead (HL7 v2.5.1, 2.7).
_ESCAPES = str.maketrans({"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
#: Tables 0123 and 0085. A sign-off that was withdrawn is a correction too: a receiver would ignore a step back to P.
_STATUSES = {Status.PRELIMINARY: "P", Status.FINAL: "F", Status.AMENDED: "C", Status.WITHDRAWN: "C"}
_NO_RESULT, _DELETED = "X", "D"
_UNITS = "1^no units^UCUM"
_PRESENT = "52101004^Present^SCT"

Fields = Mapping[int, str]


def message(
    completion: Mapping[str, Any], outcomes: Sequence[Mapping[str, Any]], review: Review | None
) -> bytes | None:
    """The message in UTF-8, its segments ended by CR; None when there is nothing to tell."""
    all_told = told(outcomes, review)
    if not all_told:
        return None
    lines = [_header(completion), _patient(completion)]
    for number, one in enumerate(all_told, 1):
        lines += _order(number, one, completion)
    return "".join(f"{line}\r" for line in lines).encode()


def _header(completion: Mapping[str, Any]) -> str:
    key = uuid5(NAMESPACE, f"{uid_of(completion)}:oru").bytes
    fields = {
        3: "HILUM",
        7: _time(completion["completed_at"]),
        9: "ORU^R01^ORU_R01",
        10: base64.b32encode(key).decode()[:20],  # at most 20 characters
        11: "P",
        12: "2.5.1",
        18: "UNICODE UTF-8",
    }
    # The separator after the name is field 1, and the next four characters are field 2.
    return "MSH|^~\\&" + _segment("", fields)[2:]


def _patient(completion: Mapping[str, Any]) -> str:
    number, sex = completion["patient_id"], completion["sex"]
    fields = {
        1: "1",
        3: f"{_text(number)}^^^^{'MR' if number else 'U'}",  # required, and so is the name: unspecified then
        5: _name(completion["patient_name"]),
        7: _text(completion["birth_date"]),
        8: sex if sex in {"M", "F", "O"} else "U",
    }
    return _segment("PID", fields)


def _name(patient_name: str) -> str:
    """Family, given, further names, suffix, prefix; DICOM has the last two the other way round (PS3.5, 6.2)."""
    group = next((group for group in patient_name.split("=") if group.strip("^ ")), "")
    family, given, middle, prefix, suffix = (*group.split("^"), "", "", "", "", "")[:5]
    return "^".join(map(_text, (family, given, middle, suffix, prefix))) + ("^^L" if group else "^^U")


def _order(number: int, one: Told, completion: Mapping[str, Any]) -> Iterator[str]:
    signed = one.review if one.review and one.review.is_signed_off else None
    fields = {
        1: str(number),
        3: f"{one.derived('hl7:order')}^{OWN_MANUFACTURER}",
        4: "399208008^Plain chest X-ray^SCT",
        7: _text(completion["study_date"]),
        18: _text(completion["accession_number"]),
        22: _time(one.made_at),
        24: "RAD",
        25: _STATUSES[one.status],
        32: f"&{_text(signed.observer)}" if signed else "",
    }
    yield _segment("OBR", fields)
    yield from _notes([one.notice, *([signed.comment] if signed else []), *_corrected(one)])
    for index, (observation, notes) in enumerate(_observations(one, completion), 1):
        common = {1: str(index), 14: _text(completion["study_date"]), 18: f"{_text(one.reader)}^{OWN_MANUFACTURER}"}
        yield _segment("OBX", {11: _STATUSES[one.status], **common, **observation})
        yield from _notes(notes)


def _corrected(one: Told) -> list[str]:
    return [f"Read as if corrected: {correction}" for correction in one.corrections]


def _observations(one: Told, completion: Mapping[str, Any]) -> Iterator[tuple[Fields, Sequence[str]]]:
    """Each as fields of its OBX, and notes to it."""
    yield _value("ST", "110180^Study Instance UID^DCM", "", _text(completion["study_instance_uid"])), ()
    yield _value("ST", _ours("sop-instance-uid", "SOP Instance UID"), "", _text(one.sop_instance_uid)), ()
    refusal = one.document["refusal"]
    if refusal:
        reason = _ours(refusal["code"], REFUSALS.get(refusal["code"], refusal["code"]))
        words = (refusal["reason"], "This says nothing about the patient; it does not mean normal.")
        yield {**_value("CWE", _ours("not-read", "Not read"), "", reason), 11: _NO_RESULT}, words
    findings = one.findings()
    for number, finding in enumerate(findings, 1):
        yield from _finding(str(number), finding)
    if one.ratio:
        value, error = one.ratio
        name = _ours("cardiothoracic-ratio", "Cardiothoracic ratio")
        yield {**_value("NM", name, "", _number(value)), 6: _UNITS}, (error,)
    names = {finding["name"] for finding in findings}
    for number, finding in enumerate(
        (one for one in one.formerly_added() if one["name"] not in names), len(findings) + 1
    ):
        yield {**_value("CWE", _code(finding["code"]), str(number), ""), 11: _DELETED}, ()


def _finding(number: str, finding: Mapping[str, Any]) -> Iterator[tuple[Fields, Sequence[str]]]:
    name = _code(finding["code"])
    flag = {8: "A" if finding["present"] else "N"}
    if finding["probability"] is None:
        yield {**_value("CWE", name, number, _PRESENT), **flag}, finding["comments"]
    else:
        doubt = ["Experimental: not shown to be found reliably."] if finding["experimental"] else []
        place = [f"Seen at: {place_of(finding)}."] if place_of(finding) else []
        notes = [finding["operating_point"]["sentence"], *place, *doubt, *finding["comments"]]
        measured = {6: _UNITS, 7: f"<{_number(finding['threshold'])}", **flag}
        yield {**_value("NM", name, number, _number(finding["probability"])), **measured}, notes
    for concept, key, values in (
        ("272741003^Laterality^SCT", "side", SIDES),
        (_ours("lung-zone", "Lung zone"), "zone", ZONES),
        (_ours("verdict", "Verdict of the reviewer"), "verdict", VERDICTS),
    ):
        if finding.get(key):
            value = values[finding[key]]
            yield _value("CWE", concept, number, f"{value.value}^{_text(value.meaning)}^{value.scheme_designator}"), ()


def _value(kind: str, concept: str, number: str, value: str) -> dict[int, str]:
    return {2: kind, 3: concept, 4: number, 5: value}


def _notes(words: Sequence[str]) -> Iterator[str]:
    for number, text in enumerate((text for text in words if text), 1):
        yield _segment("NTE", {1: str(number), 2: "L", 3: _text(text)})


def _code(code: Mapping[str, str]) -> str:
    return "^".join(map(_text, (code["value"], code["meaning"], code["scheme"])))


def _ours(value: str, meaning: str) -> str:
    return f"{_text(value)}^{_text(meaning)}^{SCHEME}"


def _segment(name: str, fields: Fields) -> str:
    """Without the empty fields at its end."""
    last = max((number for number, value in fields.items() if value), default=0)
    return "|".join([name, *(fields.get(number, "") for number in range(1, last + 1))])


def _text(value: str) -> str:
    return _CONTROL.sub(" ", value).translate(_ESCAPES)


def _number(value: float) -> str:
    """As NM has it: digits and a point, no exponent."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _time(moment: datetime) -> str:
    return f"{moment:%Y%m%d%H%M%S}.{moment.microsecond // 1000:03d}{moment:%z}"
