"""The store as one value that is passed on: where rows are and where bytes are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from serving.store.database import Database
from serving.store.objects import Objects


@dataclass(frozen=True)
class Store:
    """Safe to share between threads."""

    database: Database
    objects: Objects
    #: Whose studies are found through it; None: of all sites. Whatever finds studies for somebody asks for it.
    sites: list[str] | None = None

    def seen_by(self, sites: Sequence[str]) -> Self:
        """The same, showing studies of these sites only; without any, of all."""
        return replace(self, sites=list(sites) or None)
