"""Accounts of people. What changes one leaves a line in the audit trail, in the same transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.rows import DictRow

from serving.store.audit import Act, Action, note
from serving.store.database import Connection, execute
from serving.store.store import Store
from serving.who import Who

ADMINISTRATOR = "administrator"


class LastAdministrator(Exception):
    """Nobody could administer any more."""


@dataclass(frozen=True, kw_only=True)
class NewAccount:
    name: str
    folded_name: str
    display_name: str
    role: str
    sites: Sequence[str] = ()
    password_hash: str | None = None
    subject: str | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is None stays as it is."""

    display_name: str | None = None
    role: str | None = None
    sites: Sequence[str] | None = None
    password_hash: str | None = None
    disabled: bool | None = None

    def told(self) -> Mapping[str, Any]:
        """For the audit trail: what changes, and never a password."""
        shown = {"display_name": self.display_name, "role": self.role, "disabled": self.disabled}
        found: dict[str, Any] = {name: value for name, value in shown.items() if value is not None}
        if self.sites is not None:
            found["sites"] = list(self.sites)
        return {**found, "password": True} if self.password_hash is not None else found


def by_name(store: Store, folded_name: str, address: str = "") -> DictRow | None:
    """With ``known_address``: somebody signed in to it from there before."""
    return store.database.one("account_by_name", folded_name=folded_name, address=address)


def by_subject(store: Store, subject: str) -> DictRow | None:
    return store.database.one("account_by_subject", subject=subject)


def link(store: Store, folded_name: str, subject: str, *, who: Who) -> DictRow | None:
    """Give an account to whom another service vouches for: one that has no password and was nobody's before."""
    with store.database.transaction() as connection:
        row = execute(connection, "link_account", folded_name=folded_name, subject=subject).fetchone()
        if row is not None:
            _note(connection, who, row["name"], {"change": "linked"})
        return row


def listed(store: Store) -> list[DictRow]:
    return store.database.all("accounts")


def is_there_any(store: Store) -> bool:
    row = store.database.one("any_account")
    return row is not None and row["any"]


def add(store: Store, account: NewAccount, *, who: Who) -> DictRow | None:
    """The account; None when its name is taken."""
    with store.database.transaction() as connection:
        return insert(connection, account, who=who)


def insert(connection: Connection, account: NewAccount, *, who: Who) -> DictRow | None:
    """As ``add``, in the caller's transaction."""
    values = {name: getattr(account, name) for name in NewAccount.__dataclass_fields__}
    row = execute(connection, "add_account", **{**values, "sites": list(account.sites)}).fetchone()
    if row is not None:
        _note(connection, who, account.name, {"change": "made", "role": account.role})
    return row


def change(store: Store, account: Mapping[str, Any], changed: Change, *, who: Who) -> DictRow:
    """Change one; a new password, and being disabled, end all its sessions.

    Raises:
        LastAdministrator: when nobody would be left who may administer.
    """
    with store.database.transaction() as connection:
        _check_one_is_left(connection, account, changed)
        values = {name: getattr(changed, name) for name in Change.__dataclass_fields__}
        values["sites"] = None if changed.sites is None else list(changed.sites)
        row = execute(connection, "change_account", account_id=account["account_id"], **values).fetchone()
        assert row is not None, "accounts are never deleted"
        if changed.password_hash is not None or changed.disabled:
            execute(connection, "end_sessions", account_id=account["account_id"])
        _note(connection, who, account["name"], {"change": "changed", **changed.told()})
        return row


def _note(connection: Connection, who: Who, name: str, details: Mapping[str, Any]) -> None:
    note(connection, Act(who=who, action=Action.ACCOUNTS, object=f"account {name}", details=details))


def _check_one_is_left(connection: Connection, account: Mapping[str, Any], changed: Change) -> None:
    if not changed.disabled and changed.role in {None, ADMINISTRATOR}:
        return
    left = {row["account_id"] for row in execute(connection, "hold_administrators").fetchall()}
    if left == {account["account_id"]}:
        raise LastAdministrator
