from collections.abc import Iterator

import httpx
import pytest

from tests.fakes import StubReader
from tests.serving.live import live


@pytest.fixture
def reader() -> StubReader:
    return StubReader()


@pytest.fixture
def client(reader: StubReader) -> Iterator[httpx.Client]:
    with live(reader) as client:
        yield client
