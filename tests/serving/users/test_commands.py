"""``hilum users`` and ``hilum keys``, on the database of a service."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from serving.cli import cli
from tests.serving.users.people import PASSWORD, Guarded, guarded


@pytest.fixture(scope="module")
def service() -> Iterator[Guarded]:
    with guarded() as service:
        yield service


@pytest.fixture
def hilum(service: Guarded, monkeypatch: pytest.MonkeyPatch) -> "Hilum":
    monkeypatch.setenv("HILUM_DATABASE_URL", str(service.settings.database_url))
    monkeypatch.setenv("HILUM_DATA", str(service.settings.data))
    return Hilum()


class Hilum:
    def __call__(self, *arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(cli, arguments, input=typed)


def test_a_person_is_added_changed_and_disabled(hilum: Hilum, service: Guarded) -> None:
    assert hilum("users", "add", "Reader-7", "--site", "north", typed=f"{PASSWORD}\n").exit_code == 0
    client = service.signed_in("reader-7")
    assert client.get("/api/session").json()["sites"] == ["north"]
    assert hilum("users", "role", "reader-7", "administrator").exit_code == 0
    assert client.get("/api/users").json()["users"][0]["role"] == "administrator"
    assert "Reader-7" in hilum("users", "list").output
    assert hilum("users", "password", "reader-7", typed="another long sentence\n").exit_code == 0
    assert client.get("/api/session").status_code == 401
    assert hilum("users", "add", "left", "--role", "administrator", typed=f"{PASSWORD}\n").exit_code == 0
    client = service.signed_in("reader-7", "another long sentence")
    assert hilum("users", "disable", "reader-7").exit_code == 0
    assert client.get("/api/session").status_code == 401
    assert hilum("users", "enable", "reader-7").exit_code == 0
    service.signed_in("reader-7", "another long sentence")
    assert service.audit("accounts")[-1][0] == "command line"


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        (("users", "add", "x"), "short\n", "The password must have 12 to 128 characters, not 5"),
        (("users", "disable", "nobody"), "", "No account of this name"),
        (("keys", "revoke", "nothing"), "", "No such key"),
        (("keys", "add", "x", "--scope", "configure", "--site", "north"), "", "sees every site"),
    ],
)
def test_what_is_wrong_is_told(hilum: Hilum, arguments: tuple[str, ...], typed: str, told: str) -> None:
    result = hilum(*arguments, typed=typed)
    assert result.exit_code == 1
    assert told in result.output
    assert "Traceback" not in result.output


def test_no_command_takes_a_password_as_an_argument(hilum: Hilum) -> None:
    for command in ("add", "password"):
        assert "--password" not in hilum("users", command, "--help").output


def test_a_link_makes_an_account(hilum: Hilum, service: Guarded) -> None:
    link = hilum("users", "invite", "--role", "reader").stdout.strip()
    assert link.startswith("http://127.0.0.1:8000/#/welcome?token=")
    body = {"token": link.partition("token=")[2], "name": "invited", "password": PASSWORD}
    assert service.client().post("/api/session/first", json=body).json()["role"] == "reader"


def test_a_key_is_added_rotated_and_revoked(hilum: Hilum, service: Guarded) -> None:
    first = hilum("keys", "add", "pacs", "--scope", "read").output.strip()
    assert "pacs" in hilum("keys", "list").output
    second = hilum("keys", "rotate", "pacs", "--grace-hours", "0").output.strip()

    def status(key: str) -> int:
        return service.nobody.get("/api/studies", headers={"Authorization": f"Bearer {key}"}).status_code

    assert (status(first), status(second)) == (401, 200)
    assert hilum("keys", "revoke", "pacs").exit_code == 0
    assert status(second) == 401
