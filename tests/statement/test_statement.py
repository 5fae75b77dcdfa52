"""docs/conformance.md says what the code does."""

from tests.conformance import comparison
from tests.statement.document import DOCUMENT, from_code
from tests.statement.markdown import filled, names, table


def test_the_statement_has_exactly_the_tables() -> None:
    written = DOCUMENT.read_text(encoding="utf-8")
    tables = from_code()
    assert set(tables) <= set(names(written)) <= set(tables) | comparison.TABLES
    assert written == filled(written, tables), "python -m tests.statement.document writes it anew"


def test_a_table_is_put_between_its_marks() -> None:
    text = "a\n<!-- table: one -->\nold\n<!-- end -->\n<!-- table: two -->\nkept\n<!-- end -->\nb\n"
    new = filled(text, {"one": table(("x", "y"), [("1", "2|3")])})
    assert new == (
        "a\n<!-- table: one -->\n| x | y |\n| --- | --- |\n| 1 | 2\\|3 |\n<!-- end -->\n"
        "<!-- table: two -->\nkept\n<!-- end -->\nb\n"
    )
    assert names(new) == ["one", "two"]
