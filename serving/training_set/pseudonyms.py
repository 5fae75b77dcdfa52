"""Names that say nothing, and are the same at each export: derived with a key that stays in the data folder."""

import hashlib
import hmac
import os
import secrets
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

#: Who has it can try which patient a pseudonym stands for.
KEY_FILE = "pseudonyms.key"
_BYTES = 32


@dataclass(frozen=True)
class Pseudonyms:
    """Without the key, nobody can tell what a name was derived from, nor try it out."""

    key: bytes

    @classmethod
    def kept_in(cls, folder: Path) -> "Pseudonyms":
        """With the key of this folder, which is made once."""
        path = folder / KEY_FILE
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(_BYTES))
        return cls(path.read_bytes())

    def uid(self, uid: str) -> str:
        """A UID below 2.25 (PS3.5, B.2)."""
        return f"2.25.{uuid.UUID(bytes=self._digest('uid', uid)[:16], version=5).int}"

    def name(self, kind: str, of: str) -> str:
        """16 hexadecimal digits; ``kind`` keeps two things of one name apart."""
        return self._digest(kind, of)[:8].hex()

    def split(self, patient: str) -> Literal["train", "val", "test"]:
        """By patient, for ever the same: of ten, eight to learn from, one to calibrate on, one to test on."""
        tenth = self._digest("split", patient)[0] * 10 // 256
        return "test" if tenth == 0 else "val" if tenth == 1 else "train"

    def _digest(self, kind: str, of: str) -> bytes:
        return hmac.digest(self.key, f"{kind}\0{of}".encode(), hashlib.sha256)
