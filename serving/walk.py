"""Files to read from what a person named: files as they are, folders walked in order."""

from collections.abc import Iterable, Iterator
from pathlib import Path


def walk(paths: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """Each file with its name below what was named: itself for a file, the path within for a folder.

    Hidden files and folders are passed over; links to folders are not followed.
    """
    for path in paths:
        if not path.is_dir():
            yield path, Path(path.name)
            continue
        for found in sorted(path.rglob("*")):
            below = found.relative_to(path)
            if found.is_file() and not any(part.startswith(".") for part in below.parts):
                yield found, below
