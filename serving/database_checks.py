"""``hilum doctor`` looks at what the database keeps: tables, clock, audit trail, and when it was backed up."""

from datetime import UTC, datetime

from serving.checks import Check
from serving.store import chain
from serving.store.store import Store

#: Dead rows that are not worth a word.
_FEW_ROWS = 50_000
#: PostgreSQL stops before its 32-bit counter of transactions comes round; autovacuum begins at a tenth.
_MOST_TRANSACTIONS, _LATE_NUMBERS = 2**31, 0.4
#: Seconds between two clocks that matter, and that break sessions and certificates.
_DRIFT, _MOST_DRIFT = 2.0, 60.0
_LATE_CHAIN = 60.0
_OLDEST_BACKUP = 7 * 86400.0


def database_checks(store: Store) -> list[Check]:
    """
    Raises:
        Unavailable: when the database is not there.
    """
    return [_tables(store), _time(store), _audit(store), _backup(store)]


def _tables(store: Store) -> Check:
    """Rows that are dead and take room, and how far the counter of transactions is from its end."""
    (row,) = store.database.all("tables_figures")
    dead, live, used = row["dead"], row["live"], row["age"] / _MOST_TRANSACTIONS
    words = f"{row['bytes'] / 2**20:.0f} MiB, {dead} dead rows beside {live}, {used:.0%} of the transaction numbers"
    bloated = dead > max(_FEW_ROWS, live)
    cure = "Let autovacuum run, or run VACUUM ANALYZE in the database; see its own log for what holds it up."
    right = not bloated and used < _LATE_NUMBERS
    return Check(name="tables", right=right, words=words, cure=cure, mild=used < 2 * _LATE_NUMBERS)


def _time(store: Store) -> Check:
    """The database's clock against this machine's, in the middle of asking."""
    began = datetime.now(UTC)
    (row,) = store.database.all("now")
    ended = datetime.now(UTC)
    return drift((row["now"] - began - (ended - began) / 2).total_seconds(), (ended - began).total_seconds())


def drift(seconds: float, taken: float) -> Check:
    """``seconds`` apart, when asking took so long: no more than that is known."""
    apart = max(0.0, abs(seconds) - taken / 2)
    words = (
        f"the database's clock is {apart:.1f} s from ours" if apart >= _DRIFT / 20 else "the database's clock is ours"
    )
    cure = "Have the clocks of both machines kept by NTP: times of readings, of sessions and of the audit trail differ."
    return Check(name="time", right=apart < _DRIFT, words=words, cure=cure, mild=apart < _MOST_DRIFT)


def _audit(store: Store) -> Check:
    """The chain from end to end: some seconds for each million entries."""
    verdict = chain.verify(store)
    (row,) = store.database.all("audit_figures")
    if verdict.fault:
        cure = "Keep the database and its backups as they are, and compare: `hilum audit verify` on a restored backup."
        return Check(name="audit trail", right=False, words=verdict.fault, cure=cure)
    head, waits = verdict.head, row["waiting_seconds"]
    words = (
        f"whole: {head.position} entries, the last with the hash {head.hash}; {row['forwarded']} sent to a collector"
    )
    if waits > _LATE_CHAIN:
        words = f"{words}; an entry waits for {waits:.0f} s to be chained"
    cure = "Entries are chained by workers: start `hilum serve` or `hilum worker`."
    return Check(name="audit trail", right=waits <= _LATE_CHAIN, words=words, cure=cure, mild=True)


def _backup(store: Store) -> Check:
    (row,) = store.database.all("last_backup")
    return backup_age(row["seconds"])


def backup_age(seconds: float | None) -> Check:
    """``seconds`` since the last one; None: there is none."""
    words = "none was made" if seconds is None else f"the last one is {seconds / 86400:.1f} days old"
    cure = "Run `hilum backup FOLDER` each night, onto another disk (docs/operations.md)."
    right = seconds is not None and seconds < _OLDEST_BACKUP
    return Check(name="backup", right=right, words=words, cure=cure, mild=True)
