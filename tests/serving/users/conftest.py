from collections.abc import Iterator

import pytest

from tests.serving.users.people import Guarded, guarded


@pytest.fixture(scope="module")
def service() -> Iterator[Guarded]:
    """One for all tests of a module: each makes accounts and keys of its own."""
    with guarded() as service:
        yield service
