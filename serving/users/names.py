"""Names of accounts, keys and sites."""

import unicodedata

LONGEST = 64


def fit_name(text: str, what: str = "name") -> str:
    """The same, as it is kept.

    Raises:
        ValueError: in words that begin with "must".
    """
    name = unicodedata.normalize("NFKC", text).strip()
    if not 1 <= len(name) <= LONGEST or not name.isprintable() or "," in name:
        raise ValueError(f"must have a {what} of 1 to {LONGEST} printable characters without commas")
    return name


def folded(name: str) -> str:
    """The same for names that differ in case only."""
    return unicodedata.normalize("NFKC", name).strip().casefold()
