from pathlib import Path

import argon2
import pytest

from serving.users import passwords
from serving.users.passwords import check_policy, hash_of, is_right


@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        ("12345678901", "must have 12 to 128 characters, not 11"),
        ("123456789012", None),
        ("x" * 128, None),
        ("x" * 129, "must have 12 to 128 characters, not 129"),
        ("Reader Seven Of Nine", "must not be the name"),
        ("mật khẩu bằng tiếng Việt", None),
    ],
)
def test_what_counts_is_length(password: str, wrong: str | None) -> None:
    if wrong is None:
        check_policy(password, "reader seven of nine")
    else:
        with pytest.raises(ValueError, match=wrong):
            check_policy(password, "reader seven of nine")


def test_a_password_is_right_however_a_keyboard_writes_it() -> None:
    kept = hash_of("mật khẩu bằng tiếng Việt")
    assert kept.startswith("$argon2id$")
    assert is_right("mật khẩu bằng tiếng Việt", kept)
    assert not is_right("mat khau bang tieng Viet", kept)


def test_nothing_is_the_password_of_nobody() -> None:
    assert not is_right("", None)
    assert not is_right("anything", None)


def test_a_hash_that_is_kept_costs_what_rfc_9106_says() -> None:
    """Its second recommended option: 64 MiB, 3 passes, 4 lanes. Elsewhere in these tests hashes are quick."""
    made = argon2.PasswordHasher()
    assert (made.type, made.memory_cost, made.time_cost, made.parallelism) == (argon2.Type.ID, 64 * 1024, 3, 4)
    assert "_hasher = PasswordHasher()\n" in Path(passwords.__file__).read_text(encoding="utf-8")
