"""AE titles, and an Application Entity as a URL names it: ``dicom://AETITLE@host:port``."""

import re
from typing import NamedTuple
from urllib.parse import SplitResult, unquote

#: PS3.5, 6.2: AE.
_TITLE = re.compile(r"[ -\[\]-~]{1,16}")


class AeAddress(NamedTuple):
    title: str
    host: str
    port: int


def is_title(text: str) -> bool:
    """Whether an Application Entity may be called so: printable ASCII without a backslash, and not spaces alone."""
    return bool(_TITLE.fullmatch(text) and text.strip())


def ae_address(parts: SplitResult) -> AeAddress | None:
    """What stands before the path; None where that names none."""
    title = unquote(parts.username or "")
    try:
        port = parts.port
    except ValueError:
        return None
    if not is_title(title) or not parts.hostname or not port:
        return None
    return AeAddress(title, parts.hostname, port)
