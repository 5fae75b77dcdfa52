"""Who is signed in, invitations, and passwords that were wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.rows import DictRow

from serving.store import accounts
from serving.store.accounts import NewAccount
from serving.store.audit import Act, Action, note, note_alone
from serving.store.database import execute
from serving.store.store import Store
from serving.who import Kind, Who

#: Days that ended sessions stay, so that it is known from where somebody signed in before.
_KEPT_DAYS = 30
#: Seconds after the last wrong password at which counting begins anew.
FORGET_SECONDS = 3600.0
#: Seconds that somebody may take at the provider.
_WAY_SECONDS = 600.0


def account_of(store: Store, token_hash: bytes, *, idle_minutes: int, touch: bool = True) -> DictRow | None:
    """Whose session it is; None when it is none, or ended. ``touch``: it is used now."""
    row = store.database.one("account_of_session", token_hash=token_hash, idle_minutes=idle_minutes)
    if row is not None and touch and row["seen_long_ago"]:
        store.database.one("note_session", token_hash=token_hash)
    return row


def begin(store: Store, account: Mapping[str, Any], token_hash: bytes, address: str, *, hours: int, how: str) -> None:
    """Somebody signed in; ``how``: "password", "invitation" or "oidc"."""
    with store.database.transaction() as connection:
        values = {"account_id": account["account_id"], "address": address, "hours": hours}
        execute(connection, "open_session", token_hash=token_hash, **values)
        execute(connection, "forget_sessions", days=_KEPT_DAYS)
        execute(connection, "forget_sign_ins", forget=FORGET_SECONDS)
        who = Who(kind=Kind.ACCOUNT, name=account["name"], address=address)
        note(connection, Act(who=who, action=Action.SIGNED_IN, details={"how": how}))


def end(store: Store, token_hash: bytes, *, who: Who) -> None:
    with store.database.transaction() as connection:
        if execute(connection, "end_session", token_hash=token_hash).fetchone():
            note(connection, Act(who=who, action=Action.SIGNED_OUT))


def note_failure(store: Store, name: str, address: str, *, reason: str) -> None:
    """``name`` is that of an account, or nothing: what was typed may be a password."""
    who = Who(kind=Kind.ACCOUNT if name else Kind.UNKNOWN, name=name, address=address)
    note_alone(store, Act(who=who, action=Action.SIGNED_IN, success=False, details={"reason": reason}))


def wrong_before(store: Store, subjects: Sequence[bytes]) -> Mapping[bytes, DictRow]:
    """``failed`` and ``seconds_ago`` of those that have a count."""
    rows = store.database.all("failed_sign_ins", subjects=list(subjects))
    return {bytes(row["subject"]): row for row in rows}


def count_wrong(store: Store, subjects: Sequence[bytes]) -> None:
    with store.database.transaction() as connection:
        execute(connection, "count_sign_in", subjects=list(subjects), forget=FORGET_SECONDS)


def forgive(store: Store, subjects: Sequence[bytes], *, one_less: bytes) -> None:
    """A password was right: counts begin anew, but for one that goes down by one."""
    with store.database.transaction() as connection:
        execute(connection, "forgive_sign_ins", subjects=list(subjects))
        execute(connection, "take_back_sign_in", subject=one_less)


def begin_way(store: Store, state_hash: bytes, *, nonce: str, verifier: str) -> None:
    """Somebody sets out to the OpenID Connect provider."""
    store.database.one("begin_way", state_hash=state_hash, nonce=nonce, verifier=verifier)


def end_way(store: Store, state_hash: bytes) -> DictRow | None:
    """Somebody comes back: ``nonce`` and ``verifier``, once and not too late."""
    return store.database.one("end_way", state_hash=state_hash, seconds=_WAY_SECONDS)


def invite(store: Store, token_hash: bytes, role: str, sites: Sequence[str], *, hours: int, who: Who) -> None:
    with store.database.transaction() as connection:
        execute(connection, "add_invitation", token_hash=token_hash, role=role, sites=list(sites), hours=hours)
        note(connection, Act(who=who, action=Action.ACCOUNTS, object=f"invitation {role}", details={"hours": hours}))


def is_invited(store: Store, token_hash: bytes) -> bool:
    """Whether an invitation is there that was not used and is not too old."""
    return store.database.one("invitation", token_hash=token_hash) is not None


def was_invited(store: Store) -> bool:
    """Whether anybody ever was."""
    row = store.database.one("any_invitation")
    return row is not None and row["any"]


class NameTaken(Exception):
    """An account of this name is there."""


def accept(store: Store, token_hash: bytes, wanted: Mapping[str, Any], *, address: str) -> DictRow | None:
    """Make the account of an invitation; None when there is no such invitation (any more).

    Raises:
        NameTaken: then the invitation stays.
    """
    with store.database.transaction() as connection:
        invited = execute(connection, "use_invitation", token_hash=token_hash).fetchone()
        if invited is None:
            return None
        account = NewAccount(role=invited["role"], sites=invited["sites"], **wanted)
        who = Who(kind=Kind.ACCOUNT, name=account.name, address=address)
        made = accounts.insert(connection, account, who=who)
        if made is None:
            raise NameTaken
        return made
