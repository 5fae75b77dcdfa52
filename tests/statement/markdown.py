"""Tables of a document, and where they stand in it: between ``<!-- name -->`` and ``<!-- end -->``."""

import re
from collections.abc import Iterable, Mapping, Sequence

_BLOCK = re.compile(r"<!-- table: (?P<name>[a-z-]+) -->\n.*?<!-- end -->", re.DOTALL)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def names(text: str) -> list[str]:
    return [found["name"] for found in _BLOCK.finditer(text)]


def filled(text: str, tables: Mapping[str, str]) -> str:
    """``text`` with each of its tables as it is now; a name that is not among ``tables`` stays as it is."""

    def block(found: "re.Match[str]") -> str:
        name = found["name"]
        return f"<!-- table: {name} -->\n{tables[name]}<!-- end -->" if name in tables else found[0]

    return _BLOCK.sub(block, text)
