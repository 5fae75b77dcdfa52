"""Hilum, looked at by the checks: its interface in this process, over a store of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

from serving.dicomweb.urls import BASE
from tests.conformance.origin_server import OriginServer, client
from tests.conformance.service import ORIGIN
from tests.conformance.suite import prepared
from tests.serving.live import new_store, serving


@contextmanager
def hilum() -> Iterator[OriginServer]:
    """With the corpus, and open to pages of one other site."""
    with (
        new_store(cors_origins=ORIGIN) as (settings, store),
        serving(settings, store, "stub") as started,
        client(f"{started.base_url}{BASE}") as http,
    ):
        yield prepared(http)
