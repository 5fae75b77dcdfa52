"""The audit trail as a file: JSON lines, CSV or audit messages of DICOM."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any

from serving.audit.message import message

Row = Mapping[str, Any]


def entry_json(row: Row) -> dict[str, Any]:
    """A row of the chain with the time as its hash covers it."""
    return {**row, "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds")}


def as_jsonl(rows: Iterable[Row], _: str) -> Iterator[str]:
    for row in rows:
        yield json.dumps(entry_json(row), ensure_ascii=False) + "\n"


def as_csv(rows: Iterable[Row], _: str) -> Iterator[str]:
    """With a head; details as JSON. What a spreadsheet would take for a formula begins with an apostrophe."""
    head: list[str] | None = None
    for row in rows:
        entry = {**entry_json(row), "details": json.dumps(row["details"], ensure_ascii=False, sort_keys=True)}
        if head is None:
            head = list(entry)
            yield _line(head)
        yield _line([_tame(str(value)) for value in entry.values()])


def _line(values: list[str]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerow(values)
    return file.getvalue()


def _tame(text: str) -> str:
    return f"'{text}" if text[:1] in tuple("=+-@\t\r") else text


def as_xml(rows: Iterable[Row], source: str) -> Iterator[str]:
    """Messages of PS3.15, A.5, one a line, within one element."""
    yield "<AuditMessages>\n"
    for row in rows:
        yield message(row, source).decode() + "\n"
    yield "</AuditMessages>\n"


#: Name of a form to what makes it of rows and of our AE title.
FORMS: dict[str, Callable[[Iterable[Row], str], Iterator[str]]] = {"jsonl": as_jsonl, "csv": as_csv, "xml": as_xml}
