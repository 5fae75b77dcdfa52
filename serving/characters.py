"""Texts of people: in a file's own characters, and as one searches for them."""

import unicodedata
from collections.abc import Sequence

from pydicom import charset

#: The groups of a Person Name (PS3.5, 6.2.1.1): as it is written in letters, in ideographs, and as it sounds.
_GROUPS_OF_NAME = ("Alphabetic", "Ideographic", "Phonetic")

#: Of Unicode's bidirectional algorithm (UAX #9): embeddings, overrides and isolates.
_DIRECTIONS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def decoded(raw: bytes, character_sets: Sequence[str]) -> str:
    """A text in the file's own characters (PS3.5, 6.1); what cannot be decoded shows as such."""
    known = [term for term in character_sets if term in charset.python_encoding]
    if len(known) > 1:
        text = charset.decode_bytes(raw, charset.convert_encodings(known), {ord("^"), ord("=")})
    else:
        text = raw.decode(charset.python_encoding[known[0]] if known else "latin-1", "replace")
    return text.replace("\0", "").strip()


def fold(text: str) -> str:
    """Without case and diacritics, as people type it: "Nguyễn Đức" is found by "nguyen duc"."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(character for character in plain if not unicodedata.combining(character))


def name_groups(name: str) -> dict[str, str]:
    """The groups of a Person Name that hold something, by what the DICOM JSON Model calls them (PS3.18, F.2.2)."""
    groups = zip(_GROUPS_OF_NAME, name.split("="), strict=False)
    return {key: group for key, group in groups if group.strip("^ ")}


def readable_name(name: str) -> str:
    """A Person Name as people write it: the first group that is not empty, without the carets.

    Marks that turn the direction of writing are left out: by them a name reads as another one, and what follows it too.
    """
    first = next(iter(name_groups(name).values()), "").translate(_DIRECTIONS)
    return " ".join(part.strip() for part in first.split("^") if part.strip())


def name_to_match(name: str) -> str:
    """A Person Name as searches compare it: its groups folded, each between two "="; "" for none.

    Empty components at the end of a group do not count (PS3.5, 6.2.1.2).
    """
    groups = [fold(group).rstrip("^ ") for group in name_groups(name).values()]
    return f"={'='.join(groups)}=" if groups else ""
