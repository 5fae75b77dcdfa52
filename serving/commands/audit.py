"""``hilum audit``: give the audit trail out, and find whether it is whole."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TextIO

import click

from model.errors import HilumError, Misconfigured
from serving.audit.export import FORMS
from serving.commands.options import Stopped, read_settings, with_settings
from serving.moments import utc
from serving.running import open_store, with_private_database
from serving.settings import Settings
from serving.store import chain
from serving.store.audit import Act, Action, note_alone
from serving.store.store import Store
from serving.who import service

_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])


@click.group()
def audit() -> None:
    """Who did what: give the audit trail out, find whether it is whole."""


@audit.command()
@click.option("--since", type=_MOMENT, help="Entries at or after this time (UTC unless it says otherwise).")
@click.option("--until", type=_MOMENT, help="Entries before this time.")
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="jsonl", show_default=True)
@with_settings
def export(since: datetime | None, until: datetime | None, form: str, config: str | None, **options: object) -> None:
    """Write the audit trail to standard output: JSON lines, CSV, or audit messages of DICOM (PS3.15, A.5)."""
    with _opened(config, options) as (settings, store):
        note_alone(store, Act(who=service("audit export"), action=Action.AUDIT_EXPORTED, object=form))
        chain.chain_all(store)
        for piece in FORMS[form](_between(store, since, until), settings.ae_title):
            click.echo(piece, nl=False)


@audit.command()
@click.option(
    "--file", type=click.File(encoding="utf-8"), help="Look at what was exported (JSON lines), wherever it is."
)
@with_settings
def verify(file: TextIO | None, config: str | None, **options: object) -> None:
    """Look at every entry: whether one was changed, left out, put in, or cut off. Exits with 1 then."""
    if file is not None:
        verdict = _verify_export(file)
    else:
        with _opened(config, options) as (_, store):
            chain.chain_all(store)
            verdict = chain.verify(store)
    head = verdict.head
    if verdict.fault:
        raise Stopped(f"The audit trail is broken. {verdict.fault} Keep what is there, and compare with a backup.")
    click.echo(f"The audit trail is whole as far as position {head.position}, which has the hash {head.hash}.")


def _verify_export(lines: TextIO) -> chain.Verdict:
    """Whether entries are as they were written and follow one another. That there are no more, no file can say."""
    try:
        return chain.walk((json.loads(line) for line in lines), None)
    except (ValueError, KeyError, TypeError):
        raise Stopped("The file must hold entries as `hilum audit export` writes them, but does not.") from None


@contextmanager
def _opened(config: str | None, options: Mapping[str, object]) -> Iterator[tuple[Settings, Store]]:
    try:
        settings = read_settings(config, options)
    except Misconfigured as error:
        raise click.UsageError(str(error)) from None
    try:
        store = open_store(with_private_database(settings))
        try:
            yield settings, store
        finally:
            store.database.close()
    except HilumError as error:
        raise Stopped(str(error)) from None


def _between(store: Store, since: datetime | None, until: datetime | None) -> Iterator[dict[str, Any]]:
    first, last = utc(since), utc(until)
    for row in chain.rows(store):
        if (first is None or row["at"] >= first) and (last is None or row["at"] < last):
            yield row
