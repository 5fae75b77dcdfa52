"""What the audit trail costs those who receive: no trail, the inbox with its chain, and a chain that each commit holds.

Threads receive small files into a PostgreSQL of their own, each file a transaction with its fsync; the ways take turns.
"""

import itertools
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import click
import psycopg

from benchmarks.report import Bar, Report
from serving.instances import Instance, Origin, Patient
from serving.private_postgres import PrivatePostgres
from serving.store import chain
from serving.store.database import SCHEMA, Database
from serving.store.migration import migrate
from serving.store.objects import Objects
from serving.store.reception import receive
from serving.store.store import Store
from serving.who import Kind, Who

SENDERS = 8
FILES = 400
MOST_PART_LOST = 0.1
_WHO = Who(kind=Kind.AE, name="CR1", address="192.0.2.1")
_DATA = bytes(64 * 1024)
#: What stands in the place of note_act, by the way that it is; None: what is in schema.sql.
WAYS: Mapping[str, str | None] = {
    "no trail": """
        CREATE OR REPLACE FUNCTION note_act(who jsonb, action text, success boolean, study_instance_uid text,
            sop_instance_uid text, object text, details jsonb) RETURNS void LANGUAGE sql AS $$ SELECT $$""",
    "inbox, chained beside": None,
    "chained under a lock": """
        CREATE OR REPLACE FUNCTION note_act(who jsonb, action text, success boolean, study_instance_uid text,
            sop_instance_uid text, object text, details jsonb) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE head record;
        BEGIN
            PERFORM pg_advisory_xact_lock(1);
            SELECT position, hash INTO head FROM audit ORDER BY position DESC LIMIT 1;
            INSERT INTO audit SELECT n, p, encode(sha256(convert_to(concat_ws('|', n, p, who, action, sop_instance_uid),
                                                                    'UTF8')), 'hex'),
                   n, clock_timestamp(), who->>'kind', who->>'name', who->>'address', action, success,
                   study_instance_uid, sop_instance_uid, object, details
            FROM (SELECT coalesce(head.position, 0) + 1 AS n, coalesce(head.hash, '') AS p) AS next;
        END $$""",
}


@contextmanager
def stores(folder: Path) -> Iterator[Mapping[str, Store]]:
    """A store for each way, in one server whose commits are on the disk when they return."""
    server = PrivatePostgres(folder / "postgres")
    server.start()
    opened: dict[str, Store] = {}
    try:
        for number, (way, function) in enumerate(WAYS.items()):
            with psycopg.connect(server.url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE way{number}".encode())
            url = server.url.replace("/hilum?", f"/way{number}?")
            migrate(url)
            if function is not None:
                with psycopg.connect(url, options=f"-c search_path={SCHEMA}") as connection:
                    connection.execute(function.encode())
            opened[way] = Store(
                Database(url, connections=SENDERS + 2).open(), Objects.at(None, folder / f"way{number}")
            )
        yield opened
    finally:
        for store in opened.values():
            store.database.close()
        server.stop()


def instances(numbers: Iterator[int], count: int) -> list[Instance]:
    return [
        Instance(
            sop_instance_uid=f"2.25.{number}1",
            series_instance_uid=f"2.25.{number}2",
            study_instance_uid=f"2.25.{number}3",
            content_hash=f"{number:064x}",
            patient=Patient(patient_id=str(number)),
        )
        for number in itertools.islice(numbers, count)
    ]


def files_a_second(store: Store, files: list[Instance]) -> float:
    """How many are received in a second, while the trail is chained each second as a worker does it."""
    over = threading.Event()

    def chain_often() -> None:
        while not over.wait(1.0):
            chain.chain_all(store)

    chaining = threading.Thread(target=chain_often)
    chaining.start()
    origin = Origin(door="dimse", sender="CR1", who=_WHO)
    began = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(lambda one: receive(store, one, origin, _DATA), files))
    taken = time.perf_counter() - began
    over.set()
    chaining.join()
    chain.chain_all(store)
    return len(files) / taken


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--long", is_flag=True, help="More rounds, for figures to publish.")
def main(as_json: bool, long: bool) -> None:
    """What the audit trail costs those who receive."""
    found: dict[str, list[float]] = {way: [] for way in WAYS}
    numbers = itertools.count(1)
    with tempfile.TemporaryDirectory(prefix="hilum-audit-") as folder, stores(Path(folder)) as opened:
        for turn in range(16 if long else 4):
            for way, store in opened.items():
                rate = files_a_second(store, instances(numbers, FILES))
                if turn:  # the first makes folders and connections
                    found[way].append(rate)
        kept = opened["inbox, chained beside"]
        began = time.perf_counter()
        verdict = chain.verify(kept)
        checked = verdict.head.position / (time.perf_counter() - began)
        assert verdict.fault is None, verdict.fault
    rates = {way: median(each) for way, each in found.items()}
    figures = {f"received by {SENDERS} senders: {way}, files/s": rate for way, rate in rates.items()}
    figures["chain: verified, rows/s"] = checked
    lost = 1 - rates["inbox, chained beside"] / rates["no trail"]
    report = Report(figures=figures, bars={"part_of_receiving_lost": Bar(value=lost, at_most=MOST_PART_LOST)})
    click.echo(report.as_json() if as_json else report.as_text())


if __name__ == "__main__":
    main()
