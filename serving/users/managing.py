"""What administrators do with accounts and keys, from the interface and from the command line alike."""

from collections.abc import Mapping, Sequence
from typing import Any

from serving.problems import Problem
from serving.store import accounts, keys, sessions
from serving.store.accounts import Change, LastAdministrator, NewAccount
from serving.store.store import Store
from serving.users import passwords
from serving.users.caller import ROLES, Right
from serving.users.names import fit_name, folded
from serving.users.tokens import hashed, new_key, new_token
from serving.who import Who

Row = Mapping[str, Any]
#: Hours in which an invitation must be used.
INVITATION_HOURS = 72


def make_account(
    store: Store,
    *,
    name: str,
    role: str,
    sites: Sequence[str] = (),
    display_name: str | None = None,
    password: str | None = None,
    who: Who,
) -> Row:
    """
    Raises:
        Problem: invalid, name-taken.
    """
    fitted = fit(name)
    shown = fit(display_name or name)
    account = NewAccount(
        name=fitted,
        folded_name=folded(fitted),
        display_name=shown,
        role=role,
        sites=_sites_of(role, sites),
        password_hash=fitting(password, fitted, shown) if password is not None else None,
    )
    made = accounts.add(store, account, who=who)
    if made is None:
        raise Problem("name-taken", "An account of this name is there already. Choose another name.")
    return made


def account_named(store: Store, name: str) -> Row:
    """
    Raises:
        Problem: not-found.
    """
    found = accounts.by_name(store, folded(name))
    if found is None:
        raise Problem("not-found", "No account of this name is kept here.")
    return found


def change_account(
    store: Store,
    account: Row,
    *,
    display_name: str | None = None,
    role: str | None = None,
    sites: Sequence[str] | None = None,
    disabled: bool | None = None,
    password: str | None = None,
    who: Who,
) -> Row:
    """What is None stays.

    Raises:
        Problem: invalid.
    """
    fitted = _sites_of(role or account["role"], account["sites"] if sites is None else sites)
    changed = Change(
        display_name=fit(display_name) if display_name is not None else None,
        role=role,
        sites=None if sites is None else fitted,
        disabled=disabled,
        password_hash=fitting(password, account["name"], account["display_name"]) if password is not None else None,
    )
    try:
        return accounts.change(store, account, changed, who=who)
    except LastAdministrator:
        words = "One administrator who is not disabled must be left. Make another one first."
        raise Problem("invalid", words) from None


def invite(store: Store, role: str, sites: Sequence[str] = (), *, who: Who) -> str:
    """The token of a link with which somebody makes their own account, once."""
    token = new_token()
    sessions.invite(store, hashed(token), role, _sites_of(role, sites), hours=INVITATION_HOURS, who=who)
    return token


def make_key(
    store: Store, *, name: str, scopes: Sequence[str], sites: Sequence[str] = (), days: int | None, who: Who
) -> tuple[Row, str]:
    """The key's row, and the key, which cannot be had again.

    Raises:
        Problem: invalid, name-taken.
    """
    if sites and Right.CONFIGURE in scopes:
        raise Problem("invalid", "A key that may configure sees every site: leave out sites, or the scope configure.")
    key = new_key()
    row = keys.add(
        store,
        name=fit(name),
        prefix=key.prefix,
        secret_hash=hashed(key.secret),
        scopes=sorted(set(scopes)),
        sites=[fit(site, "site") for site in sites],
        days=days,
        who=who,
    )
    if row is None:
        raise Problem("name-taken", "A key of this name is there already. Revoke or rotate it, or choose another name.")
    return row, key.text


def rotate_key(store: Store, key_id: int, *, hours: int, who: Who) -> tuple[Row, str]:
    """As ``make_key``; what the key was before stays valid for ``hours``.

    Raises:
        Problem: not-found.
    """
    known = {row["key_id"]: row["prefix"] for row in keys.listed(store)}
    key = new_key(known.get(key_id))
    row = keys.rotate(store, key_id, hashed(key.secret), hours=hours, who=who)
    if row is None:
        raise _no_key()
    return row, key.text


def revoke_key(store: Store, key_id: int, *, who: Who) -> None:
    """
    Raises:
        Problem: not-found.
    """
    if not keys.revoke(store, key_id, who=who):
        raise _no_key()


def fit(name: str, what: str = "name") -> str:
    """A name as it is kept.

    Raises:
        Problem: invalid.
    """
    try:
        return fit_name(name, what)
    except ValueError as error:
        raise Problem("invalid", f"It {error}.") from None


def fitting(password: str, *names: str) -> str:
    """The hash of a password that is fit to be one.

    Raises:
        Problem: invalid.
    """
    try:
        passwords.check_policy(password, *names)
    except ValueError as error:
        raise Problem("invalid", f"The password {error}.") from None
    return passwords.hash_of(password)


def _sites_of(role: str, sites: Sequence[str]) -> list[str]:
    if sites and Right.CONFIGURE in ROLES[role]:
        raise Problem("invalid", "An administrator sees every site: leave out sites, or choose another role.")
    return [fit(site, "site") for site in sites]


def _no_key() -> Problem:
    return Problem("not-found", "No such key is kept here, or it is revoked already.")
