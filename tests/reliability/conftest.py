from collections.abc import Iterator

import pytest

from tests.quiet import without_what_pynetdicom_says
from tests.reliability.service import LONG


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long forms may take long; pynetdicom leaves sockets to the garbage collector when its peer dies."""
    for item in items:
        if item.path.parent.name == "reliability":
            item.add_marker(pytest.mark.timeout(1800 if LONG else 240))
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed .socket:ResourceWarning"))


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with without_what_pynetdicom_says():
        yield
