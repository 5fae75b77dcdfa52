"""What the documents point to is there: a README without its picture is the first thing that a stranger sees."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
#: Folders of ours with documents, besides the root.
FOLDERS = ("data_samples", "docs", "model", "training")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.md"))])
_LINK = re.compile(r"\]\((?P<path>[^)#:]+)(?:#[^)]*)?\)")


def dangling(document: Path) -> list[str]:
    paths = [link["path"] for link in _LINK.finditer(document.read_text(encoding="utf-8"))]
    return [path for path in paths if not (document.parent / path).exists()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_is_linked_is_there(document: Path) -> None:
    assert dangling(document) == []


def test_one_that_is_not_is_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("")
    document = tmp_path / "README.md"
    document.write_text("[a](there.md#part) ![b](gone.png) [c](https://example.org/x) [d](#part)")
    assert dangling(document) == ["gone.png"]
