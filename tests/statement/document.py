"""`python -m tests.statement.document` writes the tables of docs/conformance.md anew, from what the code does."""

from pathlib import Path

from tests.conformance import comparison
from tests.statement import networking, results, web
from tests.statement.markdown import filled

DOCUMENT = Path("docs/conformance.md")


def from_code() -> dict[str, str]:
    """Tables that say what the code does, by name."""
    return {**networking.tables(), **results.tables(), **web.tables()}


def main() -> None:
    tables = from_code() | comparison.tables()
    DOCUMENT.write_text(filled(DOCUMENT.read_text(encoding="utf-8"), tables), encoding="utf-8")


if __name__ == "__main__":
    main()
