"""Hostile files, each made here by a few lines, with the answer that it must get.

``CORPUS`` maps a name to a file and its answer: the code of a refusal, or "read" where the file is harmless once it is
taken for what it is. Nothing here was taken from anywhere: an attack that somebody published is written anew.
"""

from collections.abc import Mapping

from tests.hostile import fragments, names, pixels, structure
from tests.hostile.writing import Hostile

CORPUS: Mapping[str, Hostile] = {
    name: hostile
    for part in (
        *(names.preambles, names.uids, names.directory, names.texts, structure.structure),
        *(pixels.pixel_module, pixels.tables, pixels.bombs, fragments.fragments),
    )
    for name, hostile in part()
}
