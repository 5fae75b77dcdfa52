"""The queries of queries.sql, by name."""

import re
from importlib.resources import files
from typing import LiteralString, cast

_HEAD = re.compile(r"^-- (\w+) --$", re.MULTILINE)


def _split(text: str) -> dict[str, LiteralString]:
    parts = _HEAD.split(text)
    # What stands in our own file is as literal as what stands in this one.
    return {name: cast("LiteralString", sql.strip()) for name, sql in zip(parts[1::2], parts[2::2], strict=True)}


#: Name to SQL.
QUERIES = _split((files("serving.store") / "queries.sql").read_text(encoding="utf-8"))
