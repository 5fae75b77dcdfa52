from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from serving.users import passwords
from tests.serving.users.people import Guarded, guarded


@pytest.fixture(autouse=True, scope="session")
def _quick_hashes() -> Iterator[None]:
    """Tests sign in hundreds of times; a hash that is worth something takes 0.1 s and 64 MiB."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        patch.setattr(passwords, "_hasher", quick)
        patch.setattr(passwords, "_NOBODY", quick.hash(""))
        yield


@pytest.fixture(scope="module")
def service() -> Iterator[Guarded]:
    """One for all tests of a module: each makes accounts and keys of its own."""
    with guarded() as service:
        yield service
