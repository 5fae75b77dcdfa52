"""What a conformance statement says of the instances that we make, told from instances that were made."""

from dataclasses import replace
from datetime import UTC, datetime

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from model.findings import FINDINGS
from serving.dicom_results import MAKERS
from serving.presentations.dicom_result import Answer
from serving.presentations.structured_report import structured_report
from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.presentations.answers import answer_of
from tests.serving.presentations.test_dicom_results import coded
from tests.statement.markdown import table


def tables() -> dict[str, str]:
    one, other = _answers()
    made = {f"attributes-{kind}": _attributes(make(one), make(other), one.source) for kind, make in MAKERS.items()}
    return {**made, "content": _content(structured_report(one)), "codes": _codes()}


def _answers() -> tuple[Answer, Answer]:
    """Of two radiographs that have nothing in common, by two readers."""
    other = {
        "StudyInstanceUID": "1.2.4.30", "SeriesInstanceUID": "1.2.4.20", "PatientName": "Other", "PatientID": "P-2",
        "StudyDate": "20250304", "StudyTime": "050607", "AccessionNumber": "A-2", "StudyID": "S-2",
        "PatientBirthDate": "19510203", "PatientSex": "F", "ReferringPhysicianName": "Doctor",
    }  # fmt: skip
    answer = answer_of(StubReader(name="hilum-other 4.5.6"), dicom("1.2.4.1", shade=140, **other))
    later = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
    return answer_of(StubReader(), dicom("1.2.3.1")), replace(answer, recorded_at=later)


def _attributes(one: Dataset | None, other: Dataset | None, source: Dataset) -> str:
    assert one is not None
    assert other is not None
    rows = [
        (element.name, f"{element.tag}".upper().replace(", ", ","), str(element.VR), _value(element, other, source))
        for element in one
    ]
    return table(("attribute", "tag", "VR", "value"), rows)


def _value(element: DataElement, other: Dataset, source: Dataset) -> str:
    if element.tag in other and other[element.tag].value == element.value and element.VR not in {"OB", "OW"}:
        return _fixed(element)
    if element.tag in source and source[element.tag].value == element.value:
        return "that of the radiograph"
    return "of this reading"


def _fixed(element: DataElement) -> str:
    if element.VR == "SQ":
        return "always the same"
    values = element.value if element.VM > 1 else [element.value]
    text = "\\".join(str(value) for value in values if value is not None)
    return f"`{text}`" if text else "empty"


def _content(report: Dataset) -> str:
    """The content tree (PS3.3, C.17.3), each kind of item once."""
    seen: list[tuple[str, ...]] = []
    _walk(report, 0, seen)
    return table(("level", "relationship", "value type", "concept"), seen)


def _walk(item: Dataset, depth: int, seen: list[tuple[str, ...]]) -> None:
    concept = item.get("ConceptNameCodeSequence") or []
    named = f"{concept[0].CodeMeaning} ({concept[0].CodingSchemeDesignator} {coded(concept[0])})" if concept else ""
    row = (">" * depth, str(item.get("RelationshipType", "")), str(item.ValueType), named)
    if row not in seen:
        seen.append(row)
    for child in item.get("ContentSequence") or []:
        _walk(child, depth + 1, seen)


def _codes() -> str:
    rows = [(name, code.scheme, f"`{code.value}`", code.meaning) for name, code in FINDINGS.items()]
    return table(("finding", "scheme", "code", "meaning"), rows)
