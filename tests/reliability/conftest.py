import gc
import logging
from collections.abc import Iterator

import pytest

from tests.reliability.service import LONG


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long forms may take long; pynetdicom leaves sockets to the garbage collector when its peer dies."""
    for item in items:
        if item.path.parent.name == "reliability":
            item.add_marker(pytest.mark.timeout(1800 if LONG else 240))
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed .socket:ResourceWarning"))


@pytest.fixture(autouse=True)
def _without_what_pynetdicom_says() -> Iterator[None]:
    """A log that keeps its errors keeps their sockets, too."""
    logger = logging.getLogger("pynetdicom")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    yield
    logger.setLevel(before)
    gc.collect()
