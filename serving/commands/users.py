"""``hilum users`` and ``hilum keys``: on the database of a service. Passwords never stand in arguments."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from model.errors import HilumError
from serving.problems import Problem
from serving.settings import Settings
from serving.who import service

if TYPE_CHECKING:
    from serving.store.store import Store

_WHO = service("command line")
_ROLE = click.Choice(["reader", "administrator", "integration"])
_SITES = click.option("--site", "sites", multiple=True, help="Sees only studies of this site; may be repeated.")
_SCOPE = click.Choice(["send", "read", "review", "configure"])


@contextmanager
def _store(context: click.Context) -> Iterator["Store"]:
    """The store of the settings that the group read; problems are told without a traceback."""
    from serving.running import open_store, with_private_database  # noqa: PLC0415 - help does not load a driver

    settings: Settings = context.obj
    try:
        store = open_store(with_private_database(settings))
        try:
            yield store
        finally:
            store.database.close()
    except Problem as problem:
        raise click.ClickException(problem.detail) from None
    except HilumError as error:
        raise click.ClickException(str(error)) from None


def add_user_commands(users: click.Group) -> None:
    """Under the group ``users``, whose object is the settings."""
    for command in (_add, _list, _disable, _enable, _password, _invite, _role):
        users.add_command(command)


def add_key_commands(keys: click.Group) -> None:
    """Under the group ``keys``, whose object is the settings."""
    for command in (_add_key, _list_keys, _revoke_key, _rotate_key):
        keys.add_command(command)


@click.command("add")
@click.argument("name")
@click.option("--role", type=_ROLE, default="reader", show_default=True)
@click.option("--display-name", help="As others see it.  [the name]")
@click.option("--without-password", is_flag=True, help="Signs in by OpenID Connect only.")
@_SITES
@click.pass_context
def _add(
    context: click.Context, name: str, role: str, display_name: str | None, without_password: bool, sites: tuple[str]
) -> None:
    """Make an account. The password is asked for, or is the first line of standard input."""
    from serving.users.managing import make_account  # noqa: PLC0415

    password = None if without_password else _asked()
    about: dict[str, Any] = {"name": name, "role": role, "display_name": display_name, "sites": sites}
    with _store(context) as store:
        make_account(store, **about, password=password, who=_WHO)
    click.echo(f"{name} is a {role}.")


@click.command("list")
@click.pass_context
def _list(context: click.Context) -> None:
    """Who has an account."""
    from serving.store import accounts  # noqa: PLC0415

    with _store(context) as store:
        for row in accounts.listed(store):
            state = "disabled" if row["disabled"] else f"last signed in {_day(row['signed_in_at'])}"
            click.echo(f"{row['name']:24} {row['role']:14} {_sites(row):20} {state}")


@click.command("disable")
@click.argument("name")
@click.pass_context
def _disable(context: click.Context, name: str) -> None:
    """End all sessions of an account; nobody signs in to it any more."""
    _change(context, name, disabled=True)


@click.command("enable")
@click.argument("name")
@click.pass_context
def _enable(context: click.Context, name: str) -> None:
    """Undo `disable`."""
    _change(context, name, disabled=False)


@click.command("password")
@click.argument("name")
@click.pass_context
def _password(context: click.Context, name: str) -> None:
    """Give an account another password, asked for or the first line of standard input; ends all its sessions."""
    _change(context, name, password=_asked())


@click.command("role")
@click.argument("name")
@click.argument("role", type=_ROLE)
@_SITES
@click.pass_context
def _role(context: click.Context, name: str, role: str, sites: tuple[str]) -> None:
    """Give an account another role, and the sites that are named; without any, it sees all."""
    _change(context, name, role=role, sites=sites)


def _change(context: click.Context, name: str, **changed: Any) -> None:
    from serving.users.managing import account_named, change_account  # noqa: PLC0415

    with _store(context) as store:
        change_account(store, account_named(store, name), **changed, who=_WHO)
    click.echo(f"{name} is changed.")


@click.command("invite")
@click.option("--role", type=_ROLE, default="administrator", show_default=True)
@_SITES
@click.pass_context
def _invite(context: click.Context, role: str, sites: tuple[str]) -> None:
    """Print a link with which somebody makes their own account, once."""
    from serving.users.links import welcome_link  # noqa: PLC0415
    from serving.users.managing import INVITATION_HOURS, invite  # noqa: PLC0415

    with _store(context) as store:
        token = invite(store, role, sites, who=_WHO)
    click.echo(welcome_link(context.obj, token))
    click.echo(f"It makes one {role}, within {INVITATION_HOURS} hours.", err=True)


@click.command("add")
@click.argument("name")
@click.option("--scope", "scopes", type=_SCOPE, multiple=True, required=True, help="May be repeated.")
@click.option("--days", default=365, show_default=True, type=click.IntRange(0, 3650), help="0: valid for ever.")
@_SITES
@click.pass_context
def _add_key(context: click.Context, name: str, scopes: tuple[str], days: int, sites: tuple[str]) -> None:
    """Make a key and print it: it is not shown again."""
    from serving.users.managing import make_key  # noqa: PLC0415

    with _store(context) as store:
        _, key = make_key(store, name=name, scopes=scopes, sites=sites, days=days or None, who=_WHO)
    click.echo(key)


@click.command("list")
@click.pass_context
def _list_keys(context: click.Context) -> None:
    """The keys that are not revoked."""
    from serving.store import keys  # noqa: PLC0415

    with _store(context) as store:
        for row in keys.listed(store):
            until, used = _day(row["expires_at"]), _day(row["last_used_at"])
            scopes = ",".join(row["scopes"])
            click.echo(
                f"{row['key_id']:<4} {row['name']:24} {scopes:24} {_sites(row):20} until {until}, last used {used}"
            )


@click.command("revoke")
@click.argument("name")
@click.pass_context
def _revoke_key(context: click.Context, name: str) -> None:
    """End a key at once and for good."""
    from serving.users.managing import revoke_key  # noqa: PLC0415

    with _store(context) as store:
        revoke_key(store, _key_named(store, name), who=_WHO)
    click.echo(f"{name} is revoked.")


@click.command("rotate")
@click.argument("name")
@click.option("--grace-hours", default=24, show_default=True, type=click.IntRange(0, 720))
@click.pass_context
def _rotate_key(context: click.Context, name: str, grace_hours: int) -> None:
    """Give a key another secret and print it; the one before stays valid for a while."""
    from serving.users.managing import rotate_key  # noqa: PLC0415

    with _store(context) as store:
        _, key = rotate_key(store, _key_named(store, name), hours=grace_hours, who=_WHO)
    click.echo(key)


def _key_named(store: "Store", name: str) -> int:
    from serving.store import keys  # noqa: PLC0415

    found = [row["key_id"] for row in keys.listed(store) if row["name"] == name]
    return found[0] if found else -1


def _asked() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    prompt: Callable[..., str] = click.prompt
    return prompt("Password", hide_input=True, confirmation_prompt=True)


def _sites(row: Any) -> str:
    return ",".join(row["sites"]) or "all sites"


def _day(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M") if moment else "never"
