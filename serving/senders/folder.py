"""A folder: a file for each presentation, whole or not at all, under a name that is the same each time."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from model.errors import Unavailable
from serving.presentations.dicom_result import encoded
from serving.presentations.kinds import DOCUMENT_KINDS, KINDS
from serving.senders.sender import Address, Parcel
from serving.settings import Settings
from serving.store.objects import sync


@dataclass(frozen=True, kw_only=True)
class Folder:
    path: Path
    presentations: tuple[str, ...]

    def send(self, parcel: Parcel) -> None:
        for name, content in self._files(parcel):
            self._write(name, content)

    def check(self) -> str:
        self._write(".hilum", b"")
        (self.path / ".hilum").unlink(missing_ok=True)
        return "It can be written."

    def _files(self, parcel: Parcel) -> Iterator[tuple[str, bytes]]:
        for name in self.presentations:
            kind = KINDS[name]
            if name in DOCUMENT_KINDS:
                made = parcel.document(name)
                if made is not None:
                    yield f"{parcel.uid}{kind.suffix}", made.body
            else:
                yield from (
                    (f"{one.SOPInstanceUID}.{name}{kind.suffix}", encoded(one)) for one in parcel.instances([name])
                )

    def _write(self, name: str, content: bytes) -> None:
        target = self.path / name
        partial = self.path / f"{name}.partial"  # the same each time, so that a kill leaves none behind
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
            sync(self.path)
        except OSError as error:
            raise Unavailable(f"The destination's folder must be writable, but is not: {error.strerror}.") from error


def make(address: Address, _: Settings) -> Folder:
    """Of ``file:///path``.

    Raises:
        ValueError: in words.
    """
    parts = address.parts
    path = Path(unquote(parts.path))
    if parts.netloc or parts.query or not path.is_absolute():
        raise ValueError("must name a folder as file:///its/path")
    return Folder(path=path, presentations=address.presentations)
