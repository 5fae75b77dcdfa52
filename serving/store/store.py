"""The store as one value that is passed on: where rows are and where bytes are."""

from dataclasses import dataclass

from serving.store.database import Database
from serving.store.objects import Objects


@dataclass(frozen=True)
class Store:
    """Safe to share between threads."""

    database: Database
    objects: Objects
